package kql

import "slices"

// children finds processes by the key of what started them: the right side of the
// five joins. It is a hash table whose buckets are lists within two arrays, so that a
// million events cost little. Both hold an index plus one, 0 for none.
type children struct {
	*tables
	match bool    // null keys match
	first []int32 // by hash
	next  []int32 // by event
}

// newChildren lists the events within the lookback. Each side fills a part of the
// buckets, for which it goes through all hashes: that takes less than waiting for each
// other.
func newChildren(t *tables, w *window, match bool) *children {
	size := 1
	for size < t.processes.len() {
		size *= 2
	}
	c := &children{tables: t, match: match, first: make([]int32, size), next: make([]int32, t.processes.end())}
	n := min(sides(), size)
	sideBySide(n, func(side int) {
		from, to := share(size, side, n)
		c.fill(w, keyHash(from), keyHash(to))
	})
	return c
}

// fill fills the buckets in a range. Events whose key equals none have no hash.
func (c *children) fill(w *window, from, to keyHash) {
	all, mask := w.hasAll(), keyHash(len(c.first)-1)
	for n, page := range c.parents.split() {
		for at, hash := range page {
			bucket := hash & mask
			if hash == 0 || bucket < from || bucket >= to {
				continue
			}
			i := int32(n*pageSize + at)
			if all || w.inLookback(c.processes.at(i).timestamp) {
				c.next[i], c.first[bucket] = c.first[bucket], i+1
			}
		}
	}
}

// of appends the events that name k as the process that started them, in an order
// that depends on what they say and not on when they came.
func (c *children) of(k key, dst []int32) []int32 {
	if k.isUnmatched(c.sysmon, c.match) {
		return dst
	}
	hash := c.hash(&k)
	for i := c.first[int(hash)&(len(c.first)-1)] - 1; i >= 0; i = c.next[i] - 1 {
		if *c.parents.at(i) != hash {
			continue
		}
		if parent := c.processes.at(i).parentKey(c.sysmon); c.equalKeys(&parent, &k) {
			dst = append(dst, i)
		}
	}
	if len(dst) > 1 {
		slices.SortFunc(dst, func(a, b int32) int { return -c.compare(a, b) })
	}
	return dst
}
