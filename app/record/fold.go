package record

import "bytes"

// Databases that know one letter case write all names in it: an export of theirs has
// processguid or PROCESSGUID for ProcessGuid. Pipelines rename what they carry by the habits
// of their language: process_guid, PROCESS_GUID, processGuid. Names are told apart by case
// elsewhere (ProcessId is another field than ProcessID), and so such a table or object has to
// show what it is: by some names that are not known as they stand, and that make known ones
// of several words, or by all that an event of a known kind cannot be without.

// leastFolded is how many of its names have to be such.
const leastFolded = 4

// folded is where a name goes that is written by another habit.
type folded struct {
	slot  Slot
	words bool // it is one of several words
	marks marks
	same  []Slot // other names that are the same then, which other schemas have for it
}

// marks are the names of a set that an event of a known kind cannot be without, a bit for each.
type marks uint8

const (
	timeMark marks = 1 << iota
	guidMark
	pidMark
	imageMark
	taskMark
	idMark
	operationMark
)

// Source: the manifests of Sysmon and of the scheduler.
var markOf = map[string]marks{
	"UtcTime": timeMark, "ProcessGuid": guidMark, "ProcessId": pidMark, "Image": imageMark, "TaskName": taskMark,
	"EventId": idMark, "EventID": idMark, "EventCode": idMark, "Operation": operationMark,
}

// What an event of Sysmon's about a process has, one about a task, and one of Sysmon's about a WMI
// subscription.
const (
	processMarks      = timeMark | guidMark | pidMark | imageMark
	taskMarks         = taskMark | idMark
	subscriptionMarks = timeMark | idMark | operationMark
)

// isEvent reports whether the names make an event of a known kind.
func (m marks) isEvent() bool {
	return m&processMarks == processMarks || m&taskMarks == taskMarks || m&subscriptionMarks == subscriptionMarks
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
		f, known := byFold[key]
		switch {
		case !known:
			f, best[key] = folded{slot: Slot(slot), words: words, marks: markOf[name]}, capitals
		case capitals < best[key]:
			f, best[key] = folded{slot: Slot(slot), words: words, marks: markOf[name], same: append(f.same, f.slot)}, capitals
		default:
			f.same = append(f.same, Slot(slot))
		}
		byFold[key] = f
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

// folded returns where a name goes that is written by another habit: in one letter case, with
// underscores between its words or without, or with a small letter first.
func (n *Names) folded(name []byte) (f folded, known bool) {
	const longest = 64
	var lower [longest]byte
	if len(name) > longest || !isOtherHabit(name) {
		return f, false
	}
	length, small, large, parted := 0, false, false, false
	for _, c := range name {
		if c == '_' {
			parted = true
			continue
		}
		small, large = small || c >= 'a' && c <= 'z', large || c >= 'A' && c <= 'Z'
		if lower[length] = c; c >= 'A' && c <= 'Z' {
			lower[length] = c | 0x20
		}
		length++
	}
	if small && large && parted {
		return f, false
	}
	f, known = n.byFold[string(lower[:length])]
	return f, known
}

// isOtherHabit reports whether a name may be written otherwise than Windows writes names:
// their first letter is a capital, and the second is not.
func isOtherHabit(name []byte) bool {
	if len(name) < 2 {
		return false
	}
	isSmall := func(c byte) bool { return c >= 'a' && c <= 'z' }
	if isSmall(name[0]) {
		return true
	}
	return name[0] >= 'A' && name[0] <= 'Z' && !isSmall(name[1]) && bytes.IndexFunc(name, func(r rune) bool { return r >= 'a' && r <= 'z' }) < 0
}

// isFolded reports whether the columns of a table are written by another habit.
func isFolded(names *Names, columns []string) bool {
	n, m := 0, marks(0)
	for _, c := range columns {
		f, known := names.folded([]byte(fieldName(c)))
		if known {
			m |= f.marks
		}
		if known && f.words && slotOfColumn(names, c) < 0 {
			n++
		}
	}
	return n >= leastFolded || m.isEvent()
}

// foldedSlot returns where a column of such a table goes.
func foldedSlot(names *Names, column string) Slot {
	if f, known := names.folded([]byte(fieldName(column))); known {
		return f.slot
	}
	return slotOfColumn(names, column)
}

// foldedNames are what an object has of names by another habit.
type foldedNames struct {
	count int
	marks marks
	data  bool // an event's own data have an object of their own
}

// isDataObject reports whether a path is that of an object at the top that has an event's own data,
// written by any habit.
func isDataObject(path []byte) bool {
	switch string(path) {
	case "event_data.", "eventData.", "eventdata.", "EventData.", "EVENT_DATA.", "EVENTDATA.":
		return true
	}
	return false
}

// foldedPlace reports whether the key at the end of the path stands at the top of the object, and
// data whether among the data of an event.
func (w *jsonWalk) foldedPlace(key []byte) (top, data bool) {
	before := w.path[:len(w.path)-len(key)]
	return len(before) == 0, isDataObject(before)
}

// countFolded notes a name that may be written by another habit; slot is what it is as it
// stands.
func (w *jsonWalk) countFolded(rec *Record, key []byte, slot Slot) {
	if !isOtherHabit(key) {
		return
	}
	top, data := w.foldedPlace(key)
	if !top && !data {
		return
	}
	w.names.data = w.names.data || data
	f, known := rec.names.folded(key)
	if !known {
		return
	}
	w.names.marks |= f.marks
	if f.words && slot < 0 {
		w.names.count++
	}
}

// isFolded reports whether the object that was read is written by another habit.
func (n foldedNames) isFolded() bool { return n.count >= leastFolded || n.marks.isEvent() }

// folding says which names of an object are read once more.
type folding uint8

const (
	noFolding folding = iota
	foldData          // those among an event's own data
	foldTop           // those at the top
)

// readFolded reads an object of such names once more: what it has beside them was read. An
// event's own data come first, as a process id beside them is that of whoever wrote the
// event.
func (w *jsonWalk) readFolded(text []byte, rec *Record) (err error) {
	closed := w.closed
	w.closed = true
	for _, w.folding = range []folding{foldData, foldTop} {
		if w.folding == foldTop || w.names.data {
			if err = w.walk(text, rec); err != nil {
				break
			}
		}
	}
	w.closed, w.folding = closed, noFolding
	return err
}

// slot returns where the value at w.path goes.
func (w *jsonWalk) slot(rec *Record, key []byte) Slot {
	if w.folding == noFolding {
		return rec.names.SlotOf(w.path)
	}
	top, data := w.foldedPlace(key)
	f, known := rec.names.folded(key)
	here := w.folding == foldData && data || w.folding == foldTop && top
	switch {
	case !known || !here:
		return NoSlot
	case top && w.names.data && f.marks == pidMark: // that of who wrote the event
		return rec.names.SlotOf(writerKey)
	}
	return f.slot
}

// setSame gives the value that was just read to the other names that are the same in one letter
// case.
func (w *jsonWalk) setSame(rec *Record, key []byte) {
	slot := w.slot(rec, key)
	f, known := rec.names.folded(key)
	if !known || slot != f.slot || f.marks == pidMark {
		return
	}
	for _, other := range f.same {
		rec.Set(other, rec.Get(slot))
	}
}

// writerKey is the name of the process id of who wrote an event that stands beside the event's
// own fields.
var writerKey = []byte("ExecutionProcessID")
