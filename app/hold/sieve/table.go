package sieve

// table maps hashes to numbers, by open addressing: the hashes are random already.
type table struct {
	slots  []slot
	filled int
}

// slot is free when its hash is 0, which no id has.
type slot struct {
	hash  uint64
	value int32
}

const fewest = 16

// reset empties the table and makes it large enough for n hashes.
func (t *table) reset(n int) {
	size := fewest
	for size < 2*n {
		size *= 2
	}
	if t.filled = 0; size > len(t.slots) {
		t.slots = make([]slot, size)
		return
	}
	t.slots = t.slots[:size]
	clear(t.slots)
}

// set notes a value for a hash that has none yet, and returns what stands there then.
func (t *table) set(hash uint64, value int32) int32 {
	if hash == 0 {
		return value
	}
	p := t.at(hash)
	if p.hash != 0 {
		return p.value
	}
	*p = slot{hash, value}
	if t.filled++; 2*t.filled > len(t.slots) {
		t.grow()
	}
	return value
}

// get returns the value of a hash, or none.
func (t *table) get(hash uint64) int32 {
	if hash == 0 {
		return none
	}
	if p := t.at(hash); p.hash != 0 {
		return p.value
	}
	return none
}

func (t *table) at(hash uint64) *slot {
	mask := uint64(len(t.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		if p := &t.slots[i]; p.hash == hash || p.hash == 0 {
			return p
		}
	}
}

func (t *table) grow() {
	old := t.slots
	t.slots = make([]slot, 2*len(old))
	for _, p := range old {
		if p.hash != 0 {
			*t.at(p.hash) = p
		}
	}
}
