package realistic

import "slices"

// kind is a kind of scheduled task: what it runs, when, and on which devices.
type kind struct {
	id       string // unique: its dice hang on it
	group    string // common, tail, churn or planted
	task     string // \Folder\Name, with placeholders
	author   string
	under    string // preset of root= whose programs start it; the Task Scheduler where empty
	when     trigger
	editions []edition    // by time; the first from the beginning
	share    float64      // share of the devices that have it
	devices  []int        // these devices instead
	where    class        // only on such devices; anyone where empty
	from     Time         // when it was installed; 0: long before the log
	spread   Time         // the devices follow within this span
	until    Time         // when it is removed; 0: never
	joined   map[int]Time // when single devices got it
}

// edition is what a task runs from some time on.
type edition struct {
	from, spread Time  // devices follow within spread
	on           []int // only these devices; nil: all
	version      string
	class        string // class id of the COM handler that the root is the host of; empty for a program
	root         node
	retasked     bool   // the task itself was written anew: 140 and 4702
	after        Time   // not before it, whatever the others say
	plant        *plant // the channel whose runs these are; nil: benign
}

// trigger says when a task runs.
type trigger struct {
	on      triggerKind
	every   Time    // every, random (mean)
	at      Time    // daily, weekly: time of day
	delay   Time    // random delay at each run
	jitter  float64 // share of every by which each interval differs, adding up
	catchUp bool    // missed runs are made up for when the device wakes
	atOnce  bool    // runs when it is set up, too
}

type triggerKind uint8

const (
	every triggerKind = iota
	daily
	weekly
	atLogon
	atBoot
	random
	once
)

// has reports whether the device of the machine has the task at all.
func (k *kind) has(m *machine) bool {
	switch {
	case k.where != "" && k.where != m.class.base():
		return false
	case k.devices != nil:
		return slices.Contains(k.devices, m.Index)
	}
	return m.dice("has", k.id).chance(k.share)
}

// span returns from when to when the device has the task.
func (k *kind) span(m *machine) (from, to Time) {
	from, to = k.from, m.w.to
	if k.from > 0 && k.spread > 0 {
		from += m.dice("installed", k.id).between(0, k.spread)
	}
	if k.until > 0 {
		to = min(to, k.until)
	}
	return max(from, m.born, k.joined[m.Index]), to
}

// edition returns what the task runs on a device at a time.
func (k *kind) edition(m *machine, at Time) *edition {
	best := &k.editions[0]
	for i := range k.editions {
		e := &k.editions[i]
		if e.on != nil && !slices.Contains(e.on, m.Index) {
			continue
		}
		if e.start(k, m) <= at {
			best = e
		}
	}
	return best
}

// start is when the edition comes to the device.
func (e *edition) start(k *kind, m *machine) Time {
	if e.spread == 0 {
		return max(e.from, e.after)
	}
	return max(e.after, e.from+m.dice("edition", k.id, e.version).between(0, e.spread))
}
