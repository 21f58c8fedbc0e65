package hunt

import (
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/hold"
	"github.com/schtaskhunt/schtaskhunt/app/hold/sieve"
)

// logged is which kinds of events a device logs, one bit a kind.
type logged uint8

func (l *logged) add(kind event.Kind) { *l |= 1 << kind }

func (l logged) has(kind event.Kind) bool { return l>>kind&1 != 0 }

// logs are the kinds of the events of a partition, by device: those that are never read in
// full among them.
type logs struct {
	hasher sieve.Hasher
	kinds  map[uint64]logged
}

func newLogs(set *hold.Set) logs { return logs{set.Hasher(), make(map[uint64]logged)} }

func (l *logs) forget() { clear(l.kinds) }

// add adds rows of a device, known by its short name. Where several devices have that, all of
// their rows are read in full and add themselves.
func (l *logs) add(device uint64, entries []sieve.Entry) {
	kinds := l.kinds[device]
	for i := range entries {
		kinds.add(entries[i].Flags.Kind())
	}
	l.kinds[device] = kinds
}

// device returns the kinds of events that a device logs. What lies apart is a mapper's, and none
// of the device's.
func (l *logs) device(store *event.Store, apart func(event.Sym) bool) (kinds logged) {
	var name event.Sym
	kinds = kindsIn(store, func(device event.Sym) bool {
		if device != name && apart(device) {
			return false
		}
		name = device
		return true
	})
	return kinds | l.kinds[l.hasher.Device(event.HostName(store.Symbols.Bytes(name)))]
}

// kindsIn returns the kinds of the events of some devices.
func kindsIn(store *event.Store, of func(event.Sym) bool) (kinds logged) {
	for i := range store.Processes {
		if of(store.Processes[i].Device) {
			kinds.add(event.ProcessStart)
		}
	}
	for i := range store.Ends {
		if of(store.Ends[i].Device) {
			kinds.add(event.ProcessEnd)
		}
	}
	for i := range store.Connections {
		switch c := &store.Connections[i]; {
		case !of(c.Device):
		case c.Lookup:
			kinds.add(event.NameLookup)
		default:
			kinds.add(event.NetworkConnection)
		}
	}
	return kinds
}

// coverage says what the verdict on a tree lacks.
func (g *part) coverage(root int32) []string {
	device := g.roster.Actors[root].Device
	if g.isApart(device) {
		return kindsIn(g.store, func(d event.Sym) bool { return d == device }).lacks()
	}
	return g.logged.lacks()
}

// What a device does not log, as the column `coverage` has it.
const (
	noConnections = "no_connections"
	noLookups     = "no_dns"
	noEnds        = "no_process_end"
)

// lacks are what the verdict on a device's trees lacks, as the column `coverage` has it.
func (l logged) lacks() (lacks []string) {
	for _, c := range [...]struct {
		kind event.Kind
		name string
	}{{event.NetworkConnection, noConnections}, {event.NameLookup, noLookups}, {event.ProcessEnd, noEnds}} {
		if !l.has(c.kind) {
			lacks = append(lacks, c.name)
		}
	}
	return lacks
}
