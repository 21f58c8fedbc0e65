package hunt

import (
	"fmt"
	"maps"
	"slices"
	"strings"

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
	Behind    int // of NotRecent, those of clocks that run behind all others
	Rebuilt   int // trees not counted as found, because their root has no event
	RebuiltIn int // processes in those
}

// add adds up two. Every tree that is left out comes by here, which is why it does without
// account.Add.
func (d *dropped) add(e dropped) {
	d.NotRecent += e.NotRecent
	d.Common += e.Common
	d.Allowed += e.Allowed
	d.Later += e.Later
	d.Behind += e.Behind
	d.Rebuilt += e.Rebuilt
	d.RebuiltIn += e.RebuiltIn
}

// messages lists what the reader has to know: every limit that was reached, what is
// missing because of it and how to get it, and the ledger.
func (h *Hunt) messages(s spans, cut int, f *findings) (m account.Messages) {
	m.SayAll(account.Info, h.options.Notes)
	m.SayAll(account.Warn, h.options.Warnings)
	h.sayInput(&m, cut)
	h.sayReading(&m)
	h.sayTimes(&m)
	h.sayRivals(&m)
	sayShape(&m, f.shape, f.contradictions, h.options.MaxDepth)
	sayRoots(&m, f.shape)
	f.sayTexts(&m)
	sayAudit(&m, f.unproven)
	if f.unproven.Used > 0 {
		sayZoneless(&m, h.times.AuditZoneless)
	}
	h.sayMappers(&m, f.apart)
	sayNames(&m, f.names)
	f.sayTwins(&m)
	h.sayDropped(&m, s, f)
	h.sayBehind(&m, s, f.dropped, f.behind)
	h.sayScores(&m, f)
	h.sayCensus(&m, f)
	sayTasks(&m, f.tasks, h.times.TaskZoneless)
	sayCauses(&m, f.causes)
	sayKin(&m, h.kin)
	h.sayAllowed(&m)
	h.sayExpired(&m, s.now)
	h.sayProposals(&m, f)
	h.sayPlugins(&m)
	h.sayMemory(&m)
	m.Say(account.Info, "%s", effort{h.began, h.set.Spilled()})
	m.Say(account.Info, "%s", h.ledger.String())
	return m
}

// sayReading tells which events were read in a way that is not certain.
func (h *Hunt) sayReading(m *account.Messages) {
	if h.severalWays > 0 {
		m.Say(account.Warn, "the text of %s can be read in several ways, as a command line in it has lines that look like the fields behind it: it was written to deceive; "+
			"it is read so that the process stays in the hunt; the same events as XML leave no doubt", account.Events(h.severalWays))
	}
	if n := h.labels.Aligned; n > 0 {
		m.Say(account.Info, "the values of %s stood under their neighbours' labels, as those of an old event under a newer manifest do, or where a collector drops a value: "+
			"they were put back, as only one shift fits", account.Events(n))
	}
	if n := h.labels.Unfit; n > 0 {
		m.Say(account.Warn, "the values of %s do not fit their labels (an address, a port, an id that is none), and no single shift puts them right: "+
			"they are counted as malformed and not used; export these events again as XML", account.Events(n))
	}
}

// sayRivals tells of columns that are there twice.
func (h *Hunt) sayRivals(m *account.Messages) {
	for _, column := range slices.Sorted(maps.Keys(h.rivals)) {
		r := h.rivals[column]
		m.Say(account.Warn, "the column %s is there twice, with different values in %s, such as %q and %q: the first of the two columns is taken (%q); "+
			"leave the other one out, or put it last", column, account.Plural(r.rows, "row"), r.taken, r.other, r.taken)
	}
}

// sayTexts tells what is not whole of the texts that are shown.
func (f *findings) sayTexts(m *account.Messages) {
	if f.shortPaths > 0 {
		m.Say(account.Warn, "the column path leaves names out for %s deeper than %d; parent_node_id leads up", account.Processes(f.shortPaths), longestPath)
	}
	if f.foreign > 0 {
		m.Say(account.Info, "%s that are shown are not UTF-8, as a spreadsheet saves a table: their letters beyond ASCII are read as Windows-1252, which is a guess; "+
			"export as UTF-8 to be sure of them", account.Plural(f.foreign, "text"))
	}
}

// sayInput tells when the events cannot answer the question: an empty result must
// not look like a quiet network.
func (h *Hunt) sayInput(m *account.Messages, cut int) {
	l := &h.ledger
	if l.Malformed > 0 {
		m.Say(account.Warn, "%s", account.Malformed(l.Malformed))
	}
	if cut > 0 {
		m.Say(account.Warn, "%s", h.door.Cut(cut))
	}
	switch {
	case l.Events == 0:
		m.Say(account.Warn, "no events came in")
	case l.Process == 0:
		m.Say(account.Warn, "none of %s starts a process, so no tree can be built%s: %s Sysmon event 1, "+
			"Defender's DeviceProcessEvents or Endpoint.Processes, %s; events of another sensor need its mapper=",
			account.Events(l.Events), h.sights(), h.door.Supply(), h.door.Fields())
	case l.Trees == 0 && h.options.Root.Pattern == nil:
		m.Say(account.Warn, "none of %s was started by %s; are the parent's command line and ids there?%s", account.Processes(l.Process), startersInWords(h.options.Root), h.sharedHosts())
	case l.Connection == 0:
		m.Say(account.Warn, "no connection events came in (Sysmon 3 and 22, Defender's DeviceNetworkEvents): only processes can be shown")
	}
}

// sharedHosts says why a machine whose events lack nothing may have no trees of the scheduler's.
func (h *Hunt) sharedHosts() string {
	if !tree.Scheduled(h.start) {
		return ""
	}
	return " Windows before 10 1703, or with little memory, has one host for several services (svchost.exe -k netsvcs), of which only " +
		`Microsoft-Windows-TaskScheduler/Operational tells what is a task: collect it too, or take all that such a host starts, with root="/svchost\.exe -k netsvcs$/"`
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

func (h *Hunt) sayDropped(m *account.Messages, s spans, f *findings) {
	d := f.dropped
	if h.ledger.Trees > 0 && d.NotRecent == h.ledger.Trees {
		origin := "the newest event"
		if s.given {
			origin = "the search's end, or now="
		}
		m.Say(account.Warn, "none of %d trees was active in the %s before %s (%s); set recent=all to see all, or now= to look back from another time",
			h.ledger.Trees, h.recentText(), s.now.Std().Format(stamp), origin)
	}
	h.sayAlone(m, s, f.alone)
	if s.ahead != event.NoTime {
		h.sayAhead(m, s, d, f.ahead)
	} else if d.Later > 0 {
		m.Say(account.Warn, "%s left out that had no recent activity but some after %s: their clocks are ahead, or now= is too early",
			account.Plural(d.Later, "tree"), s.now.Std().Format(stamp))
	}
	if n := d.NotRecent - d.Later - d.Behind; n > 0 && n < h.ledger.Trees {
		none := ""
		if f.quiet > 0 {
			none = ", among them all of " + account.Plural(f.quiet, "device")
		}
		m.Say(account.Info, "%s left out that were not active in the %s before %s%s; recent=all shows them too", account.Plural(n, "tree"), h.recentText(), s.now.Std().Format(stamp), none)
	}
	if d.Rebuilt > 0 {
		m.Say(account.Info, "%s more (%s) left out by rebuilt=%s, whose root's own event is missing; rebuilt=all shows them",
			account.Plural(d.Rebuilt, "tree"), account.Processes(d.RebuiltIn), h.options.Rebuilt)
	}
	if d.Common > 0 {
		why := "whose task runs on more, and whose finding scores less than being on so few would"
		if h.options.Rarity == command.RarityCommand {
			why = "whose root command runs on more"
		}
		m.Say(account.Info, "%s left out by max_devices=%d, %s", account.Plural(d.Common, "tree"), h.options.MaxDevices, why)
	}
	if d.Allowed > 0 {
		m.Say(account.Info, "%s left out by allow_command, allow_path or allow", account.Plural(d.Allowed, "tree"))
	}
}

// sayAhead tells of clocks that run ahead of all others, by which now was not moved.
func (h *Hunt) sayAhead(m *account.Messages, s spans, d dropped, ahead []string) {
	newest := s.ahead.Std().Format(stamp)
	m.Say(account.Warn, "the clock of %s runs ahead of all others: its newest event is of %s, %.4g days after now, which is taken from the others' newest, %s%s",
		devicesInWords(ahead), newest, float64(s.ahead-s.now)/float64(event.Day), s.now.Std().Format(stamp), h.leftOutBy(d.Later, newest))
}

// sayAlone tells of devices whose events go on when those of all others have ended.
func (h *Hunt) sayAlone(m *account.Messages, s spans, alone []string) {
	if s.alone == event.NoTime || h.options.Recent == command.All && h.options.Lookback == command.All {
		return
	}
	m.Say(account.Warn, "of the last %.2g days, up to %s, there are events of %s alone: a clock runs ahead, or the others were off; so spans of time are counted from %s, when those of all others end; %s counts from the newest event instead",
		float64(s.alone-s.now)/float64(event.Day), s.alone.Std().Format(stamp), devicesInWords(alone), s.now.Std().Format(stamp), h.door.Option("now", s.alone.Std().Format(stamp)))
}

// sayBehind tells of clocks that run behind all others, or of devices that are long gone:
// their trees are in no window that ends where the others do.
func (h *Hunt) sayBehind(m *account.Messages, s spans, d dropped, behind []string) {
	if d.Behind == 0 || s.now <= s.behind {
		return
	}
	newest := s.behind.Std().Format(stamp)
	m.Say(account.Warn, "the events of %s are far older than all others, the newest of %s, %.4g days before now: the clock runs behind, or the device is gone%s",
		devicesInWords(behind), newest, float64(s.now-s.behind)/float64(event.Day), h.leftOutBy(d.Behind, newest))
}

// leftOutBy says how many trees a clock costs, and how to have them.
func (h *Hunt) leftOutBy(trees int, newest string) string {
	if trees == 0 {
		return ""
	}
	return fmt.Sprintf("; %s left out because of it; %s hunts there instead", account.Plural(trees, "tree"), h.door.Option("now", newest))
}

// stamp is how messages write times.
const stamp = "2006-01-02T15:04:05Z"

// devicesInWords names the first few devices.
func devicesInWords(names []string) string {
	const most = 3
	slices.Sort(names)
	names = slices.Compact(names)
	switch n := len(names); {
	case n == 0:
		return "some device"
	case n > most:
		return fmt.Sprintf("%s and %d more devices", strings.Join(names[:most], ", "), n-most)
	}
	return strings.Join(names, ", ")
}

func (h *Hunt) recentText() string {
	if h.options.Recent == command.All {
		return "time"
	}
	return fmt.Sprintf("%.4g hours", float64(h.options.Recent)/float64(3600*event.Second))
}
