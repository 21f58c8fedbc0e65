package realistic

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// KeyFile names every run of a planted channel, ChannelsFile the channels.
const (
	KeyFile      = "planted.csv"
	ChannelsFile = "channels.csv"
)

// KeyColumns are those of KeyFile: one row a run. Lists are joined by semicolons, times
// are epoch seconds; callers are the processes that call out.
var KeyColumns = []string{"channel", "kind", "device", "task_name", "root_process", "root_guid", "root_pid", "root_start", "processes",
	"caller_guids", "caller_pids", "remote_hosts", "remote_ips", "depth", "connections", "lookups", "logged"}

var channelColumns = []string{"channel", "kind", "period", "jitter", "altered", "hosts", "ips", "devices", "runs", "first_run", "last_run", "connections", "lookups"}

// keyWriter writes the key while the devices go by.
type keyWriter struct {
	dir   string
	w     *world
	file  *os.File
	rows  *csv.Writer
	sums  map[string]*channelSum
	count int
}

type channelSum struct {
	devices              []string
	runs, dials, lookups int
	first, last          Time
}

func newKeyWriter(dir string, w *world) (*keyWriter, error) {
	f, err := os.Create(filepath.Join(dir, KeyFile))
	if err != nil {
		return nil, err
	}
	k := &keyWriter{dir: dir, w: w, file: f, rows: csv.NewWriter(f), sums: map[string]*channelSum{}}
	for _, p := range w.plants {
		k.sums[p.id] = &channelSum{}
	}
	return k, k.rows.Write(KeyColumns)
}

// keyRun is what the key says of one run.
type keyRun struct {
	root           *sample.Process
	task           string
	processes      int
	depth          int
	callers        []*sample.Process
	hosts, ips     []string
	dials, lookups int
}

// add writes the runs of one device that are in its log, oldest first.
func (k *keyWriter) add(m *machine, h *sample.History) error {
	tasks := map[*sample.Process]string{}
	for i := range m.runs {
		tasks[m.runs[i].root] = m.runs[i].task
	}
	runs := map[*sample.Process]*keyRun{}
	var order []*keyRun
	for _, p := range h.Processes {
		if p.Plant == "" {
			continue
		}
		r := runs[p.Root]
		if r == nil {
			r = &keyRun{root: p.Root, task: tasks[p.Root]}
			runs[p.Root] = r
			order = append(order, r)
		}
		r.processes++
	}
	for i := range h.Events {
		e := &h.Events[i]
		if r := runs[e.Process.Root]; r != nil && e.Process.Plant != "" && !e.Copy {
			r.note(e)
		}
	}
	for _, r := range order {
		if err := k.write(r, h.Device.Name); err != nil {
			return err
		}
	}
	return nil
}

// note adds an event of the run.
func (r *keyRun) note(e *sample.Event) {
	switch e.Kind {
	case sample.Connect:
		r.dials++
		r.ips = including(r.ips, e.Remote.Peer.Addr().String())
		r.hosts = including(r.hosts, e.Remote.URL)
	case sample.Lookup:
		r.lookups++
		r.hosts = including(r.hosts, e.Remote.Query)
	default:
		return
	}
	r.depth = max(r.depth, e.Process.Depth)
	r.callers = including(r.callers, e.Process)
}

// including is list with x in it, once, and no empty one.
func including[T comparable](list []T, x T) []T {
	var none T
	if x == none || slices.Contains(list, x) {
		return list
	}
	return append(list, x)
}

func (k *keyWriter) write(r *keyRun, device string) error {
	if !r.root.Logged && r.dials+r.lookups == 0 {
		return nil // before the log
	}
	p := k.plant(r.root.Plant)
	s := k.sums[p.id]
	s.add(r, device)
	k.count++
	return k.rows.Write([]string{p.id, p.kind, device, r.task, r.root.Command, r.root.GUID(), decimal(r.root.PID), epoch(r.root.Start), strconv.Itoa(r.processes),
		join(r.callers, (*sample.Process).GUID), join(r.callers, func(p *sample.Process) string { return decimal(p.PID) }), strings.Join(r.hosts, ";"), strings.Join(r.ips, ";"),
		strconv.Itoa(r.depth), strconv.Itoa(r.dials), strconv.Itoa(r.lookups), strconv.FormatBool(r.root.Logged)})
}

func (s *channelSum) add(r *keyRun, device string) {
	s.devices = including(s.devices, device)
	s.runs++
	s.dials += r.dials
	s.lookups += r.lookups
	if s.first == 0 || r.root.Start < s.first {
		s.first = r.root.Start
	}
	s.last = max(s.last, r.root.Start)
}

func join(list []*sample.Process, of func(*sample.Process) string) string {
	texts := make([]string, len(list))
	for i, p := range list {
		texts[i] = of(p)
	}
	return strings.Join(texts, ";")
}

func (k *keyWriter) plant(id string) *plant {
	i := slices.IndexFunc(k.w.plants, func(p *plant) bool { return p.id == id })
	return k.w.plants[i]
}

// close completes the key with the table of channels.
func (k *keyWriter) close() error {
	k.rows.Flush()
	err := errors.Join(k.rows.Error(), k.file.Close(), k.channels())
	if err != nil {
		return fmt.Errorf("writing the key: %w", err)
	}
	return nil
}

func (k *keyWriter) channels() error {
	f, err := os.Create(filepath.Join(k.dir, ChannelsFile))
	if err != nil {
		return err
	}
	w := csv.NewWriter(f)
	_ = w.Write(channelColumns) // the error stays until Flush
	for _, p := range k.w.plants {
		_ = w.Write(k.channelRow(p))
	}
	w.Flush()
	return errors.Join(w.Error(), f.Close())
}

func (k *keyWriter) channelRow(p *plant) []string {
	s := k.sums[p.id]
	ips := make([]string, 0, len(p.where.addrs))
	for _, a := range p.where.addrs {
		ips = append(ips, a.String())
	}
	return []string{p.id, p.kind, fmt.Sprint(float64(p.period) / float64(second)), fmt.Sprint(p.jitter), p.note, strings.Join(stems(p.where.hosts), ";"), strings.Join(ips, ";"),
		strings.Join(s.devices, ";"), strconv.Itoa(s.runs), epoch(s.first), epoch(s.last), strconv.Itoa(s.dials), strconv.Itoa(s.lookups)}
}

// stems are the names without the labels that each call fills in.
func stems(hosts []string) []string {
	list := make([]string, len(hosts))
	for i, h := range hosts {
		list[i] = h[strings.LastIndexByte(h, '}')+1:]
		list[i] = strings.TrimPrefix(list[i], ".")
	}
	return list
}

// epoch is a start as Sysmon's UtcTime tells it, to the millisecond.
func epoch(t Time) string {
	if t == 0 {
		return ""
	}
	return fmt.Sprintf("%d.%03d", t/second, t%second/millisecond)
}
