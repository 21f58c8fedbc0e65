package kql

import (
	"cmp"
	"hash/maphash"
	"slices"
)

// children finds processes by the key of what started them: the right side of the
// five joins. It is a hash table whose buckets are lists within two arrays, so that a
// million events cost little.
type children struct {
	*tables
	match bool // null keys match
	seed  maphash.Seed
	first []int32 // by hash: the first event, -1 for none
	next  []int32 // by event
}

// newChildren lists the events within the lookback.
func newChildren(t *tables, w *window, match bool) *children {
	size := 1
	for size < int(t.processes.n) {
		size *= 2
	}
	c := &children{tables: t, match: match, seed: maphash.MakeSeed(), first: make([]int32, size), next: make([]int32, t.processes.n)}
	for i := range c.first {
		c.first[i] = -1
	}
	for i := range t.processes.n {
		if p := t.processes.at(i); w.inLookback(p.timestamp) {
			c.insert(i, p)
		}
	}
	return c
}

// insert adds an event, unless its key is null and so equals nothing. An event of
// Sysmon's without a ProcessGuid of its own is no child: nothing could be joined to it.
func (c *children) insert(i int32, p *process) {
	k := c.parentKey(p)
	if c.isUnmatched(&k) || c.sysmon && p.guid == 0 {
		return
	}
	bucket := c.bucket(k)
	c.next[i], c.first[bucket] = c.first[bucket], i
}

func (c *children) isUnmatched(k *key) bool { return k.isNull(c.sysmon) && (c.sysmon || !c.match) }

func (c *children) bucket(k key) uint64 {
	return maphash.Comparable(c.seed, k) & uint64(len(c.first)-1)
}

// of appends the events that name k as the process that started them, in an order
// that depends on what they say and not on when they came.
func (c *children) of(k key, dst []int32) []int32 {
	if c.isUnmatched(&k) {
		return dst
	}
	for i := c.first[c.bucket(k)]; i >= 0; i = c.next[i] {
		if c.parentKey(c.processes.at(i)) == k {
			dst = append(dst, i)
		}
	}
	slices.SortFunc(dst, func(a, b int32) int { return -c.compare(a, b) })
	return dst
}

// compare orders two processes as the tie rule does: creation time and id first.
func (t *tables) compare(a, b int32) int {
	x, y := t.processes.at(a), t.processes.at(b)
	if c := cmp.Or(compareTimes(x.creationTime, y.creationTime), cmp.Compare(x.id, y.id)); c != 0 {
		return c
	}
	return cmp.Or(
		t.symbols.Compare(x.fileName, y.fileName), t.texts.compare(x.commandLine, y.commandLine),
		compareTimes(x.timestamp, y.timestamp), t.compareDetails(a, b))
}
