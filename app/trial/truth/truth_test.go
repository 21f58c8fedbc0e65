package truth_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// truth is what really happened in a generated fleet, by a key that events and rows
// have in common: nothing of it is taken from a hunt.
type truth struct {
	format    string
	processes map[string]*sample.Process
	// known are the processes that some event tells of together with their parent:
	// those with a start event and, in Defender's format, those that a child or a
	// connection of theirs describes.
	known map[*sample.Process]bool
	// remotes counts the events of each process by remote end: those that name the
	// process for sure, and those that give its process id only.
	sure, unsure map[*sample.Process]map[string]int
	lines        [][]byte
	copies       int
	starts       int // distinct events
	ends         int
	talks        int // connections and lookups
	reused       int // processes whose process id was another's before
}

// knowTruth generates a fleet.
func knowTruth(t testing.TB, cfg sample.Config) *truth {
	t.Helper()
	w := &truth{
		format: cfg.Format, processes: map[string]*sample.Process{}, known: map[*sample.Process]bool{},
		sure: map[*sample.Process]map[string]int{}, unsure: map[*sample.Process]map[string]int{},
	}
	err := sample.Fleet(cfg, func(h *sample.History) error {
		seen := map[uint32]bool{}
		for _, p := range h.Processes {
			w.processes[w.key(p)] = p
			if seen[p.PID] {
				w.reused++
			}
			seen[p.PID] = true
		}
		for i := range h.Events {
			w.add(&h.Events[i])
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *truth) defender() bool { return w.format == sample.FormatDefender }

func (w *truth) falcon() bool { return w.format == sample.FormatFalcon }

func (w *truth) add(e *sample.Event) {
	line := sample.AppendEvent(nil, w.format, e)
	if len(line) == 0 {
		return
	}
	w.lines = append(w.lines, bytes.TrimSuffix(line, []byte("\n")))
	if e.Copy {
		w.copies++
		return
	}
	switch e.Kind {
	case sample.ProcessStart, sample.Running:
		w.starts++
		w.known[e.Process] = true
		if w.defender() {
			w.known[e.Process.Parent] = true
		}
	case sample.ProcessEnd:
		w.ends++
	default:
		w.talks++
		w.addRemote(e)
	}
}

func (w *truth) addRemote(e *sample.Event) {
	counts := w.sure
	switch {
	case w.defender() && e.Kind == sample.Lookup, !w.defender() && !w.falcon() && e.Unknown:
		counts = w.unsure
	case w.defender():
		w.known[e.Process] = true
	}
	if counts[e.Process] == nil {
		counts[e.Process] = map[string]int{}
	}
	counts[e.Process][remoteOf(e)]++
}

// remoteOf names the remote end of an event as far as every format tells it.
func remoteOf(e *sample.Event) string {
	if e.Kind == sample.Lookup {
		return "dns " + strings.ToLower(e.Remote.Query)
	}
	direction := "outbound"
	if e.Remote.Inbound {
		direction = "inbound"
	}
	return fmt.Sprint(e.Remote.Peer.Addr(), " ", e.Remote.Peer.Port(), " ", direction)
}

// remoteOfRow is remoteOf for a connection row.
func remoteOfRow(r row.Row) string {
	if r.Get("action") == "dns" {
		return "dns " + r.Get("remote_host")
	}
	return r.Get("remote_ip") + " " + r.Get("remote_port") + " " + r.Get("direction")
}

// key identifies a process as events do: by GUID, or by process id and start.
func (w *truth) key(p *sample.Process) string {
	device := strings.ToLower(p.Device.Name)
	switch {
	case w.defender():
		return fmt.Sprintf("%s|%d|%s", device, p.PID, epochOf(p.Start))
	case w.falcon():
		return fmt.Sprintf("%s|%d|%s", sensorOf(p.Device), p.PID, epochOf(p.Start-p.Start%10_000))
	}
	return device + "|" + strings.ToLower(p.GUID())
}

// sensorOf is what Falcon's events call a device: by its name, without the domain, where
// some of them have it, else by the id of its sensor.
func sensorOf(dev *sample.Device) string {
	if dev.UniqueIDs {
		name, _, _ := strings.Cut(dev.Name, ".")
		return strings.ToLower(name)
	}
	return dev.ID[:32]
}

// epochOf writes a time as rows do.
func epochOf(t sample.Time) string {
	const ticks = 10_000_000 // a second
	text := fmt.Sprintf("%d.%07d", t/ticks, t%ticks)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// of returns the process that a node row is about, nil when there is none.
func (w *truth) of(r row.Row) *sample.Process {
	device := strings.ToLower(r.Get("device"))
	if w.defender() || w.falcon() {
		return w.processes[device+"|"+r.Get("process_id")+"|"+r.Get("_time")]
	}
	return w.processes[device+"|"+strings.ToLower(r.Get("process_guid"))]
}

// inTree reports whether the events tell that the process is in a tree: every
// process from the root down to it has to be known.
func (w *truth) inTree(p *sample.Process) bool {
	for ; p != nil && p.Depth > 0; p = p.Parent {
		switch {
		case !w.known[p]:
			return false
		case p.Depth == 1:
			// Falcon tells the parent's command line in the parent's own event only.
			return !w.falcon() || w.known[p.Parent]
		}
	}
	return false
}
