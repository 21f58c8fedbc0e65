package inventory

import (
	"cmp"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/rarity/template"
	"github.com/schtaskhunt/schtaskhunt/app/task/definition"
)

// named is all that is known of the tasks of one name. They may do different things on
// different devices, or from one day to the next: a name that was kept with another action is
// what the list is for.
type named struct {
	name     string
	known    map[does]*evidence
	findings []told // in order of their scores

	content string // the last definition that was read, which most devices share
	parsed  *definition.Task
}

// does is what a task does, as one thing tells it.
type does struct {
	how    how
	manner manner // of a definition
	action string // its template
	on     origin // of a run
}

// origin is what else told what the task does where a run was.
type origin struct {
	how    how
	manner manner
	action string
}

// how a thing tells what a task does.
type how uint8

// The ways, the surest first.
const (
	defined   how = iota + 1 // by a definition
	commanded                // by a command line of which it has no more
	logged                   // by the programs in a device's log
	started                  // by the command of a run
)

func (o *origin) compare(p *origin) int {
	return cmp.Or(cmp.Compare(o.how, p.how), cmp.Compare(o.action, p.action), o.manner.compare(&p.manner))
}

// compare has the surest first, and of what logs tell that which tells most.
func (d *does) compare(o *does) int {
	return cmp.Or(cmp.Compare(d.how, o.how), cmp.Compare(o.programs(), d.programs()), cmp.Compare(d.action, o.action), d.manner.compare(&o.manner), d.on.compare(&o.on))
}

// programs is how many programs a device's log has.
func (d *does) programs() int {
	if d.how != logged || d.action == "" {
		return 0
	}
	return 1 + strings.Count(d.action, "\n")
}

func (d *does) origin() origin { return origin{d.how, d.manner, d.action} }

// evidence is what was told of a task by things that tell alike what it does.
type evidence struct {
	*entry
	key      does
	exported map[int32]bool // files that it is of
}

// told is a finding, and the template that it is of.
type told struct{ template, id, score string }

func (v *Inventory) named(name string) *named {
	name = `\` + strings.TrimLeft(name, `\`)
	key := strings.ToLower(name)
	n := v.tasks[key]
	if n == nil {
		n = &named{name: name, known: make(map[does]*evidence)}
		v.tasks[key] = n
	}
	n.name = min(n.name, name) // of several spellings, whatever comes first
	return n
}

// does returns what is known of the task as far as it does that.
func (n *named) does(key does) *evidence {
	e := n.known[key]
	if e == nil {
		e = &evidence{entry: newEntry(n.name), key: key, exported: make(map[int32]bool)}
		n.known[key] = e
	}
	return e
}

// rename calls the templates of runs by what they are called now.
func (n *named) rename(now func(template string) string) {
	was := n.known
	n.known = make(map[does]*evidence, len(was))
	for key, e := range was {
		if key.how != started {
			n.known[key] = e
			continue
		}
		key.action = now(key.action)
		to := n.does(key)
		to.join(e.entry)
		to.templates = map[string]bool{key.action: true}
	}
}

// learnt returns what the actions are called that differ only in what varies from device to
// device. Files that were exported are of a device each, as far as anybody knows.
func (n *named) learnt() map[string]string {
	numbers := make(map[string]int32)
	var seen []template.Seen
	for _, e := range n.known {
		if e.key.how == started || e.key.programs() > 1 { // the hunt has learnt of runs
			continue
		}
		one := template.Seen{Template: e.key.action}
		for name := range e.devices {
			if numbers[name] == 0 {
				numbers[name] = -int32(len(numbers)) - 1
			}
			one.Devices = append(one.Devices, numbers[name])
		}
		for file := range e.exported {
			one.Devices = append(one.Devices, file)
		}
		seen = append(seen, one)
	}
	if len(seen) < 2 {
		return nil
	}
	return template.Learn(seen)
}
