// Package census keeps what hunts counted, as rows: written by one, united with those of
// others, read by a later one. Everything that is counted is a set of devices and days or
// an earliest and latest time, so that a union is the same in any order and any split, and
// what two runs both saw counts once.
package census

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
)

// Version is that of the rows that are written. Older ones are read from version oldest on;
// rows of others are refused. In version 1 shares do not tell of contacts, and before version 3
// no claims were counted: those of the days that such a census has are not known.
const (
	Version = 3
	oldest  = 1
)

// Census is what runs counted. It is not safe for concurrent use.
type Census struct {
	Options string              // what it was counted under: other options count other things
	Runs    map[string]struct{} // the runs that were read, by their ids
	Empty   []string            // files that have a header and no run

	devices   map[ID]*watch
	tasks     map[string]*thing // by template
	facts     map[factKey]*thing
	addresses map[answer]event.Time // when it was last true
	commands  map[uint64]*ran
	chains    map[uint64]*ran
	shapes    map[shape]struct{}
	calls     map[called]map[ID]*calls
}

// ID stands for a device: a digest of its name.
type ID uint64

// IDOf returns that of a name, whatever its case.
func IDOf(name string) ID {
	sum := sha256.Sum256([]byte("device|" + strings.ToLower(name)))
	return ID(binary.BigEndian.Uint64(sum[:]))
}

// factKey is a fact of a task.
type factKey struct {
	task string // its template
	kind rarity.Kind
	text string
}

// watch is when a device was watched.
type watch struct {
	rarity.Watched
	days Days
}

// answer is an address and a destination that it stands for, one of any number; "" for
// several of which nobody has written which.
type answer struct{ address, name string }

// New returns a census that has counted nothing, under options.
func New(options string) *Census {
	return &Census{
		Options: options, Runs: make(map[string]struct{}), devices: make(map[ID]*watch), tasks: make(map[string]*thing),
		facts: make(map[factKey]*thing), addresses: make(map[answer]event.Time), commands: make(map[uint64]*ran),
		chains: make(map[uint64]*ran), shapes: make(map[shape]struct{}), calls: make(map[called]map[ID]*calls),
	}
}

// Devices returns how many devices were watched.
func (c *Census) Devices() int { return len(c.devices) }

// Tasks returns how many templates there are.
func (c *Census) Tasks() int {
	if c.tasks[rarity.AnyTask] != nil {
		return len(c.tasks) - 1
	}
	return len(c.tasks)
}

// Span returns when devices were watched first and last.
func (c *Census) Span() (first, last event.Time) {
	for _, w := range c.devices {
		first, last = earlier(first, w.First), max(last, w.Last)
	}
	return first, last
}

// earlier returns the earlier of two times, of which either may be absent.
func earlier(a, b event.Time) event.Time {
	if a == event.NoTime || (b != event.NoTime && b < a) {
		return b
	}
	return a
}

// Unite adds what another census counted, which is not to be used any more.
func (c *Census) Unite(o *Census) {
	for run := range o.Runs {
		c.Runs[run] = struct{}{}
	}
	for id, w := range o.devices {
		c.watched(id, w)
	}
	for template, t := range o.tasks {
		unite(c.tasks, template, t)
	}
	for key, t := range o.facts {
		unite(c.facts, key, t)
	}
	for one, last := range o.addresses {
		c.answered(one, last)
	}
	uniteRan(c.commands, o.commands)
	uniteRan(c.chains, o.chains)
	for shape := range o.shapes {
		c.shapes[shape] = struct{}{}
	}
	c.uniteCalls(o)
}

func unite[K comparable](all map[K]*thing, key K, t *thing) {
	if was := all[key]; was != nil {
		was.unite(t)
		return
	}
	all[key] = t
}

func (c *Census) watched(id ID, w *watch) {
	was := c.devices[id]
	if was == nil {
		c.devices[id] = w
		return
	}
	was.First, was.Last = earlier(was.First, w.First), max(was.Last, w.Last)
	was.Kinds |= w.Kinds
	was.days = was.days.Union(w.days)
}

func (c *Census) answered(a answer, last event.Time) { c.addresses[a] = max(c.addresses[a], last) }

// taskID is the short form of a template by which other rows refer to it.
func taskID(template string) string {
	sum := sha256.Sum256([]byte("template|" + template))
	return hex.EncodeToString(sum[:8])
}
