package sieve

// table maps hashes to numbers, by open addressing: the hashes are random already.
type table struct {
	places []place
	filled int
}

// place is free when its hash is 0, which no id has.
type place struct {
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
	if t.filled = 0; size > len(t.places) {
		t.places = make([]place, size)
		return
	}
	t.places = t.places[:size]
	clear(t.places)
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
	*p = place{hash, value}
	if t.filled++; 2*t.filled > len(t.places) {
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

func (t *table) at(hash uint64) *place {
	mask := uint64(len(t.places) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		if p := &t.places[i]; p.hash == hash || p.hash == 0 {
			return p
		}
	}
}

func (t *table) grow() {
	old := t.places
	t.places = make([]place, 2*len(old))
	for _, p := range old {
		if p.hash != 0 {
			*t.at(p.hash) = p
		}
	}
}
