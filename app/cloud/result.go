package cloud

import (
	"github.com/schtaskhunt/schtaskhunt/app/json"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// resultReader reads the result objects of splunkd's JSON: fields by name, each a text,
// or a list of texts where it has several values. Lists are joined by line ends, as
// splunkd does in CSV, so that a row means the same in either.
type resultReader struct {
	it      *json.Iterator
	scratch []byte
}

// fill reads one object into rec, whose values are valid until the next call and for as
// long as text.
func (r *resultReader) fill(text []byte, rec *record.Record) error {
	if r.it == nil {
		r.it = json.NewIterator()
	}
	r.scratch = r.scratch[:0]
	rec.Reset()
	r.it.Reset(text)
	r.it.EnterObject()
	for key, ok := r.it.Key(); ok; key, ok = r.it.Key() {
		slot := rec.Names().SlotOf(key)
		if slot == record.NoSlot {
			r.it.Skip()
			continue
		}
		value, err := r.value()
		if err != nil {
			return err
		}
		rec.Set(slot, value)
	}
	return r.it.End()
}

func (r *resultReader) value() ([]byte, error) {
	switch r.it.Kind() {
	case json.String:
		start := len(r.scratch)
		raw, escaped := r.it.String()
		if r.it.Err() != nil || !escaped {
			return raw, r.it.Err()
		}
		err := r.unescape(raw)
		return r.scratch[start:len(r.scratch):len(r.scratch)], err
	case json.Array:
		return r.list()
	case json.Number, json.Bool:
		return r.it.Skip(), r.it.Err()
	}
	r.it.Skip()
	return nil, r.it.Err()
}

func (r *resultReader) list() ([]byte, error) {
	start, first := len(r.scratch), true
	r.it.EnterArray()
	for r.it.Element() {
		if !first {
			r.scratch = append(r.scratch, '\n')
		}
		first = false
		if r.it.Kind() != json.String {
			r.scratch = append(r.scratch, r.it.Skip()...)
			continue
		}
		if raw, _ := r.it.String(); r.it.Err() == nil {
			if err := r.unescape(raw); err != nil {
				return nil, err
			}
		}
	}
	return r.scratch[start:len(r.scratch):len(r.scratch)], r.it.Err()
}

func (r *resultReader) unescape(raw []byte) (err error) {
	r.scratch, err = json.AppendUnescaped(r.scratch, raw)
	return err
}
