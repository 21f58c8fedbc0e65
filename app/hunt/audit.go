package hunt

import (
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/task"
)

// audit is what became of the starts that only Windows' audit log tells of.
type audit struct {
	Unproven int // starts on devices where nothing proves what the Task Scheduler started
	Devices  int // such devices
	Used     int // devices whose events were used
}

// useAudit decides whether the events of the audit log on this device count. A sensor tells
// of the same processes, and more of each: beside one they would all be there twice. Without
// one they are of use where something proves what starts trees: a parent's command line
// that a shipper adds, the parent's own start, or the Task Scheduler's log. To find out
// it grows the trees, which then stand.
func (g *part) useAudit() {
	audited, starts, sensed := g.audited()
	switch {
	case !audited:
		return
	case starts > 0 && sensed == 0:
		g.roster.Of(g.store)
		if g.build(); len(g.forest.Roots) > 0 {
			g.countAudit()
			g.unproven.Used = 1
			return
		}
		g.unproven = audit{Unproven: starts, Devices: 1}
		g.forest, g.tasks, g.named = nil, nil, task.Report{}
	}
	g.dropAudit()
}

// audited reports whether any event is of the audit log, how many starts are, and how many are
// of a sensor. What a mapper reads takes the place of nothing.
func (g *part) audited() (some bool, starts, sensed int) {
	for i := range g.store.Processes {
		switch p := &g.store.Processes[i].Source; {
		case p.Audit:
			starts++
		case p.Mapper == 0:
			sensed++
		}
	}
	some = starts > 0
	for i := 0; i < len(g.store.Ends) && !some; i++ {
		some = g.store.Ends[i].Audit
	}
	for i := 0; i < len(g.store.Connections) && !some; i++ {
		some = g.store.Connections[i].Audit
	}
	return some, starts, sensed
}

// countAudit enters the events that turn out to be of use under their kinds.
func (g *part) countAudit() {
	for i := range g.store.Processes {
		g.recountAudit(&g.store.Processes[i].Source, event.ProcessStart)
	}
	for i := range g.store.Ends {
		g.recountAudit(&g.store.Ends[i].Source, event.ProcessEnd)
	}
	for i := range g.store.Connections {
		g.recountAudit(&g.store.Connections[i].Source, event.NetworkConnection)
	}
}

func (g *part) recountAudit(s *event.Source, is event.Kind) {
	if s.Audit {
		g.ledger.Recount(event.Other, is)
	}
}

func (g *part) dropAudit() {
	g.store.Processes = slices.DeleteFunc(g.store.Processes, func(p event.Process) bool { return p.Audit })
	g.store.Ends = slices.DeleteFunc(g.store.Ends, func(e event.End) bool { return e.Audit })
	g.store.Connections = slices.DeleteFunc(g.store.Connections, func(c event.Connection) bool { return c.Audit })
}

// sayAudit says what is missing where the audit log is all there is.
func sayAudit(m *account.Messages, a audit) {
	if a.Unproven > 0 {
		m.Say(account.Warn, "%s of %s are known from Security 4688 only and were not used: it lacks the command line of the parent, by which the Task Scheduler is told from "+
			"other services; add TaskScheduler/Operational of the same devices (events 129, 200 and 201), or Sysmon 1",
			account.Plural(a.Unproven, "start"), account.Plural(a.Devices, "device"))
	}
}
