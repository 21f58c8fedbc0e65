package kin

// Fewest is how many different commands have to speak for a host, and on how many devices the
// scheduler has to be known to start each: never one witness.
const Fewest = 2

// doubt is the share of devices, one in so many, on which hosts that do not write the
// scheduler's log may run what speaks for a host: a log has holes.
const doubt = 20

// Kin are the hosts that turned out to be the scheduler's.
type Kin struct {
	hosts  map[uint64]bool
	Report Report
}

// Report is what the reader has to be told.
type Report struct {
	Kin  int // hosts that are the scheduler's by kin
	Open int // hosts without a command line and without a log, of which nothing tells what they are
	Lost int // what was not looked at because of a bound
}

// Has reports whether a host is the scheduler's, by the hash of its id. It may be asked of no Kin.
func (k *Kin) Has(host uint64) bool { return k != nil && k.hosts[host] }

// Judge puts together what the witnesses of a fleet saw. They must not be used any more.
func Judge(all []*Witness) *Kin {
	if len(all) == 0 {
		return nil
	}
	j := judge{Witness: all[0], aside: make(map[uint64]devices)}
	for _, w := range all[1:] {
		j.merge(w)
	}
	for _, h := range j.hosts {
		j.known(h)
	}
	for id, h := range j.hosts {
		if j.named[id] != Unknown {
			j.tell(h, j.named[id])
		}
	}
	k := &Kin{hosts: make(map[uint64]bool), Report: Report{Lost: j.Lost}}
	for id, h := range j.hosts {
		switch {
		case j.named[id] != Unknown || len(j.writers[h.device]) > 0:
		case j.isKin(h):
			k.hosts[id] = true
			k.Report.Kin++
		default:
			k.Report.Open++
		}
	}
	return k
}

// judge is all witnesses together.
type judge struct {
	*Witness
	aside map[uint64]devices // commands of hosts beside the one that writes the log
}

func (j *judge) merge(w *Witness) {
	for id, is := range w.named {
		j.named[id] = max(j.named[id], is)
	}
	for what, on := range w.sure {
		for _, device := range on {
			j.sure[what] = j.sure[what].with(device)
		}
	}
	for what := range w.foreign {
		j.foreign[what] = true
	}
	for device, pids := range w.writers {
		for _, pid := range pids {
			j.Writer(device, pid)
		}
	}
	for id, h := range w.hosts {
		if j.hosts[id] == nil {
			j.hosts[id] = h
			continue
		}
		for _, what := range h.whats {
			j.hosts[id].add(what)
		}
	}
	j.others.merge(&w.others)
	j.Lost += w.Lost
}

// known takes what a host started, on a device with the scheduler's log, for the scheduler's
// or for another's.
func (j *judge) known(h *host) {
	writers := j.writers[h.device]
	if len(writers) == 0 {
		return
	}
	for _, pid := range writers {
		if pid == h.pid {
			j.tell(h, Scheduler)
			return
		}
	}
	for _, what := range h.whats {
		j.aside[what] = j.aside[what].with(h.device)
	}
}

// tell takes what a host started for that of its class.
func (j *judge) tell(h *host, is Class) {
	for _, what := range h.whats {
		if is == Scheduler {
			j.sure[what] = j.sure[what].with(h.device)
		} else {
			j.foreign[what] = true
			j.others.add(what)
		}
	}
}

// isKin reports whether a host runs several things that only the scheduler starts, and
// nothing that only other services do.
func (j *judge) isKin(h *host) bool {
	witnesses := 0
	for _, what := range h.whats {
		switch {
		case j.speaks(what):
			witnesses++
		case j.foreign[what] && len(j.sure[what]) == 0:
			return false
		}
	}
	return witnesses >= Fewest
}

// speaks reports whether only the scheduler starts a command.
func (j *judge) speaks(what uint64) bool {
	on := len(j.sure[what])
	return on >= Fewest && len(j.aside[what])*doubt <= on && !j.others.has(what)
}
