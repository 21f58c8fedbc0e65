package hunt

import (
	"fmt"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/tree"
)

// dropped counts the trees that were found and not kept, by reason.
type dropped struct {
	NotRecent int
	Common    int
	Allowed   int
	Later     int // of NotRecent, those active only after now
	Rebuilt   int // trees not counted as found, because their root has no event
	RebuiltIn int // processes in those
}

func (d *dropped) add(e dropped) { account.Add(d, e) }

// messages lists what the reader has to know: every limit that was reached, what is
// missing because of it and how to get it, and the ledger.
func (h *Hunt) messages(s spans, cut int, f *findings) (m account.Messages) {
	m.SayAll(account.Info, h.options.Notes)
	m.SayAll(account.Warn, h.options.Warnings)
	h.sayInput(&m, cut)
	sayShape(&m, f.shape, f.contradictions, h.options.MaxDepth)
	if f.shortPaths > 0 {
		m.Say(account.Warn, "the column path leaves names out for %s deeper than %d; parent_node_id leads up", account.Processes(f.shortPaths), longestPath)
	}
	h.sayDropped(&m, s, f.dropped)
	sayTasks(&m, f.tasks)
	h.sayAllowed(&m)
	h.sayPlugins(&m)
	h.sayMemory(&m)
	m.Say(account.Info, "%s", effort{h.began, h.set.Spilled()})
	m.Say(account.Info, "%s", h.ledger.String())
	return m
}

// sayInput tells when the events cannot answer the question: an empty result must
// not look like a quiet network.
func (h *Hunt) sayInput(m *account.Messages, cut int) {
	l := &h.ledger
	if l.Malformed > 0 {
		m.Say(account.Warn, "%s", account.Malformed(l.Malformed))
	}
	if cut > 0 {
		m.Say(account.Warn, "%s", account.Cut(cut))
	}
	switch {
	case l.Events == 0:
		m.Say(account.Warn, "no events came in")
	case l.Process == 0:
		m.Say(account.Warn, "none of %s starts a process, so no tree can be built: the search must return Sysmon event 1, "+
			"Defender's DeviceProcessEvents or Endpoint.Processes, with their fields or _raw; events of another sensor need its mapper=", account.Events(l.Events))
	case l.Trees == 0 && h.options.Root.Pattern == nil:
		m.Say(account.Warn, "none of %d processes was started by the Task Scheduler; are the parent's command line and ids there?", l.Process)
	case l.Connection == 0:
		m.Say(account.Warn, "no connection events came in (Sysmon 3 and 22, Defender's DeviceNetworkEvents): only processes can be shown")
	}
}

func sayShape(m *account.Messages, r tree.Report, contradictions, maxDepth int) {
	if contradictions > 0 {
		m.Say(account.Warn, "%s of processes that had one already tell of another name or parent; the first is taken: "+
			"the ids of these processes are not unique, or the events are forged", account.Plural(contradictions, "start event"))
	}
	if r.TooDeep > 0 {
		m.Say(account.Warn, "max_depth=%d was reached: %s below it left out, with their connections; raise max_depth to see them",
			maxDepth, account.Processes(r.TooDeep))
	}
	if n := r.Cycles + r.Selfs; n > 0 {
		m.Say(account.Warn, "%d loops of parents were cut (%d processes claim to be their own parent): the ids of their events contradict each other",
			n, r.Selfs)
	}
}

func (h *Hunt) sayDropped(m *account.Messages, s spans, d dropped) {
	if h.ledger.Trees > 0 && d.NotRecent == h.ledger.Trees {
		origin := "the newest event"
		if s.given {
			origin = "the search's end, or now="
		}
		m.Say(account.Warn, "none of %d trees was active in the %s before %s (%s); set recent=all to see all, or now= to look back from another time",
			h.ledger.Trees, h.recentText(), s.now.Std().Format("2006-01-02T15:04:05Z"), origin)
	}
	if d.Later > 0 {
		m.Say(account.Warn, "%s left out that had no recent activity but some after %s: their clocks are ahead, or now= is too early",
			account.Plural(d.Later, "tree"), s.now.Std().Format("2006-01-02T15:04:05Z"))
	}
	if d.Rebuilt > 0 {
		m.Say(account.Info, "%s more (%s) left out by rebuilt=%s, whose root's own event is missing; rebuilt=all shows them",
			account.Plural(d.Rebuilt, "tree"), account.Processes(d.RebuiltIn), h.options.Rebuilt)
	}
	if d.Common > 0 {
		m.Say(account.Info, "%s left out by max_devices=%d, whose root command runs on more", account.Plural(d.Common, "tree"), h.options.MaxDevices)
	}
	if d.Allowed > 0 {
		m.Say(account.Info, "%s left out by allow_command or allow_path", account.Plural(d.Allowed, "tree"))
	}
}

func (h *Hunt) recentText() string {
	if h.options.Recent == command.All {
		return "time"
	}
	return fmt.Sprintf("%.4g hours", float64(h.options.Recent)/float64(3600*event.Second))
}
