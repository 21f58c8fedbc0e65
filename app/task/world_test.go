package task_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// world is the events of one made-up device, and what is true of it.
type world struct {
	*rand.Rand
	*event.Store
	device event.Sym
	truth  map[uint64]string // by record number of a process start: its task, "" for none
	logged map[uint64]bool   // the event 129 of that start is there
	shift  event.Time        // by which the log's clock is behind
	record uint64
	hosts  []host
	lean   bool // no parent has a command line
	noIDs  bool // processes have no ids of the sensor
	noPIDs bool // the log does not say who wrote it
}

// host is the Schedule service of one boot.
type host struct {
	pid      uint32
	id       event.ID
	from, to event.Time
}

const (
	hour  = 3600 * event.Second
	begin = 1_800_000_000 * event.Second
)

func newWorld(seed uint64) *world {
	w := &world{Rand: rand.New(rand.NewPCG(seed, 3)), Store: event.NewStore(), truth: map[uint64]string{}, logged: map[uint64]bool{}}
	w.device = w.sym("pc")
	w.lean, w.noIDs = w.IntN(2) == 0, w.IntN(4) == 0
	return w
}

func (w *world) sym(text string) event.Sym { return w.Symbols.Intern([]byte(text)) }

func (w *world) source(at event.Time) event.Source {
	w.record++
	return event.Source{Device: w.device, DeviceName: w.device, Time: at, Record: w.record}
}

func (w *world) id() event.ID {
	if w.noIDs {
		return event.ID{}
	}
	return event.ID{Hi: 77, Lo: w.Uint64() | 1}
}

// boots gives the device a Schedule service for each of some boots.
func (w *world) boots(n int, length event.Time) {
	at := begin
	for range n {
		w.hosts = append(w.hosts, host{pid: 4 * uint32(200+w.IntN(60)), id: event.ID{Hi: 77, Lo: w.Uint64() | 1}, from: at, to: at + length})
		at += length + event.Time(w.IntN(3600))*event.Second
	}
}

// programs are what tasks run: few, so that names of images tell little.
var programs = []string{`C:\Windows\System32\cmd.exe`, `C:\Windows\System32\taskhostw.exe`, `C:\Program Files\Acme\sync.exe`}

// start adds a process start and returns its record number and time.
func (w *world) start(parent *host, pid uint32, image string, at event.Time, command string) uint64 {
	late := event.Time(w.IntN(200)) * event.Second / 1000
	p := event.Process{Source: w.source(at + late), Self: event.Ref{
		ID: w.id(), PID: pid, Name: w.Symbols.FileName(w.sym(image)), Path: w.sym(image), Command: w.sym(command), Created: at,
	}, Parent: event.Ref{PID: parent.pid, Name: w.sym("svchost.exe")}}
	if !w.noIDs {
		p.Parent.ID = parent.id
	} else {
		p.Self.Created = event.NoTime
	}
	if !w.lean {
		p.Parent.Command = w.sym(`C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule`)
	}
	w.AddProcess(&p)
	return p.Record
}

// log adds an event of the scheduler's log.
func (w *world) log(parent *host, act event.Act, task, action string, pid uint32, at event.Time, instance event.ID) {
	at -= w.shift
	k := event.Task{Source: w.source(at), Act: act, Name: w.sym(task), Action: w.sym(action), PID: pid, Writer: parent.pid, Instance: instance}
	if w.noPIDs {
		k.Writer = 0
	}
	w.AddTask(&k)
	if w.IntN(5) == 0 { // the same record, sent again
		w.AddTask(&k)
	}
}

// run has the scheduler run a task. Some processes or events are not logged.
func (w *world) run(h *host, task int, pid uint32, at event.Time) {
	image := programs[task%len(programs)]
	name, command := fmt.Sprintf(`\Acme\Task %d`, task), fmt.Sprintf("%s /run", image)
	processSeen, logSeen := w.IntN(12) > 0, w.IntN(12) > 0
	var record uint64
	if processSeen {
		record = w.start(h, pid, image, at, command)
		w.truth[record] = name
	}
	instance := event.ID{Hi: 5, Lo: w.Uint64()}
	if logSeen {
		w.logged[record] = processSeen
		w.log(h, event.TaskProcess, name, w.Symbols.String(w.Symbols.FileName(w.sym(image))), pid, at-event.Second/100, event.ID{})
		w.log(h, event.ActionStarted, name, "An action for people", pid, at, instance)
	}
}

// live has tasks run at whole hours and at any time, with process ids out of a small pool,
// none of which two running processes share.
func (w *world) live(pool int) {
	for i := range w.hosts {
		h := &w.hosts[i]
		free := map[uint32]event.Time{}
		for at := h.from + 60*event.Second; at < h.to; at += event.Time(20+w.IntN(4000)) * event.Second {
			if w.IntN(2) == 0 {
				at -= at % hour // tasks like whole hours
				at += hour
			}
			for range 1 + w.IntN(3) {
				pid := 4 * uint32(1000+w.IntN(pool))
				if free[pid] > at {
					continue
				}
				free[pid] = at + event.Time(11+w.IntN(50))*event.Second
				w.run(h, w.IntN(9), pid, at)
			}
		}
	}
}

// others adds processes of other services whose process ids come from the same pool: some
// have the id of a Schedule service of another boot as their parent's.
func (w *world) others(pool int) {
	for i := range w.hosts {
		h := &w.hosts[i]
		other := &host{pid: w.hosts[(i+1)%len(w.hosts)].pid, id: event.ID{Hi: 77, Lo: w.Uint64() | 1}}
		if other.pid == h.pid {
			continue
		}
		for range 40 {
			at := h.from + event.Time(w.Int64N(int64(h.to-h.from)))
			record := w.start(other, 4*uint32(1000+w.IntN(pool)), programs[w.IntN(len(programs))], at, "x")
			w.truth[record] = ""
			p := &w.Processes[len(w.Processes)-1]
			if !w.lean {
				p.Parent.Command = w.sym(`C:\Windows\system32\svchost.exe -k netsvcs -p -s BITS`)
			}
		}
	}
}

func (w *world) shuffled() *event.Store {
	w.Shuffle(len(w.Processes), func(i, j int) { w.Processes[i], w.Processes[j] = w.Processes[j], w.Processes[i] })
	w.Shuffle(len(w.Tasks), func(i, j int) { w.Tasks[i], w.Tasks[j] = w.Tasks[j], w.Tasks[i] })
	return w.Store
}
