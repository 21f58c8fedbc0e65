package inventory

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Run is one run of a task, as a hunt knows it by its tree.
type Run struct {
	Task         string // its name, "" where it is not known
	Logged       bool   // the scheduler's log tells of it: it is counted by its events
	Device       string
	Template     string   // of the root's command
	Command      string   // the root's
	Destinations []string // what its processes connected to
	At           event.Time
}

// mostReached is how many destinations of a task are remembered, and mostShown of how many a
// row has the names.
const (
	mostReached = 1 << 12
	mostShown   = 20
)

// AddRun adds a run. Runs of which nobody knows the task are gathered by their template.
func (v *Inventory) AddRun(r *Run) {
	e := v.unnamed[r.Template]
	switch {
	case r.Task != "":
		n := v.named(r.Task)
		e = n.does(does{how: started, action: r.Template, on: v.device.on(n, strings.ToLower(r.Device), r.At)}).entry
	case e == nil:
		e = newEntry("")
		v.unnamed[r.Template] = e
	}
	on := e.on(strings.ToLower(r.Device))
	e.templates[r.Template] = true
	e.sources["tree"] = true
	e.seen(r.At)
	e.command = least(e.command, r.Command)
	if !r.Logged {
		on.trees++
	}
	for _, d := range r.Destinations {
		if len(e.destinations) < mostReached || e.destinations[d] {
			e.destinations[d] = true
		}
	}
}

// Rename calls templates by what they are called now: several may turn out to be one.
func (v *Inventory) Rename(now func(template string) string) {
	was := v.unnamed
	v.unnamed = make(map[string]*entry, len(was))
	for template, e := range was {
		to := now(template)
		e.templates = map[string]bool{to: true}
		if v.unnamed[to] == nil {
			v.unnamed[to] = e
			continue
		}
		v.unnamed[to].join(e)
	}
	for _, n := range v.tasks {
		n.rename(now)
	}
}

// SetFinding notes the finding of a task, by its name, or by its template where that is
// not known. The first one that is told counts.
func (v *Inventory) SetFinding(name, template, id, score string) {
	if name != "" {
		n := v.named(name)
		n.findings = append(n.findings, told{template, id, score})
		return
	}
	if e := v.unnamed[template]; e != nil && e.finding == "" {
		e.finding, e.score = id, score
	}
}

// nameRuns gives the runs without a name to the only task that has runs of their template.
func (v *Inventory) nameRuns() {
	of := make(map[string]*evidence)
	name := make(map[string]*named) // that has runs of a template, nil for several
	for _, n := range v.tasks {
		for key, e := range n.known {
			if key.how != started {
				continue
			}
			if other, told := name[key.action]; told && other != n {
				name[key.action] = nil
				continue
			}
			name[key.action] = n
			if was := of[key.action]; was == nil || key.on.compare(&was.key.on) < 0 {
				of[key.action] = e
			}
		}
	}
	for template, e := range v.unnamed {
		if name[template] != nil {
			of[template].join(e)
			delete(v.unnamed, template)
		}
	}
}

// join adds what else is known.
func (e *entry) join(o *entry) {
	for device, more := range o.devices {
		e.on(device).add(more)
	}
	maps.Copy(e.sources, o.sources)
	maps.Copy(e.templates, o.templates)
	maps.Copy(e.destinations, o.destinations)
	e.seen(o.first)
	e.seen(o.last)
	for template, program := range o.programs {
		e.programs[template] = least(e.programs[template], program)
	}
	e.action, e.command, e.by = least(e.action, o.action), least(e.command, o.command), least(e.by, o.by)
	if o.defined != nil {
		e.define(o.defined, o.definedAt, o.content, o.audited)
	}
	if e.finding == "" {
		e.finding, e.score = o.finding, o.score
	}
}

// template is that of its runs; several are lines.
func (e *entry) template() string { return strings.Join(slices.Sorted(maps.Keys(e.templates)), "\n") }

// reached lists the destinations of its runs, a line each.
func (e *entry) reached() string {
	all := slices.Sorted(maps.Keys(e.destinations))
	if left := len(all) - mostShown; left > 0 {
		all = append(all[:mostShown], fmt.Sprintf("and %d more", left))
	}
	return strings.Join(all, "\n")
}
