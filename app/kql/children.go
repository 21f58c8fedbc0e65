package kql

import (
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/kql/keep"
)

// children finds processes by the key of what started them: the right side of the
// five joins. It is a hash table whose buckets are lists within two arrays, so that a
// million events cost little. Both hold an index plus one, 0 for none.
type children struct {
	*keep.Tables
	match bool    // null keys match
	first []int32 // by hash
	next  []int32 // by event
}

// newChildren lists the events within the lookback. Each side fills a part of the
// buckets, for which it goes through all hashes: that takes less than waiting for each
// other.
func newChildren(t *keep.Tables, w *keep.Window, match bool) *children {
	size := 1
	for size < t.Processes.Len() {
		size *= 2
	}
	c := &children{Tables: t, match: match, first: make([]int32, size), next: make([]int32, t.Processes.End())}
	n := min(sides(), size)
	sideBySide(n, func(side int) {
		from, to := share(size, side, n)
		c.fill(w, keep.KeyHash(from), keep.KeyHash(to))
	})
	return c
}

// fill fills the buckets in a range. Events whose key equals none have no hash.
func (c *children) fill(w *keep.Window, from, to keep.KeyHash) {
	all, mask := w.HasAll(), keep.KeyHash(len(c.first)-1)
	for n, page := range c.Parents.Split() {
		for at, hash := range page {
			bucket := hash & mask
			if hash == 0 || bucket < from || bucket >= to {
				continue
			}
			i := int32(n*keep.PageSize + at)
			if all || w.InLookback(c.Processes.At(i).Timestamp) {
				c.next[i], c.first[bucket] = c.first[bucket], i+1
			}
		}
	}
}

// of appends the events that name k as the process that started them, in an order
// that depends on what they say and not on when they came.
func (c *children) of(k keep.Key, dst []int32) []int32 {
	if k.IsUnmatched(c.Sysmon, c.match) {
		return dst
	}
	hash := c.Hash(&k)
	for i := c.first[int(hash)&(len(c.first)-1)] - 1; i >= 0; i = c.next[i] - 1 {
		if *c.Parents.At(i) != hash {
			continue
		}
		if parent := c.Processes.At(i).ParentKey(c.Sysmon); c.EqualKeys(&parent, &k) {
			dst = append(dst, i)
		}
	}
	if len(dst) > 1 {
		slices.SortFunc(dst, func(a, b int32) int { return -c.Compare(a, b) })
	}
	return dst
}
