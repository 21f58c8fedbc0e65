package record

import (
	"errors"
	"fmt"

	"github.com/schtaskhunt/schtaskhunt/app/json"
)

// envelope reads an object that may be only an envelope: it is one where none of the
// names below its key is known, and then they are read as if there were no key. key is
// the length of the key at the end of the path.
func (w *jsonWalk) envelope(it *json.Iterator, rec *Record, depth, key int) error {
	start, filled := it.Offset(), rec.fields()
	if err := w.object(it, rec, depth+1); err != nil || rec.fields() > filled {
		return err
	}
	full, lifted := len(w.path), w.lifted
	if w.path = w.path[:full-key]; depth > 1+lifted {
		w.path = w.path[:len(w.path)-1]
	} else {
		w.lifted = depth
	}
	it.Seek(start)
	err := w.object(it, rec, depth+1)
	w.path, w.lifted = w.path[:full], lifted
	return err
}

// fields returns how many fields have a value.
func (r *Record) fields() int { return len(r.filled) }

// note keeps the event that a string holds, in memory of its own.
func (w *jsonWalk) note(text []byte) error {
	text = EventIn(text)
	switch {
	case text == nil:
		return nil
	case w.envelopes == mostEnvelopes:
		return errEnvelopes
	}
	to := &w.texts[w.envelopes]
	*to = append((*to)[:0], text...)
	w.inside = *to
	return nil
}

// open reads the event inside, and has the fields of what is around it read under its own.
// A text that turns out to be no event is no more than a text.
func (w *jsonWalk) open(rec *Record, around func() error) error {
	inside := w.inside
	rec.Reset()
	w.envelopes++
	err := Decode(inside, rec)
	w.envelopes--
	if errors.Is(err, ErrUnknownShape) {
		err = nil
	}
	closed := w.closed
	w.closed = true
	err = errors.Join(err, around())
	w.closed = closed
	rec.layout = nil
	return err
}

// data reads the data of an event that stand in a string under w.path.
func (w *jsonWalk) data(text []byte, rec *Record, depth int) error {
	if isXMLText(text) {
		return rec.dataXML(text, w.path)
	}
	w.inner.Reset(text)
	if w.inner.Kind() != json.Object {
		return nil
	}
	if err := w.object(w.inner, rec, depth+1); err != nil {
		return fmt.Errorf("reading the JSON text in %s: %w", w.path, err)
	}
	return w.inner.End()
}
