package record

import (
	"encoding/binary"
	"math/bits"
)

// csvRow is a CSV row in a Record: where its values lie in the text. A value is cut out, and
// quotes in it are made plain, when somebody asks for it, which nobody does of most: a first
// look at an event wants half of its columns, and its own text only where they do not do.
type csvRow struct {
	columns []Slot // by column; NoSlot for one that nobody wants
	text    []byte
	spans   []span // by slot; one that is no column has none
	made    []Slot // whose values were made plain, and are the record's
}

// span is where a value lies in a text. An empty one is no value. Where the value has quotes
// to be made plain, from is the complement of its place.
type span struct{ from, to int }

// set sets a slot to a field that begins at text[from].
func (r *csvRow) set(s Slot, f csvField, from int) {
	if from < len(r.text) && r.text[from] == '"' {
		from++
	}
	at := span{from, from + len(f.value)}
	if f.quotes {
		at.from = ^from
	}
	r.spans[s] = at
}

// setBare sets the columns from the given one on to the fields from text[i] on that have no
// quotes around them and a comma behind them. It returns which column is next, and where its
// field begins. The text is gone through by words, not by fields: several short fields are in one.
func (r *csvRow) setBare(column, i int) (next, from int) {
	columns, spans, text := r.columns, r.spans, r.text
	for at := i; at+8 <= len(text); at += 8 {
		for ends := fieldEnds(binary.LittleEndian.Uint64(text[at:])); ends != 0; ends &= ends - 1 {
			to := at + bits.TrailingZeros64(ends)/8
			if column == len(columns) || text[to] != ',' || text[i] == '"' {
				return column, i
			}
			if slot := columns[column]; slot >= 0 {
				spans[slot] = span{i, to}
			}
			column, i = column+1, to+1
		}
	}
	return column, i
}

// lacks sets the columns that a row is too short for, from the given one on.
func (r *csvRow) lacks(column int) {
	if r == nil {
		return
	}
	for _, slot := range r.columns[column:] {
		if slot >= 0 {
			r.spans[slot] = span{}
		}
	}
}
