package app

import (
	"fmt"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/tree"
)

// Message is one sentence for the user. Level is INFO or WARN.
type Message struct{ Level, Text string }

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
func (h *Hunt) messages(s spans, cut int, f *findings) (messages []Message) {
	say := func(level, format string, args ...any) {
		messages = append(messages, Message{level, fmt.Sprintf(format, args...)})
	}
	for _, note := range h.options.Notes {
		say("INFO", "%s", note)
	}
	for _, warning := range h.options.Warnings {
		say("WARN", "%s", warning)
	}
	h.sayInput(say, cut)
	sayShape(say, f.shape, f.contradictions, h.options.MaxDepth)
	if f.shortPaths > 0 {
		say("WARN", "the column path leaves names out for %s deeper than %d; parent_node_id leads up", processes(f.shortPaths), longestPath)
	}
	h.sayDropped(say, s, f.dropped)
	h.sayAllowed(say)
	h.sayPlugins(say)
	h.sayMemory(say)
	say("INFO", "%s", effort{h.began, h.set.Spilled()})
	say("INFO", "%s", h.ledger.String())
	return messages
}

type sayer func(level, format string, args ...any)

// sayInput tells when the events cannot answer the question: an empty result must
// not look like a quiet network.
func (h *Hunt) sayInput(say sayer, cut int) {
	l := &h.ledger
	if l.Malformed > 0 {
		say("WARN", "%s", malformedText(l.Malformed))
	}
	if cut > 0 {
		say("WARN", "%s", cutText(cut))
	}
	switch {
	case l.Events == 0:
		say("WARN", "no events came in")
	case l.Process == 0:
		say("WARN", "none of %s starts a process, so no tree can be built: the search must return Sysmon event 1, "+
			"Defender's DeviceProcessEvents or Endpoint.Processes, with their fields or _raw; events of another sensor need its mapper=", events(l.Events))
	case l.Trees == 0 && h.options.Root.Pattern == nil:
		say("WARN", "none of %d processes was started by the Task Scheduler; are the parent's command line and ids there?", l.Process)
	case l.Connection == 0:
		say("WARN", "no connection events came in (Sysmon 3 and 22, Defender's DeviceNetworkEvents): only processes can be shown")
	}
}

func malformedText(n int) string {
	return events(n) + " could not be used: broken off, or without a device, a process or a destination; all others were read"
}

func cutText(n int) string {
	return events(n) + " ended too early and may lack fields; raise TRUNCATE in props.conf for their sourcetype"
}

func sayShape(say sayer, r tree.Report, contradictions, maxDepth int) {
	if contradictions > 0 {
		say("WARN", "%s of processes that had one already tell of another name or parent; the first is taken: "+
			"the ids of these processes are not unique, or the events are forged", plural(contradictions, "start event"))
	}
	if r.TooDeep > 0 {
		say("WARN", "max_depth=%d was reached: %s below it left out, with their connections; raise max_depth to see them",
			maxDepth, processes(r.TooDeep))
	}
	if n := r.Cycles + r.Selfs; n > 0 {
		say("WARN", "%d loops of parents were cut (%d processes claim to be their own parent): the ids of their events contradict each other",
			n, r.Selfs)
	}
}

func (h *Hunt) sayDropped(say sayer, s spans, d dropped) {
	if h.ledger.Trees > 0 && d.NotRecent == h.ledger.Trees {
		origin := "the newest event"
		if s.given {
			origin = "the search's end, or now="
		}
		say("WARN", "none of %d trees was active in the %s before %s (%s); set recent=all to see all, or now= to look back from another time",
			h.ledger.Trees, h.recentText(), s.now.Std().Format("2006-01-02T15:04:05Z"), origin)
	}
	if d.Later > 0 {
		say("WARN", "%s left out that had no recent activity but some after %s: their clocks are ahead, or now= is too early",
			plural(d.Later, "tree"), s.now.Std().Format("2006-01-02T15:04:05Z"))
	}
	if d.Rebuilt > 0 {
		say("INFO", "%s more (%s) left out by rebuilt=%s, whose root's own event is missing; rebuilt=all shows them",
			plural(d.Rebuilt, "tree"), processes(d.RebuiltIn), h.options.Rebuilt)
	}
	if d.Common > 0 {
		say("INFO", "%s left out by max_devices=%d, whose root command runs on more", plural(d.Common, "tree"), h.options.MaxDevices)
	}
	if d.Allowed > 0 {
		say("INFO", "%s left out by allow_command or allow_path", plural(d.Allowed, "tree"))
	}
}

func (h *Hunt) recentText() string {
	if h.options.Recent == command.All {
		return "time"
	}
	return fmt.Sprintf("%.4g hours", float64(h.options.Recent)/float64(3600*event.Second))
}

func events(n int) string { return plural(n, "event") }

func processes(n int) string {
	if n == 1 {
		return "1 process"
	}
	return fmt.Sprintf("%d processes", n)
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
