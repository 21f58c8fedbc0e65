package hunt

import (
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/netjoin"
	"github.com/schtaskhunt/schtaskhunt/app/stock"
	"github.com/schtaskhunt/schtaskhunt/app/task"
	"github.com/schtaskhunt/schtaskhunt/app/task/definition"
	"github.com/schtaskhunt/schtaskhunt/app/tree"
)

// own says of one tree what is known of it by the table of what Windows schedules.
type own struct {
	known   string  // text of the column
	folds   bool    // it may be folded into a line of its like
	crashed int     // it is known, and something of it crashed: 1; of several alike, in how many
	starts  bool    // it runs as known, but for a child
	calls   bool    // it runs as known, but for a name that it calls
	shows   []shows // what speaks against it by itself
}

// shows is what speaks against a run, and what the table has instead, in words.
type shows struct {
	Reason stock.Reason
	Text   string
}

// rootKey is all that a root alone is judged by.
type rootKey struct {
	path, command, user, parentPath, parentCommand, task event.Sym
	scheduled                                            bool
	does                                                 *definition.Task // shared by all runs of it, nil where no event tells
}

// stockRuns judges the trees of one device. Most roots are alike, so that what a root
// alone comes to is remembered, and only of those that are as known the tree is looked at:
// what is beneath a root never makes it better known, and is no evidence by itself.
type stockRuns struct {
	*part
	device string
	alone  map[rootKey]stock.Verdict
	told   map[rootKey][]string // what they claim: see claims
}

func (g *part) stockRuns() *stockRuns {
	return &stockRuns{part: g, device: g.deviceName(), alone: make(map[rootKey]stock.Verdict), told: make(map[rootKey][]string)}
}

// text is a text that is judged and not shown, so that the hunt's count of those that are not
// UTF-8 leaves it out.
func (s *stockRuns) text(y event.Sym) string { return s.roster.Symbols().String(y) }

// of judges a tree by its root.
func (s *stockRuns) of(root int32) own {
	if s.stock == nil || !s.forest.Scheduled(root) { // a service of a task's name is no task
		return own{}
	}
	key := s.key(root)
	v, known := s.alone[key]
	if !known {
		v = s.stock.Known(s.run(&key))
		s.alone[key] = v
	}
	if v.Folds() && (len(s.forest.Children(root)) > 0 || len(s.owned[root]) > 0) {
		run := s.run(&key)
		s.fill(&run, &run.Process, root)
		v = s.stock.Known(run)
	}
	o := own{known: v.Column(), folds: v.Folds(), crashed: min(len(v.Said), 1)}
	o.starts, o.calls = v.Strays()
	for _, reason := range v.Shows() {
		o.shows = append(o.shows, shows{reason, expected(reason, v.Row)})
	}
	return o
}

// key is all that a root is judged by.
func (s *stockRuns) key(root int32) (key rootKey) {
	actor := &s.roster.Actors[root]
	parent := s.parentOf(root)
	key = rootKey{
		path: actor.Self.Path, command: actor.Self.Command, user: actor.User, parentPath: parent.Path, parentCommand: parent.Command,
		scheduled: s.forest.Scheduled(root) && isProof(s.forest.Evidence[root]),
	}
	// Only what the scheduler says of the process itself counts: that one known task would
	// run the same command says nothing of those whose registration nobody saw.
	if s.tasks != nil {
		if name := s.tasks.Name(root); name.Edge == task.ByPID {
			key.task, key.does = name.Task, s.tasks.Does(root)
		}
	}
	return key
}

// run is what is told of a root, without anything beneath it.
func (s *stockRuns) run(key *rootKey) stock.Run {
	run := stock.Run{
		Process: stock.Process{Image: s.text(key.path), Command: s.text(key.command), Account: s.text(key.user)}, Device: s.device,
		Scheduled: key.scheduled, ParentImage: s.text(key.parentPath), ParentCommand: s.text(key.parentCommand), Task: s.text(key.task),
	}
	if key.does != nil {
		for i := range key.does.Actions {
			run.Actions = append(run.Actions, key.does.Actions[i].String())
		}
	}
	return run
}

// isProof reports whether the scheduler is proven to have started a process. Each kind of
// evidence that counts is named, so that one which is added does not count by itself.
func isProof(e tree.Evidence) bool {
	return e == tree.ByCommandLine || e == tree.ByGUIDSeen || e == tree.ByTaskLog
}

// fill adds what is beneath a process. What the hunt leaves out, by depth or by a filter,
// is looked at or counted all the same: nothing is known for want of looking.
func (s *stockRuns) fill(run *stock.Run, p *stock.Process, actor int32) {
	p.Contacts = s.contacts(actor)
	for _, child := range s.forest.Children(actor) {
		if s.forest.Depth[child] == 0 {
			run.Cut++
			continue
		}
		a := &s.roster.Actors[child]
		c := stock.Process{Image: s.text(a.Self.Path), Command: s.text(a.Self.Command), Account: s.text(a.User)}
		s.fill(run, &c, child)
		p.Children = append(p.Children, c)
	}
}

// contacts are the connections and lookups of a process, none left out. The name of a
// connection that tells no address as a whole is one that the sensor had from the other
// side's own records (Sysmon 3 asks for the name of an address): whoever owns an address
// names it as he likes, so it does not count, and the run's own lookups do.
func (s *stockRuns) contacts(actor int32) (all []stock.Contact) {
	merged, _ := netjoin.Merge(s.store, s.ties, s.owned[actor], netjoin.Filter{Shown: func(netjoin.Class) bool { return true }})
	for i := range merged {
		m := &merged[i]
		c := stock.Contact{}
		if m.Lookup || m.URL != event.NoSym || m.Remote.IsZero() {
			c.Host = s.text(m.Host)
		}
		switch {
		case m.Lookup && m.Answers != "":
			for answer := range strings.FieldsSeq(m.Answers) {
				all = append(all, stock.Contact{Host: c.Host, Address: answer})
			}
			continue
		case !m.Lookup && !m.Remote.IsZero():
			c.Address = m.Remote.Addr().String()
		}
		all = append(all, c)
	}
	return all
}
