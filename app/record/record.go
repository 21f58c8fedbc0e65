// Package record turns an event's text into named fields: the CSV rows of
// Splunk's chunks, and the XML, JSON and classic texts that stand in _raw or in
// files.
//
// It knows shapes, not meanings: which names matter is given to it as Names, and
// what a value means is the business of package schema.
package record

import "bytes"

// Slot is the place of one field name in Names and in every Record made for it.
type Slot int32

// NoSlot is the slot of a name that is not in Names.
const NoSlot Slot = -1

// Names is a closed set of field names, each with a slot. Names are
// case-sensitive: Sysmon's ProcessID is another field than ProcessId. It is
// immutable after NewNames and safe for concurrent use.
type Names struct {
	slots  map[string]Slot
	names  []string
	byFold map[string]folded
}

// NewNames returns the set of the given names; a name given twice has one slot.
func NewNames(names ...string) *Names {
	return NamesOf(func(add func(string)) {
		for _, name := range names {
			add(name)
		}
	})
}

// NamesOf returns the set of the names that each adds, in that order: for who has no list of them.
func NamesOf(each func(add func(name string))) *Names {
	n := &Names{slots: make(map[string]Slot)}
	each(func(name string) {
		if _, known := n.slots[name]; !known {
			n.slots[name] = Slot(len(n.names))
			n.names = append(n.names, name)
		}
	})
	n.byFold = fold(n.names)
	return n
}

// Also gives a name that is known another spelling. It is for whoever makes the set, before
// any record is made over it.
func (n *Names) Also(spelling, name string) {
	if slot, known := n.slots[name]; known {
		n.slots[spelling] = slot
	}
}

// Slot returns the slot of name, or NoSlot.
func (n *Names) Slot(name string) Slot {
	if s, ok := n.slots[name]; ok {
		return s
	}
	return NoSlot
}

// SlotOf is Slot for a name in a byte slice; it does not allocate.
func (n *Names) SlotOf(name []byte) Slot {
	if s, ok := n.slots[string(name)]; ok {
		return s
	}
	return NoSlot
}

// Name returns the name of a slot.
func (n *Names) Name(s Slot) string { return n.names[s] }

// Len returns the number of slots.
func (n *Names) Len() int { return len(n.names) }

// Record holds the fields of one event by slot. It is made once and filled again
// for every event. Values alias the text they were read from, or the record's own
// scratch memory: they are valid until the next Reset or until the reader of that
// text moves on, and nobody may write to them.
type Record struct {
	names   *Names
	values  [][]byte
	filled  []Slot
	row     *csvRow // whose columns are the fields, nil when these were set one by one
	ownRow  csvRow  // what row points to
	scratch []byte
	walk    *jsonWalk // DecodeJSON's own memory, made on first use
	layout  *Layout
	forms   xmlForms // that DecodeXML has learnt
	place   Place
	message *messageReader // DecodeMessage's own memory, made on first use
	ways    int
	rivals  []Rival
}

// Rival is a column that a CSV row has twice, with two values: the first is in the record.
type Rival struct {
	Slot  Slot
	Other []byte // the value that was not taken, as it stands in the text
}

// Rivals returns the columns that the row has twice, with different values. The slice is
// the record's own and valid until the next Reset.
func (r *Record) Rivals() []Rival { return r.rivals }

// Ways returns in how many ways the message that was read can be read, 0 without one: in
// several, where somebody wrote fields of their own into a value.
func (r *Record) Ways() int { return r.ways }

// Layout is what the records of one CSV header, or of one form of XML, have in common:
// the slots that may have a value. It is not to be written to.
type Layout struct{ Slots []Slot }

// Layout returns the record's layout, the same pointer for records that share it; nil
// when any slot may have a value.
func (r *Record) Layout() *Layout { return r.layout }

// SetLayout replaces the layout, after fields of another record were added. The next
// Reset takes it away.
func (r *Record) SetLayout(l *Layout) { r.layout = l }

// New returns an empty record over names.
func New(names *Names) *Record {
	return &Record{names: names, values: make([][]byte, names.Len())}
}

// Names returns the set of names the record was made for.
func (r *Record) Names() *Names { return r.names }

// Reset empties the record and frees its scratch memory for reuse.
func (r *Record) Reset() {
	r.clear()
	if r.row != nil {
		r.row.lacks(0)
		r.row = nil
	}
}

// resetFor is Reset for a row of a text that will set every one of columns anew. These are
// left as they are if a row like it set them before.
func (r *Record) resetFor(columns []Slot, text []byte) {
	r.clear()
	row := &r.ownRow
	if r.row == nil || len(columns) == 0 || len(columns) != len(row.columns) || &columns[0] != &row.columns[0] {
		r.Reset()
		if row.spans == nil {
			row.spans = make([]span, len(r.values))
		}
		r.row, row.columns = row, columns
	}
	row.text = text
}

// spread makes the columns of a row fields like any others.
func (r *Record) spread() {
	if r.row == nil {
		return
	}
	for _, s := range r.row.columns {
		if v := r.Get(s); v != nil {
			r.values[s] = v
			r.filled = append(r.filled, s)
		}
	}
	r.row.made = r.row.made[:0]
	r.row.lacks(0)
	r.row = nil
}

// clear empties all but the columns of a row, which the next one sets.
func (r *Record) clear() {
	for _, s := range r.filled {
		r.values[s] = nil
	}
	r.filled = r.filled[:0]
	if r.row != nil {
		for _, s := range r.row.made {
			r.values[s] = nil
		}
		r.row.made = r.row.made[:0]
	}
	r.scratch, r.rivals = r.scratch[:0], r.rivals[:0]
	r.layout, r.place, r.ways = nil, Place{}, 0
}

// Set gives a slot its value, unless it has one already or v is empty: the first
// value wins, and an empty field is an absent one. NoSlot is ignored.
func (r *Record) Set(s Slot, v []byte) {
	if s < 0 || len(v) == 0 || r.Has(s) {
		return
	}
	r.spread()
	r.values[s] = v
	r.filled = append(r.filled, s)
}

// setColumn gives a slot the value of a column of a CSV row: a field, which begins at a
// place of the text.
func (r *Record) setColumn(s Slot, f csvField, from int) {
	switch {
	case s < 0:
	case r.row != nil:
		r.row.set(s, f, from)
	case r.Has(s):
		if len(f.value) > 0 && !bytes.Equal(r.values[s], f.value) {
			r.rivals = append(r.rivals, Rival{s, f.value})
		}
	case f.quotes:
		r.Set(s, r.plain(f.value))
	default:
		r.Set(s, f.value)
	}
}

// plain returns a value without the quotes that stand for others.
func (r *Record) plain(v []byte) []byte {
	start := len(r.scratch)
	r.scratch = appendPlain(r.scratch, v)
	return r.kept(start)
}

// Get returns the value of a slot, or nil when the event does not have it.
func (r *Record) Get(s Slot) []byte {
	switch {
	case s < 0:
		return nil
	case r.row != nil:
		return r.column(s)
	}
	return r.values[s]
}

// column is Get for the column of a row.
func (r *Record) column(s Slot) []byte {
	row := r.row
	at := row.spans[s]
	switch {
	case at.from == at.to:
		return nil
	case at.from >= 0:
		return row.text[at.from:at.to:at.to]
	case r.values[s] == nil:
		r.values[s] = r.plain(row.text[^at.from:at.to])
		row.made = append(row.made, s)
	}
	return r.values[s]
}

// Has reports whether the event has a value for a slot.
func (r *Record) Has(s Slot) bool {
	if s < 0 || r.row == nil {
		return s >= 0 && r.values[s] != nil
	}
	return r.row.spans[s].from != r.row.spans[s].to
}

// Filled returns the slots that have a value, in the order in which they were
// set. The slice is the record's own and valid until the next Reset or Set.
func (r *Record) Filled() []Slot {
	r.spread()
	return r.filled
}

// keep copies v into the record's scratch memory and returns the copy. Earlier
// copies stay valid when the scratch memory grows: they keep the old array alive.
func (r *Record) keep(v []byte) []byte {
	start := len(r.scratch)
	r.scratch = append(r.scratch, v...)
	return r.scratch[start:len(r.scratch):len(r.scratch)]
}
