package record

import "bytes"

// Databases that know one letter case write all names in it: an export of theirs has
// processguid or PROCESSGUID for ProcessGuid. Names are told apart by case elsewhere (ProcessId
// is another field than ProcessID), so such a table or object has to show what it is: by some
// names that are not known as they stand, and that make known ones of several words.

// leastFolded is how many of its names have to be such.
const leastFolded = 4

// folded is where a name in one letter case goes.
type folded struct {
	slot  Slot
	words bool // it is one of several words
}

// fold returns the names by how they are written in lower case. Of names that are the same
// then, that with the fewest capitals counts: ProcessId, and not the ProcessID of whoever
// wrote the event; but SHA256 as it is.
func fold(names []string) map[string]folded {
	byFold, best := make(map[string]folded), make(map[string]int)
	for slot, name := range names {
		capitals, words := humps(name)
		if capitals == 0 {
			continue
		}
		key := string(bytes.ToLower([]byte(name)))
		if !bytes.ContainsAny([]byte(name), "abcdefghijklmnopqrstuvwxyz") {
			capitals = 0
		}
		if before, known := best[key]; !known || capitals < before {
			byFold[key], best[key] = folded{Slot(slot), words}, capitals
		}
	}
	return byFold
}

// humps counts the capitals of a name, 0 for one that is not made of letters and digits
// alone or begins with none, and reports whether it has several words.
func humps(name string) (capitals int, words bool) {
	for i := range len(name) {
		switch c := name[i]; {
		case i == 0 && (c < 'A' || c > 'Z'):
			return 0, false
		case c >= 'A' && c <= 'Z':
			capitals++
			words = words || i > 0 && name[i-1] >= 'a'
		case (c < 'a' || c > 'z') && (c < '0' || c > '9'):
			return 0, false
		}
	}
	return capitals, words
}

// folded returns where a name goes that is written in one letter case.
func (n *Names) folded(name []byte) (f folded, known bool) {
	const longest = 64
	var lower [longest]byte
	if len(name) > longest {
		return f, false
	}
	small, large := false, false
	for i, c := range name {
		small, large = small || c >= 'a' && c <= 'z', large || c >= 'A' && c <= 'Z'
		if lower[i] = c; c >= 'A' && c <= 'Z' {
			lower[i] = c | 0x20
		}
	}
	if small && large {
		return f, false
	}
	f, known = n.byFold[string(lower[:len(name)])]
	return f, known
}

// isFolded reports whether the columns of a table are written in one letter case.
func isFolded(names *Names, columns []string) bool {
	n := 0
	for _, c := range columns {
		if f, known := names.folded([]byte(fieldName(c))); known && f.words && slotOfColumn(names, c) < 0 {
			n++
		}
	}
	return n >= leastFolded
}

// foldedSlot returns where a column of such a table goes.
func foldedSlot(names *Names, column string) Slot {
	if f, known := names.folded([]byte(fieldName(column))); known {
		return f.slot
	}
	return slotOfColumn(names, column)
}

// countFolded notes a name at the top of an object that is not known as it stands.
func (w *jsonWalk) countFolded(rec *Record, key []byte) {
	if len(w.path) != len(key) {
		return
	}
	if f, known := rec.names.folded(key); known && f.words {
		w.folded++
	}
}

// readFolded reads an object of such names once more: what it has beside them was read.
func (w *jsonWalk) readFolded(text []byte, rec *Record) error {
	closed := w.closed
	w.closed, w.folding = true, true
	err := w.walk(text, rec)
	w.closed, w.folding = closed, false
	return err
}

// slot returns where the value at w.path goes.
func (w *jsonWalk) slot(rec *Record, key []byte) Slot {
	if !w.folding {
		return rec.names.SlotOf(w.path)
	}
	if f, known := rec.names.folded(key); known && len(w.path) == len(key) {
		return f.slot
	}
	return NoSlot
}
