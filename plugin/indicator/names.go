package indicator

// names maps texts to notes by an open hash table. The texts stand one after another
// in one piece of memory.
//
// The hash runs from a text's end to its beginning, so that one pass over a host name
// gives the hashes of all domains above it.
type names struct {
	text  []byte
	ends  []uint32 // where each text ends
	notes []uint32
	slots []uint32 // number of a text plus one, 0 for none; a power of two of them
	seed  uint64
}

// textEntries are texts with notes while lists are read.
type textEntries struct {
	text  []byte
	ends  []uint32
	notes []uint32
}

func (t *textEntries) add(text []byte, note uint32) {
	t.text = append(t.text, text...)
	t.ends, t.notes = append(t.ends, uint32(len(t.text))), append(t.notes, note)
}

// newNames makes the table. seed keeps whoever writes a list from choosing names that
// all fall together. Of equal texts the best note stays.
func newNames(entries *textEntries, ids []uint32, seed uint64) names {
	size := 8
	for size < len(entries.ends)*3/2 {
		size *= 2
	}
	n := names{
		text: make([]byte, 0, len(entries.text)), ends: make([]uint32, 0, len(entries.ends)),
		notes: make([]uint32, 0, len(entries.ends)), slots: make([]uint32, size), seed: seed,
	}
	begin := uint32(0)
	for i, end := range entries.ends {
		n.insert(entries.text[begin:end], ids[entries.notes[i]])
		begin = end
	}
	return n
}

func (n *names) insert(text []byte, note uint32) {
	slot := n.slot(n.hash(text), text)
	if at := n.slots[slot]; at != 0 {
		n.notes[at-1] = min(n.notes[at-1], note)
		return
	}
	n.text = append(n.text, text...)
	n.ends, n.notes = append(n.ends, uint32(len(n.text))), append(n.notes, note)
	n.slots[slot] = uint32(len(n.ends))
}

const prime = 0x9E3779B97F4A7C15 // odd, its bits well mixed: 2^64 over the golden ratio

func step(h uint64, c byte) uint64 {
	h = (h ^ uint64(c)) * prime
	return h ^ h>>29
}

func (n *names) hash(text []byte) uint64 {
	h := n.seed
	for i := len(text) - 1; i >= 0; i-- {
		h = step(h, text[i])
	}
	return h
}

// slot returns where a text is, or where it would go.
func (n *names) slot(hash uint64, text []byte) int {
	mask := len(n.slots) - 1
	for i := int(hash>>1) & mask; ; i = (i + 1) & mask {
		if at := n.slots[i]; at == 0 || string(n.at(at-1)) == string(text) {
			return i
		}
	}
}

func (n *names) at(i uint32) []byte {
	begin := uint32(0)
	if i > 0 {
		begin = n.ends[i-1]
	}
	return n.text[begin:n.ends[i]]
}

func (n *names) get(hash uint64, text []byte) (note uint32, found bool) {
	at := n.slots[n.slot(hash, text)]
	if at == 0 {
		return 0, false
	}
	return n.notes[at-1], true
}

func (n *names) find(text []byte) (note uint32, found bool) {
	if len(n.ends) == 0 {
		return 0, false
	}
	return n.get(n.hash(text), text)
}

// findSuffix returns the best note of a name and all domains above it.
func (n *names) findSuffix(name []byte, all *notes) (best uint32, found bool) {
	if len(n.ends) == 0 {
		return 0, false
	}
	h := n.seed
	for i := len(name) - 1; i >= 0; i-- {
		h = step(h, name[i])
		if i > 0 && name[i-1] != '.' {
			continue
		}
		// What comes later is longer, so it stands on a tie.
		if id, there := n.get(h, name[i:]); there && (!found || !all.better(best, id)) {
			best, found = id, true
		}
	}
	return best, found
}

func (n *names) len() int { return len(n.ends) }

func (n *names) bytes() int { return cap(n.text) + 4*(cap(n.ends)+cap(n.notes)+len(n.slots)) }
