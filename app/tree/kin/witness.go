// Package kin tells, over a fleet, which service hosts of unknown command line are the Task
// Scheduler's: those whose children run what nobody but the scheduler starts elsewhere. It
// knows hosts, devices and command lines by hashes only.
package kin

import "math"

// Class is what the words of a parent say of it.
type Class uint8

// The classes.
const (
	Unknown   Class = iota // nothing that helps: neither a service host nor certainly another program
	Open                   // a service host without a command line
	Scheduler              // it runs the Schedule service
	Service                // a service host that runs another service
	Other                  // any other program
)

// Child is a process that a parent started.
type Child struct {
	Device uint64 // hash of the device
	Host   uint64 // hash of the parent's id on the device, 0 without one
	PID    uint32 // the parent's
	Class  Class  // of the parent
	What   uint64 // Hash of the child's command line, 0 without one
}

// Witness gathers what one reader of events sees. It is for one goroutine; what it has
// gathered depends on what was told, not on order or repetition, as long as no bound is met.
type Witness struct {
	others  others
	hosts   map[uint64]*host
	named   map[uint64]Class // hosts of which some event tells the command line
	sure    map[uint64]devices
	foreign map[uint64]bool
	writers map[uint64][]uint32
	// Lost counts what was not taken because of a bound.
	Lost int
}

// host is a service host without a command line.
type host struct {
	device uint64
	pid    uint32
	whats  []uint64 // the smallest, in order
}

// Bounds of what one Witness remembers, that a made-up log cannot exceed. Real fleets have a
// few thousand different commands of tasks, and a few hosts a device and boot.
const (
	mostHosts   = 1 << 18
	mostWhats   = 1 << 18
	mostWriters = 1 << 6 // a device
	hostWhats   = 1 << 6 // a host
)

// NewWitness returns an empty one.
func NewWitness() *Witness {
	return &Witness{
		hosts: make(map[uint64]*host), named: make(map[uint64]Class), sure: make(map[uint64]devices),
		foreign: make(map[uint64]bool), writers: make(map[uint64][]uint32),
	}
}

// Writer notes that a process id wrote the scheduler's log on a device.
func (w *Witness) Writer(device uint64, pid uint32) {
	for _, known := range w.writers[device] {
		if known == pid {
			return
		}
	}
	if len(w.writers[device]) >= mostWriters {
		w.Lost++
		return
	}
	w.writers[device] = append(w.writers[device], pid)
}

// Host notes what a process is, by the hash of its id.
func (w *Witness) Host(id uint64, is Class) {
	if id == 0 || is != Scheduler && is != Service {
		return
	}
	if was, known := w.named[id]; known {
		if is > was { // one that is told both ways is no witness for the scheduler
			w.named[id] = is
		}
		return
	}
	if len(w.named) >= mostHosts {
		w.Lost++
		return
	}
	w.named[id] = is
}

// Child notes what a parent started.
func (w *Witness) Child(c *Child) {
	w.Host(c.Host, c.Class)
	switch {
	case c.What == 0:
	case c.Class == Scheduler:
		w.addSure(c.What, c.Device)
	case c.Class == Service:
		w.others.add(c.What)
		w.addForeign(c.What)
	case c.Class == Other:
		w.others.add(c.What)
	case c.Class == Open && c.Host != 0:
		w.addHost(c)
	}
}

func (w *Witness) addSure(what, device uint64) {
	was := w.sure[what]
	if was == nil && len(w.sure) >= mostWhats {
		w.Lost++
		return
	}
	if is := was.with(device); len(is) > len(was) {
		w.sure[what] = is
	}
}

func (w *Witness) addForeign(what uint64) {
	if !w.foreign[what] && len(w.foreign) >= mostWhats {
		w.Lost++
		return
	}
	w.foreign[what] = true
}

func (w *Witness) addHost(c *Child) {
	h := w.hosts[c.Host]
	if h == nil {
		if len(w.hosts) >= mostHosts {
			w.Lost++
			return
		}
		h = &host{device: c.Device, pid: c.PID}
		w.hosts[c.Host] = h
	}
	h.add(c.What)
}

// add keeps the smallest hashes, so that order has no say.
func (h *host) add(what uint64) {
	at := 0
	for at < len(h.whats) && h.whats[at] < what {
		at++
	}
	if at < len(h.whats) && h.whats[at] == what || at >= hostWhats {
		return
	}
	h.whats = append(h.whats, math.MaxUint64)
	copy(h.whats[at+1:], h.whats[at:])
	h.whats[at] = what
	h.whats = h.whats[:min(len(h.whats), hostWhats)]
}

// devices is a set of devices, of which so many are told apart.
type devices []uint64

const mostDevices = 40

func (d devices) with(device uint64) devices {
	if len(d) >= mostDevices {
		return d
	}
	for _, known := range d {
		if known == device {
			return d
		}
	}
	return append(d, device)
}
