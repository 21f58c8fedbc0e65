package identity

import (
	"hash/maphash"
	"math/bits"
)

// idTable maps the ids of processes to actors, by open addressing. Every process and
// every event of one is looked up in it.
type idTable struct {
	salt   uint64 // secret: nobody can write ids that all belong in one slot
	slots  []idSlot
	filled int
}

// idSlot is free when its id is the zero ID.
type idSlot struct {
	idKey
	at int32
}

// reset empties the table and gives it room for n ids; it grows where there are more.
func (t *idTable) reset(seed maphash.Seed, n int) {
	size := 1 << bits.Len(uint(2*n))
	if size > cap(t.slots) {
		t.slots = make([]idSlot, size)
	}
	t.salt, t.filled, t.slots = maphash.String(seed, ""), 0, t.slots[:size]
	clear(t.slots)
}

// get returns the actor with that id.
func (t *idTable) get(key idKey) (at int32, known bool) {
	p := t.slot(key)
	return p.at, !p.id.IsZero()
}

// setFirst is setFirst for an id that is not zero.
func (t *idTable) setFirst(key idKey, at int32) int32 {
	p := t.slot(key)
	if !p.id.IsZero() {
		return p.at
	}
	*p = idSlot{key, at}
	if t.filled++; 2*t.filled > len(t.slots) {
		t.grow()
	}
	return at
}

// slot returns where the id is or belongs.
func (t *idTable) slot(key idKey) *idSlot {
	mask := uint64(len(t.slots) - 1)
	for i := t.hash(key) & mask; ; i = (i + 1) & mask {
		if p := &t.slots[i]; p.id.IsZero() || p.idKey == key {
			return p
		}
	}
}

// hash multiplies as wyhash does: every bit of the key has a say in every bit.
func (t *idTable) hash(key idKey) uint64 {
	hi, lo := bits.Mul64(key.id.Hi^t.salt, 0x9E3779B97F4A7C15^uint64(key.device))
	hi, lo = bits.Mul64(key.id.Lo^hi^lo, t.salt|1)
	return hi ^ lo
}

func (t *idTable) grow() {
	old := t.slots
	t.slots = make([]idSlot, 2*len(old))
	for i := range old {
		if !old[i].id.IsZero() {
			*t.slot(old[i].idKey) = old[i]
		}
	}
}
