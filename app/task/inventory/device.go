package inventory

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/task/definition"
)

// device is what its tasks do on the device that was added last, by their names: of the runs
// that are added next it tells what their tasks were defined to do then.
type device struct {
	name string // in lower case
	has  map[*named]*history
}

// history is what a task does on a device.
type history struct {
	definitions []inForce // in order of time, as soon as it is settled
	distinct    []inForce // each once, the latest first
	logged      origin    // where no definition is known
}

// inForce is a definition from some time on.
type inForce struct {
	at  event.Time
	as  does
	has *definition.Task
}

// of returns what a task does on the device.
func (d *device) of(n *named) *history {
	h := d.has[n]
	if h == nil {
		h = &history{}
		d.has[n] = h
	}
	return h
}

// on returns what else tells what a task does on a device at a time.
func (d *device) on(n *named, name string, at event.Time) origin {
	h := d.has[n]
	if h == nil || d.name != name {
		return origin{}
	}
	if f := h.at(at); f != nil {
		return f.as.origin()
	}
	return h.logged
}

// settle brings the definitions in order. One that was registered again is one.
func (h *history) settle() {
	slices.SortFunc(h.definitions, func(a, b inForce) int { return cmp.Or(cmp.Compare(a.at, b.at), a.as.compare(&b.as)) })
	h.definitions = slices.CompactFunc(h.definitions, func(a, b inForce) bool { return a.as == b.as })
	told := make(map[does]bool)
	for _, f := range slices.Backward(h.definitions) {
		if !told[f.as] {
			told[f.as] = true
			h.distinct = append(h.distinct, f)
		}
	}
}

// at returns the definition in force at a time, nil without any: before the first one that is
// known, that one.
func (h *history) at(at event.Time) *inForce {
	if len(h.definitions) == 0 {
		return nil
	}
	after := sort.Search(len(h.definitions), func(i int) bool { return h.definitions[i].at > at })
	return &h.definitions[max(after-1, 0)]
}

// starting returns the definition that starts a program: that in force if it does, else the
// latest one that does; nil without any. An event may tell of none.
func (h *history) starting(image string, at event.Time) *inForce {
	if now := h.at(at); now == nil || image == "" || mayStart(now.has, image) {
		return now
	}
	for i := range h.distinct {
		if f := &h.distinct[i]; mayStart(f.has, image) {
			return f
		}
	}
	return nil
}

// mayStart reports whether a task may start a program, as far as the program's name tells. What
// hosts a COM handler, and what a variable stands for, is not known.
func mayStart(d *definition.Task, image string) bool {
	return slices.ContainsFunc(d.Actions, func(a definition.Action) bool { return actionStarts(a.Command, image) })
}

func actionStarts(program, image string) bool {
	return program == "" || strings.ContainsAny(definition.BaseName(program), "%$") || definition.SameProgram(program, image)
}
