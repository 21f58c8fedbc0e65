package inventory

import "github.com/schtaskhunt/schtaskhunt/app/event"

// ran is how often a task ran on a device, by each that tells of it.
type ran struct {
	processes int // events 129
	instances int // runs of which events 200 tell that they began
	trees     int // that the scheduler's log tells nothing of
}

// runs is how often it ran at least. A log may have lost its events 129, or a collector dropped
// them, and what runs in a host that is there already has none: then the instances are more. A
// task of several actions has more processes than instances.
func (r *ran) runs() int { return max(r.processes, r.instances) + r.trees }

func (r *ran) add(o *ran) {
	r.processes += o.processes
	r.instances += o.instances
	r.trees += o.trees
}

// on returns what ran of the task on a device, by its name in lower case.
func (e *entry) on(device string) *ran {
	if e.devices[device] == nil {
		e.devices[device] = &ran{}
	}
	return e.devices[device]
}

// runs is how often the task ran on all devices.
func (e *entry) runs() (n int) {
	for _, on := range e.devices {
		n += on.runs()
	}
	return n
}

// instance is a run of a task on a device, as the scheduler's log numbers it.
type instance struct {
	task, device event.Sym // in lower case
	number       event.ID
}

// instances has the runs that were told.
type instances map[instance]bool

// begins reports whether an event is the first that tells that a run began. A run that the log
// does not number begins with each.
func (n instances) begins(t *event.Task, symbols *event.Symbols) bool {
	if t.Act != event.ActionStarted || t.Instance.IsZero() {
		return t.Act == event.ActionStarted
	}
	one := instance{symbols.Fold(t.Name), symbols.Fold(t.Device), t.Instance}
	told := n[one]
	n[one] = true
	return !told
}
