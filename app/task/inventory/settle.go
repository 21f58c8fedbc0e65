package inventory

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/task/definition"
)

// group is a row to be: evidence that the task does one thing.
type group struct {
	*entry
	action string // its template, learnt
	how    how
}

// mostCompared is how many rows of a name are compared with evidence that is of none by its
// text: whoever has a task do another thing each minute costs no more time.
const mostCompared = 1 << 10

// settling puts the evidence of one name together, the surest first.
type settling struct {
	groups []*group
	same   map[origin]*group // by what they do, learnt
	acting map[string]*group // by the learnt action, the first that is by a definition
	of     map[origin]*group // what became of evidence
}

// settled returns the rows of a name: one for each thing that tasks of the name do.
func (n *named) settled() (all []*entry) {
	learnt := n.learnt()
	s := &settling{of: make(map[origin]*group), same: make(map[origin]*group), acting: make(map[string]*group)}
	for _, e := range slices.SortedFunc(maps.Values(n.known), func(a, b *evidence) int { return a.key.compare(&b.key) }) {
		action := cmp.Or(learnt[e.key.action], e.key.action)
		g := s.fits(e, action)
		if g == nil {
			g = &group{entry: newEntry(n.name), action: action, how: e.key.how}
			s.groups = append(s.groups, g)
			s.same[origin{e.key.how, e.key.manner, action}] = g
			if e.key.how == defined && s.acting[action] == nil {
				s.acting[action] = g
			}
		}
		if e.key.programs() == 1 {
			e.programs = map[string]string{action: e.programs[e.key.action]}
		}
		g.join(e.entry)
		if e.key.how != started {
			s.of[e.key.origin()] = g
		}
	}
	for _, g := range s.groups {
		all = append(all, g.entry)
	}
	n.settleFindings(all)
	return all
}

// fits returns the row that evidence is of, nil where it has its own.
func (s *settling) fits(e *evidence, action string) *group {
	same := s.same[origin{e.key.how, e.key.manner, action}]
	switch e.key.how {
	case defined:
		return same
	case commanded: // which does not tell in what manner
		return cmp.Or(s.acting[action], same, s.only((*group).isHandler))
	case logged:
		return cmp.Or(same, s.only(func(g *group) bool { return g.starts(e.key.action) }))
	}
	before := s.of[e.key.on]
	if before != nil && before.runs(action, e.command) {
		return before
	}
	if g := s.only(func(g *group) bool { return g.runs(action, e.command) }); g != nil {
		return g
	}
	if before == nil && len(s.groups) == 1 {
		return s.groups[0]
	}
	return before
}

// only returns the one group that is so, nil where none is or several are, or too many may be.
func (s *settling) only(is func(*group) bool) (found *group) {
	if len(s.groups) > mostCompared {
		return nil
	}
	for _, g := range s.groups {
		if is(g) {
			if found != nil {
				return nil
			}
			found = g
		}
	}
	return found
}

// isHandler reports whether a task's definition does not tell its program: who lists tasks may
// know it by the handler's class.
func (g *group) isHandler() bool {
	return g.how == defined && slices.ContainsFunc(g.defined.Actions, func(a definition.Action) bool { return a.Command == "" })
}

// starts reports whether a task may start all programs that a device's log has, one a line.
func (g *group) starts(images string) bool {
	for image := range strings.SplitSeq(images, "\n") {
		switch {
		case image == "":
		case g.how == defined && !mayStart(g.defined, image):
			return false
		case g.how == commanded && !commandStarts(g.entry.action, image):
			return false
		case g.how == logged && !slices.Contains(strings.Split(g.action, "\n"), image):
			return false
		}
	}
	return true
}

// commandStarts reports whether a command line may start a program. Several actions stand one
// after the other, and one without a program is a COM handler's.
func commandStarts(command, image string) bool {
	for one := range strings.SplitSeq(command, "; ") {
		program, _ := definition.CutCommand(one)
		if strings.HasPrefix(one, "{") || actionStarts(program, image) {
			return true
		}
	}
	return false
}

// runs reports whether a run is one of the task, by its command or its template.
func (g *group) runs(template, command string) bool {
	if g.how == started || g.how == commanded {
		return g.action == template
	}
	return g.how == defined && slices.ContainsFunc(g.defined.Actions, func(a definition.Action) bool { return a.Runs("", command) }) || g.action == template
}

// settleFindings gives each row the first finding of its runs' templates. A finding of all runs
// of a task has one template of them, so one that is of no row's may be of any.
func (n *named) settleFindings(all []*entry) {
	found := n.findings
	if len(all) > 1 {
		found = slices.DeleteFunc(slices.Clone(found), func(t told) bool {
			return slices.ContainsFunc(all, func(e *entry) bool { return e.templates[t.template] })
		})
	}
	for _, e := range all {
		some := found
		if i := slices.IndexFunc(n.findings, func(t told) bool { return e.templates[t.template] }); i >= 0 && len(all) > 1 {
			some = n.findings[i:]
		}
		if len(some) > 0 && (len(e.templates) > 0 || len(all) == 1) {
			e.finding, e.score = some[0].id, some[0].score
		}
	}
}
