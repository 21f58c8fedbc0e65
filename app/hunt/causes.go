package hunt

import (
	"slices"
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/cause"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/task"
	"github.com/schtaskhunt/schtaskhunt/app/tree"
	"github.com/schtaskhunt/schtaskhunt/app/tree/roots"
)

// causes are those of the roots of one device that their parents do not tell of.
type causes struct {
	installed  *cause.Installed // nil where no root is of a kind that is installed
	of         map[int32]cause.Cause
	registered map[int32]int32 // of the Task Scheduler's roots: the processes that registered their tasks
	cut        map[int32]bool  // of these, those that made themselves start
	cycles     int             // causes that lost their makers

	injected, unshown int // injections into trees, and those of them that there was no room for
}

func (c *causes) report() (r cause.Report) {
	if c.installed != nil {
		r = c.installed.Report
	}
	r.Cycles, r.Injected, r.Unshown = c.cycles, c.injected, c.unshown
	return r
}

// hasMakers reports whether roots are asked for that somebody installs beside the Task Scheduler.
func hasMakers(start tree.Starter) bool {
	kinds, _ := start.(tree.Kinds)
	return slices.ContainsFunc(kinds, func(k tree.Kind) bool { return k.Name == roots.Service || k.Name == roots.WMI })
}

// findCauses finds what made roots start, and cuts the loops in it. Where tasks alone are
// hunted there is none, and their rows stay as they are: created_by_tree and task_creator tell it.
func (g *part) findCauses() {
	g.causes, g.injected = causes{}, nil
	if _, more := g.start.(tree.Kinds); !more {
		return
	}
	g.causes = causes{of: make(map[int32]cause.Cause), registered: make(map[int32]int32), cut: make(map[int32]bool)}
	if hasMakers(g.start) {
		g.findInstalled()
	}
	if g.tasks != nil {
		g.findRegistered()
	}
	if len(g.causes.of)+len(g.causes.registered) > 0 {
		g.cutLoops()
	}
	g.findInjections()
}

// findRegistered finds who registered the tasks of roots.
func (g *part) findRegistered() {
	for _, root := range g.forest.Roots {
		if !g.forest.Scheduled(root) {
			continue
		}
		if maker := g.tasks.Facts(root).Maker; maker != identity.None {
			g.causes.registered[root] = maker
		}
	}
}

// findInstalled finds what made the roots of services and WMI start.
func (g *part) findInstalled() {
	g.causes.installed = cause.Of(g.store, g.roster)
	for _, root := range g.forest.Roots {
		find := g.causes.installed.Service
		switch g.forest.KindOf(root) {
		case roots.Service:
		case roots.WMI:
			find = g.causes.installed.Consumer
		default:
			continue
		}
		if c, some := find(root); some {
			g.causes.of[root] = c
		}
	}
}

// cause returns the words for what made a root start, nil where that is not known.
func (g *part) cause(root int32) *row.Cause {
	if c, some := g.causes.of[root]; some {
		words := &row.Cause{What: string(c.What), Name: g.text(c.Name), At: c.At, By: g.text(c.By), Certainty: c.Certainty.String()}
		for _, t := range c.Told {
			words.Events = append(words.Events, toldText(t))
		}
		g.maker(words, c.Maker)
		return words
	}
	if _, some := g.causes.registered[root]; some || g.causes.cut[root] {
		return g.causeOfTask(root, g.tasks.Facts(root))
	}
	return nil
}

// toldText is an event's id and its number in its log; the command line of a process is none.
func toldText(t cause.Told) string {
	switch {
	case t.Number == 0:
		return "command_line"
	case t.Record == 0:
		return strconv.FormatUint(uint64(t.Number), 10)
	}
	return strconv.FormatUint(uint64(t.Number), 10) + "#" + strconv.FormatUint(t.Record, 10)
}

// causeOfTask returns who registered the task of a root. It is sure where the scheduler's log
// names the one process and the registration's event the other. A run that registered its task
// anew did not make itself start: what is left of such a cause is its event, if there was one.
func (g *part) causeOfTask(root int32, f task.Facts) *row.Cause {
	cut := g.causes.cut[root]
	if cut && !f.Asked {
		return nil
	}
	c := &row.Cause{What: "task", Name: g.text(f.Name), At: f.Created, By: g.text(f.By), Certainty: cause.Likely.String(), Events: []string{"command_line"}}
	if f.Asked {
		c.Events = []string{"4698"}
	}
	switch {
	case cut:
		c.Certainty = cause.Possible.String()
	case f.Asked && f.Edge == task.ByPID:
		c.Certainty = cause.Sure.String()
	case f.Name == event.NoSym:
		c.Certainty = cause.Possible.String()
	}
	if c.At == event.NoTime {
		c.At = g.roster.Actors[f.Maker].Time
	}
	if !cut {
		g.maker(c, f.Maker)
	}
	return c
}

// maker fills in the process that installed something.
func (g *part) maker(c *row.Cause, maker int32) {
	if maker == identity.None {
		return
	}
	a := &g.roster.Actors[maker]
	c.Maker, c.MakerID = g.words(&a.Self), stableID("node", a.Key(g.roster.Symbols()))
	if c.By == "" {
		c.By = g.text(a.User)
	}
}

// sayCauses tells what was made of services and WMI subscriptions, if there were any.
func sayCauses(m *account.Messages, r cause.Report) {
	if r == (cause.Report{}) {
		return
	}
	m.Say(account.Info, "schtaskhunt causes: %s", account.Line(r))
	var left []string
	if r.Cycles > 0 {
		left = append(left, account.Plural(r.Cycles, "cause")+" would have closed a loop and lost its maker: a run that installed itself anew, wrong clocks, or forged events")
	}
	if r.Unshown > 0 {
		left = append(left, account.Plural(r.Unshown, "injection")+" beyond the first "+strconv.Itoa(mostInjections)+" of a tree not shown")
	}
	if r.Undated > 0 {
		left = append(left, account.Events(r.Undated)+" of services or WMI subscriptions without a time not used")
	}
	if len(left) > 0 {
		m.Say(account.Warn, "%s", strings.Join(left, "; "))
	}
}
