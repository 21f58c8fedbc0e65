package sieve

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// start, conn and end are events of the process with an id; 0 is none.
func start(id, parent uint64, flags Flags) Entry {
	return Entry{Self: id, Other: parent, PID: uint32(1000 + id), Flags: FlagsOf(event.ProcessStart) | flags}
}

func conn(id, record uint64) Entry {
	return Entry{Self: id, Other: record, PID: uint32(1000 + id), Flags: FlagsOf(event.NetworkConnection)}
}

func end(id, record uint64) Entry {
	return Entry{Self: id, Other: record, PID: uint32(1000 + id), Flags: FlagsOf(event.ProcessEnd)}
}

// with changes an entry.
func (e Entry) with(change func(*Entry)) Entry {
	change(&e)
	return e
}

func pid(pid uint32) func(*Entry) { return func(e *Entry) { e.PID = pid } }

func parentPID(pid uint32) func(*Entry) { return func(e *Entry) { e.ParentPID = pid } }

// What other events tell of process ids: whose children may be roots, and whose holders
// count. Words that say otherwise stand.
func TestSelectTold(t *testing.T) {
	writer := func(e *Entry) { e.ParentPID = 700 }
	entries := []Entry{
		start(1, 9, ParentUnsure).with(writer), start(2, 9, ParentUnsure), start(3, 8, ParentUnsure), start(4, 7, 0).with(writer),
		start(5, 6, 0).with(pid(55)), start(10, 1, 0), conn(10, 50), conn(3, 51), start(11, 6, ParentUnsure),
	}
	var s Sieve
	for _, c := range []struct {
		told Told
		want []int
	}{
		{Told{}, nil},
		{Told{Writers: []uint32{700}}, []int{0, 1, 5, 6}},
		{Told{Writers: []uint32{1, 2}}, nil},
		{Told{Claimed: map[uint32]struct{}{99: {}, 500: {}}}, nil},
		{Told{Claimed: map[uint32]struct{}{1001: {}}}, []int{0, 1, 5, 6}}, // its parent starts another
		{Told{Claimed: map[uint32]struct{}{1003: {}, 1004: {}}}, []int{2, 7}},
		{Told{Tied: []uint32{55}}, []int{4}},
	} {
		if got := places(s.Select(entries, false, c.told).Keep); !slices.Equal(got, c.want) {
			t.Errorf("told %+v, it keeps %v, want %v", c.told, got, c.want)
		}
	}
}

// Who is let through, by rule. kept lists the places of the entries.
func TestSelect(t *testing.T) {
	for name, c := range map[string]struct {
		entries []Entry
		kept    []int
		orphans int
	}{
		"a tree, and what is beside it": {
			entries: []Entry{start(1, 9, ParentScheduler), start(2, 1, 0), start(3, 8, 0), start(4, 3, 0), conn(2, 50), conn(3, 51), end(2, 52), end(4, 53)},
			kept:    []int{0, 1, 4, 6},
		},
		"children before their parents": {
			entries: []Entry{conn(3, 50), start(3, 2, 0), start(2, 1, 0), start(1, 9, ParentScheduler)},
			kept:    []int{0, 1, 2, 3},
		},
		"the scheduler itself, with its child": {
			entries: []Entry{start(9, 8, Scheduler), start(1, 9, ParentUnsure), start(2, 1, 0), start(8, 7, 0)},
			kept:    []int{0, 1, 2},
		},
		"another child names the scheduler": {
			entries: []Entry{start(1, 9, ParentUnsure), start(2, 9, ParentScheduler), start(3, 8, ParentUnsure)},
			kept:    []int{0, 1},
		},
		"the parent's words count": {
			entries: []Entry{start(9, 8, 0), start(1, 9, ParentScheduler)},
			kept:    []int{0, 1},
		},
		"orphans are counted, not kept": {
			entries: []Entry{conn(7, 50), conn(7, 51), conn(8, 52), start(1, 0, 0), conn(1, 53)},
			orphans: 3,
		},
		"what may be there twice": {
			entries: []Entry{start(1, 0, 0), start(1, 0, 0), start(2, 1, 0), conn(1, 50), start(3, 0, 0), conn(3, 51), conn(3, 51), conn(7, 52), conn(7, 52), end(8, 53), end(8, 53), end(3, 54)},
			kept:    []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11},
		},
		"its own parent": {
			entries: []Entry{start(1, 1, 0), start(2, 1, 0)},
			kept:    []int{0},
		},
		"a loop of parents": {
			entries: []Entry{start(1, 3, 0), start(2, 1, 0), start(3, 2, 0), conn(8, 50), start(5, 0, 0)},
			kept:    []int{0, 1, 2, 3, 4},
		},
		"a connection by process id alone, and all that had the process id": {
			entries: []Entry{conn(0, 50).with(pid(7)), start(1, 0, 0).with(pid(7)), start(2, 0, 0).with(pid(7)), end(2, 51), start(3, 0, 0), end(3, 52)},
			kept:    []int{0, 1, 2, 3},
		},
		"an end by process id alone": {
			entries: []Entry{end(0, 50).with(pid(7)), start(1, 0, 0).with(pid(7)), start(2, 0, 0)},
			kept:    []int{0, 1},
		},
		"a parent by process id alone": {
			entries: []Entry{start(1, 9, ParentScheduler).with(pid(7)), start(2, 0, 0).with(parentPID(7)), start(3, 2, 0), conn(3, 50), start(4, 0, 0).with(parentPID(8)), start(5, 4, 0)},
			kept:    []int{0, 1, 2, 3, 4},
		},
		"a parent by process id alone that may be the scheduler": {
			entries: []Entry{start(9, 8, Scheduler).with(pid(7)), start(2, 0, ParentUnsure).with(parentPID(7)), start(3, 2, 0), conn(3, 50)},
			kept:    []int{0, 1, 2, 3},
		},
		"no parent at all": {
			entries: []Entry{start(2, 0, ParentUnsure), start(3, 2, 0)},
		},
		"a new spelling, with the process that the connection belongs to": {
			entries: []Entry{conn(1, 50).with(func(e *Entry) { e.Flags |= NewSpelling }), start(1, 0, 0), start(2, 0, NewSpelling), start(3, 2, 0), end(1, 51)},
			kept:    []int{0, 1, 2, 4},
		},
		"what was read already": {
			entries: []Entry{start(1, 0, Read), start(2, 0, 0)},
			kept:    []int{0},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var s Sieve
			for range 2 { // the sieve is used again
				got := s.Select(c.entries, false, Told{})
				if kept := places(got.Keep); !slices.Equal(kept, c.kept) || got.Orphans != c.orphans {
					t.Errorf("kept %v and %d orphans, want %v and %d", kept, got.Orphans, c.kept, c.orphans)
				}
			}
			if all := s.Select(c.entries, true, Told{}); len(places(all.Keep)) != len(c.entries) || all.Orphans != 0 {
				t.Errorf("beside other events kept %v and %d orphans, want all and none", places(all.Keep), all.Orphans)
			}
		})
	}
}

// An end of which the time is enough is that of a process of a tree with one start event, that
// nothing but its id ties, and that is not there twice.
func TestSelectBrief(t *testing.T) {
	spelled := func(e *Entry) { e.Flags |= NewSpelling }
	tree := []Entry{start(1, 9, ParentScheduler), start(2, 1, 0), start(3, 0, 0)}
	for name, c := range map[string]struct {
		entries []Entry
		brief   []int
	}{
		"in the tree, and not":       {[]Entry{end(1, 50), end(2, 51), end(3, 52), end(7, 53), conn(2, 54)}, []int{3, 4}},
		"a new spelling":             {[]Entry{end(1, 50).with(spelled), end(2, 51)}, []int{4}},
		"there twice, beside others": {[]Entry{end(1, 50), end(2, 51), end(1, 50)}, []int{4}},
		"two ends of one process":    {[]Entry{end(1, 50), end(1, 51)}, []int{3, 4}},
		"two starts of one id":       {[]Entry{start(2, 1, 0), end(1, 50), end(2, 51)}, []int{4}},
		"by its process id alone":    {[]Entry{end(0, 50).with(pid(1001)), end(1, 51), end(2, 52)}, []int{5}},
	} {
		t.Run(name, func(t *testing.T) {
			var s Sieve
			entries := slices.Concat(tree, c.entries)
			for range 2 { // the sieve is used again
				got := s.Select(entries, false, Told{})
				if brief := places(got.Brief); !slices.Equal(brief, c.brief) {
					t.Errorf("%v are known by their keys, want %v", brief, c.brief)
				}
			}
			if all := s.Select(entries, true, Told{}); len(places(all.Brief)) != 0 {
				t.Errorf("beside other events %v are known by their keys", places(all.Brief))
			}
		})
	}
}

// Processes that may all be each other's parents take no more room than others.
func TestSelectGivesUpInTime(t *testing.T) {
	var entries []Entry
	for i := range uint64(3000) {
		entries = append(entries, start(1+i, 0, 0).with(pid(7)), start(10_000+i, 0, 0).with(parentPID(7)))
	}
	var s Sieve
	if got := s.Select(entries, false, Told{}); len(places(got.Keep)) != len(entries) {
		t.Errorf("kept %d of %d", len(places(got.Keep)), len(entries))
	}
	if len(s.edges) > mostEdges*len(entries) {
		t.Errorf("%d edges for %d entries", len(s.edges), len(entries))
	}
}

func places(keep []bool) (at []int) {
	for i, k := range keep {
		if k {
			at = append(at, i)
		}
	}
	return at
}

// The order of events has no say in who is let through.
func TestSelectInAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	for range 3000 {
		var entries []Entry
		for range 2 + r.IntN(30) {
			id, other := r.Uint64N(12), r.Uint64N(12)
			e := []Entry{start(id, other, Flags(r.IntN(32))<<3&^Read), conn(id, 1000*id+100+other), end(id, 1000*id+200+other)}[r.IntN(3)]
			e.PID, e.ParentPID = uint32(1+r.IntN(9)), uint32(r.IntN(9))
			entries = append(entries, e)
		}
		want := told(entries)
		r.Shuffle(len(entries), func(i, j int) { entries[i], entries[j] = entries[j], entries[i] })
		if got := told(entries); got != want {
			t.Fatalf("kept\n%s\nwant, as in another order,\n%s", got, want)
		}
	}
}

func told(entries []Entry) string {
	var s Sieve
	selected := s.Select(entries, false, Told{})
	var lines []string
	for i, keep := range selected.Keep {
		lines = append(lines, fmt.Sprint(entries[i], keep))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n") + fmt.Sprint(selected.Orphans)
}

func TestTableIsAMap(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 1))
	var table table
	for range 50 {
		table.reset(r.IntN(100))
		oracle := map[uint64]int32{}
		for i := range int32(500) {
			hash := 1 + r.Uint64N(300)<<(8*r.IntN(7))
			want, known := oracle[hash]
			if !known {
				want = none
			}
			if got := table.get(hash); got != want {
				t.Fatalf("get(%x) = %d, want %d", hash, got, want)
			}
			if !known {
				oracle[hash], want = i, i
			}
			if got := table.set(hash, i); got != want {
				t.Fatalf("set(%x) = %d, want %d", hash, got, want)
			}
		}
	}
	if table.get(0) != none || table.set(0, 7) != 7 || table.get(0) != none {
		t.Error("the hash of nothing is known")
	}
}

// Ids that differ in one bit, or in their device only, have other hashes.
func TestHashes(t *testing.T) {
	h := NewHasher()
	device := h.Device([]byte("a"))
	seen := map[uint64]string{h.ID(device, event.ID{Hi: 1, Lo: 1}): "plain", h.ID(h.Device([]byte("b")), event.ID{Hi: 1, Lo: 1}): "device"}
	for bit := range 128 {
		id := event.ID{Hi: 1, Lo: 1}
		if bit < 64 {
			id.Hi ^= 1 << bit
		} else {
			id.Lo ^= 1 << (bit - 64)
		}
		seen[h.ID(device, id)] = fmt.Sprint(bit)
	}
	k := event.Keys{Kind: event.NetworkConnection, Record: 5, Stamp: 6}
	seen[h.Record(1, &k)] = "record"
	for _, other := range []event.Keys{{Kind: event.NameLookup, Record: 5, Stamp: 6}, {Kind: event.NetworkConnection, Record: 6, Stamp: 5}, {Kind: event.NetworkConnection, Record: 5}} {
		seen[h.Record(1, &other)] = "other record"
	}
	if want := 2 + 128 + 4; len(seen) != want {
		t.Errorf("%d hashes, want %d", len(seen), want)
	}
	if h.ID(device, event.ID{}) != 0 {
		t.Error("no id has a hash")
	}
}
