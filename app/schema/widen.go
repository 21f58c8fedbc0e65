package schema

import (
	"bytes"
	"cmp"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// texts are the columns that may hold an event's own data as one text.
type texts []record.Slot

// textsOf returns those of a layout. Where there is no layout the record was JSON, and
// its reader has looked into the texts.
func (r *Reader) textsOf(layout *record.Layout) texts {
	if layout == nil {
		return nil
	}
	return r.layouts.family(layout).texts
}

// widened returns a record with the fields of the data that stand as text in its columns:
// rec itself where none do.
func (r *Reader) widened(rec *record.Record) *record.Record {
	found := false
	for _, slot := range r.textsOf(rec.Layout()) {
		text := rec.Get(slot)
		if len(text) == 0 || text[0] != '<' && text[0] != '{' {
			continue
		}
		if r.wide == nil {
			r.wide = record.New(rec.Names())
		}
		if !found {
			found = true
			r.wide.Reset()
			r.err = nil
		}
		r.err = cmp.Or(r.err, record.DecodeData(text, rec.Names().Name(slot), r.wide))
	}
	if !found {
		return rec
	}
	for _, s := range rec.Filled() {
		r.wide.Set(s, rec.Get(s))
	}
	return r.wide
}

// messageUnder reads the lines of a Message of an event whose own names mean something
// else: each becomes a field of its name with Message and a dot before it.
func (r *Reader) messageUnder(message []byte) {
	names := r.full.Names()
	if r.told == nil {
		r.told, r.under = record.New(names), make([]record.Slot, names.Len())
		for slot := range r.under {
			r.under[slot] = names.Slot(messageUnder + names.Name(record.Slot(slot)))
		}
	}
	r.told.Reset()
	record.DecodeMessage(message, r.told)
	for _, slot := range r.told.Filled() {
		r.full.Set(r.under[slot], r.told.Get(slot))
	}
}

// appendSingle appends v with every pair of backslashes as one. A value in which some
// stands alone was not written so, and is appended as it is.
func appendSingle(dst, v []byte) []byte {
	for i := 0; i < len(v); i++ {
		if v[i] == '\\' {
			if i++; i == len(v) || v[i] != '\\' {
				return append(dst, v...)
			}
		}
	}
	return append(dst, bytes.ReplaceAll(v, []byte(`\\`), []byte(`\`))...)
}

// textSlots are the slots of the columns that may hold data as text.
func textSlots(names *record.Names) (slots []record.Slot) {
	for _, field := range record.DataFields {
		slots = append(slots, names.Slot(field))
	}
	return slots
}
