package record

import (
	"bytes"
	"fmt"

	"github.com/schtaskhunt/schtaskhunt/app/json"
)

// DecodeNamedRow reads a row as CloudWatch Logs Insights has it, a list of names and values:
// [{"field":"@message","value":"<Event ..."}], into rec as DecodeJSON reads an object with
// these names for keys. The values are texts.
func DecodeNamedRow(list []byte, rec *Record) error {
	if after := bytes.TrimLeft(list[1:], " \t\r\n"); !BeginsObject(after) {
		return unknownShape(list)
	}
	w := rec.jsonWalk()
	w.inside = nil
	read := func() error { return w.namedRow(list, rec) }
	err := read()
	if w.inside == nil {
		return err
	}
	return w.open(rec, read)
}

func (w *jsonWalk) namedRow(list []byte, rec *Record) error {
	w.outer.Reset(list)
	w.outer.EnterArray()
	w.lifted = 0
	for w.outer.Element() {
		if w.outer.Kind() != json.Object {
			return unknownShape(list)
		}
		if err := w.namedValue(rec); err != nil {
			return fmt.Errorf("reading a row of names and values: %w", err)
		}
	}
	if err := w.outer.End(); err != nil {
		return fmt.Errorf("reading a row of names and values: %w", err)
	}
	return nil
}

// namedValue reads one {"field":"name","value":"v"}, whichever of the two stands first.
func (w *jsonWalk) namedValue(rec *Record) (err error) {
	start, value := w.outer.Offset(), -1
	w.path = w.path[:0]
	w.outer.EnterObject()
	for key, ok := w.outer.Key(); ok; key, ok = w.outer.Key() {
		switch at := w.outer.Offset(); {
		case string(key) == "field":
			var name []byte
			if name, err = w.scalar(w.outer, rec); err != nil {
				return err
			}
			w.path = append(w.path, name...)
			continue
		case string(key) == "value":
			value = at
		}
		w.outer.Skip()
	}
	end := w.outer.Offset()
	if w.outer.Err() != nil || value <= start || len(w.path) == 0 {
		return w.outer.Err()
	}
	w.outer.Seek(value)
	if err := w.value(w.outer, rec, 1, w.path); err != nil {
		return err
	}
	w.outer.Seek(end)
	return nil
}
