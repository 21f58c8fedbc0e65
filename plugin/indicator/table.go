package indicator

import (
	"cmp"
	"encoding/binary"
	"net/netip"
	"slices"
	"unsafe"
)

// key is what a table is sorted by: a value without pointers.
type key[K any] interface {
	compare(K) int
}

// entry is a key with the note of a list, while lists are read.
type entry[K any] struct {
	key  K
	note uint32
}

// table maps keys to notes by binary search.
type table[K key[K]] struct {
	keys  []K
	notes []uint32
}

// newTable makes a table of entries, which it sorts. ids has the settled ids of the
// entries' notes. Of equal keys the best note stays.
func newTable[K key[K]](entries []entry[K], ids []uint32) (t table[K]) {
	for i := range entries {
		entries[i].note = ids[entries[i].note]
	}
	slices.SortFunc(entries, func(a, b entry[K]) int {
		return cmp.Or(a.key.compare(b.key), cmp.Compare(a.note, b.note))
	})
	entries = slices.CompactFunc(entries, func(a, b entry[K]) bool { return a.key.compare(b.key) == 0 })
	t.keys, t.notes = make([]K, len(entries)), make([]uint32, len(entries))
	for i, e := range entries {
		t.keys[i], t.notes[i] = e.key, e.note
	}
	return t
}

func (t *table[K]) find(k K) (id uint32, found bool) {
	low, high := 0, len(t.keys)
	for low < high {
		middle := int(uint(low+high) >> 1)
		if t.keys[middle].compare(k) < 0 {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low == len(t.keys) || t.keys[low].compare(k) != 0 {
		return 0, false
	}
	return t.notes[low], true
}

func (t *table[K]) bytes() int {
	var k K
	return len(t.keys) * (int(unsafe.Sizeof(k)) + 4)
}

// v4 is an IPv4 address, or the network that begins there.
type v4 uint32

func keyV4(a netip.Addr) v4 {
	b := a.As4()
	return v4(binary.BigEndian.Uint32(b[:]))
}

func (k v4) compare(o v4) int { return cmp.Compare(k, o) }

func (k v4) masked(bits int) v4 { return k &^ (1<<(32-bits) - 1) }

// v6 is an IPv6 address, or the network that begins there.
type v6 struct{ hi, lo uint64 }

func keyV6(a netip.Addr) v6 {
	b := a.As16()
	return v6{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])}
}

func (k v6) compare(o v6) int {
	if k.hi != o.hi {
		return cmp.Compare(k.hi, o.hi)
	}
	return cmp.Compare(k.lo, o.lo)
}

func (k v6) masked(bits int) v6 {
	if bits <= 64 {
		return v6{hi: k.hi &^ (1<<(64-bits) - 1)}
	}
	return v6{k.hi, k.lo &^ (1<<(128-bits) - 1)}
}

// digest is a SHA-256.
type digest [4]uint64

func newDigest(raw [32]byte) (d digest) {
	for i := range d {
		d[i] = binary.BigEndian.Uint64(raw[8*i:])
	}
	return d
}

func (d digest) compare(o digest) int {
	for i := range d {
		if d[i] != o[i] {
			return cmp.Compare(d[i], o[i])
		}
	}
	return 0
}
