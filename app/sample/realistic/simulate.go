package realistic

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// simulate makes the history of one device; the machine knows which task ran when.
func simulate(w *world, index int) (*machine, *sample.History) {
	m := newMachine(w, index)
	for _, s := range m.sessions {
		m.startWindows(s)
	}
	for _, k := range w.kinds {
		if k.has(m) {
			m.runTask(k)
		}
	}
	m.work()
	m.installs()
	m.injections()
	m.callers()
	m.number()
	m.logTasks()
	m.logInstalls()
	m.logLogons()
	m.logInjections()
	return m, &sample.History{Device: m.Device, Processes: m.processes, Events: m.log()}
}

// taskRun is one run of a task, for the Task Scheduler's own log.
type taskRun struct {
	k        *kind
	e        *edition
	task     string
	instance string
	root     *sample.Process
	service  *sample.Process
	result   uint32
}

// runTask makes all runs of a task on the device.
func (m *machine) runTask(k *kind) {
	m.noteChanges(k)
	for i, at := range m.starts(k) {
		s := m.session(at)
		e := k.edition(m, at)
		r := &run{m: m, k: k, e: e, at: at, d: m.dice("run", k.id, fmt.Sprint(i))}
		root := m.root(r, s)
		if root == nil {
			continue
		}
		result := uint32(0)
		if r.d.chance(0.03) {
			result = 2147942401
		}
		m.runs = append(m.runs, taskRun{k, e, r.fill(k.task), r.d.guid(), root, s.schedule, result})
	}
}

// root starts the root of a run; nil where what starts such does not run.
func (m *machine) root(r *run, s *session) *sample.Process {
	parent := m.above(r, s)
	if parent == nil {
		return nil
	}
	r.under = parent
	return m.grow(r, m.crashing(r), parent, r.at, s)
}

// grow starts a process and all below it, and lets it talk.
func (m *machine) grow(r *run, n *node, parent *sample.Process, at Time, s *session) *sample.Process {
	life := r.d.between(orPair(n.life, 400*millisecond, 12*second))
	p := &sample.Process{Device: m.Device, Parent: parent, Start: at, End: min(at+life, s.to), Image: r.fill(n.image), Original: n.original,
		Command: r.fill(n.command), User: m.account(n.account, parent), Boot: s.number}
	m.describe(r, n, p)
	if parent != nil && (parent == s.schedule || parent == r.under || parent.Depth > 0) {
		p.Depth = parent.Depth + 1
		if p.Root = parent.Root; p.Root == nil {
			p.Root = p
		}
		if r.e.plant != nil {
			p.Plant = r.e.plant.id
		}
	}
	m.processes = append(m.processes, p)
	m.children(r, n, p, s)
	m.talk(r, n, p, s)
	return p
}

func (m *machine) children(r *run, n *node, p *sample.Process, s *session) {
	waits := r.d.chance(0.8)
	for i := range n.children {
		child := &n.children[i]
		after := r.d.between(orPair(child.after, 15*millisecond, 600*millisecond))
		if child.share > 0 && !r.d.chance(child.share) || p.Start+after >= min(s.to, m.w.to) {
			continue
		}
		c := m.grow(r, child, p, p.Start+after, s)
		p.End = max(p.End, min(s.to, c.Start+40*millisecond))
		if waits {
			p.End = max(p.End, c.End)
		}
	}
}

// describe fills in what the file of a process says about itself.
func (m *machine) describe(r *run, n *node, p *sample.Process) {
	if p.Original == "" {
		p.Original = p.Name()
	}
	if p.Command == "" {
		p.Command = `"` + p.Image + `"`
	}
	p.Company, p.Product = maker(n)
	switch {
	case n.content != "":
		p.Content = n.content + "|" + r.e.version
	case isWindows(p.Image):
		p.Content = p.Image + "|" + m.build(p.Start)
	default:
		p.Content = n.image + "|" + r.e.version
	}
}

func orPair(pair [2]Time, lo, hi Time) (Time, Time) {
	if pair == ([2]Time{}) {
		return lo, hi
	}
	return pair[0], pair[1]
}

// number puts the processes in the order of their starts and gives each its ids. A PID
// is free again when its process has ended.
func (m *machine) number() {
	slices.SortStableFunc(m.processes, func(a, b *sample.Process) int { return cmp.Compare(a.Start, b.Start) })
	d := m.dice("pids")
	held := map[uint32]Time{}
	boot := 0
	for i, p := range m.processes {
		if p.Boot != boot {
			boot, held = p.Boot, map[uint32]Time{}
		}
		p.Serial = i + 1
		if p.Parent == nil {
			p.PID = 4
			continue
		}
		p.PID = freePID(d, held, p.Start)
		held[p.PID] = p.End
	}
}

func freePID(d dice, held map[uint32]Time, at Time) uint32 {
	for {
		if pid := uint32(400 + 4*d.IntN(4000)); held[pid] <= at {
			return pid
		}
	}
}
