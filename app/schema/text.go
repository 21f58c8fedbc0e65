package schema

import (
	"bytes"
	"errors"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// recogniseText reads the text of an event and lays the extracted fields under it.
func (r *Reader) recogniseText(rec *record.Record, raw []byte) event.Kind {
	r.full.Reset()
	r.err = record.Decode(raw, r.full)
	r.complete(rec)
	kind := r.recognise(r.full)
	if kind == event.Malformed || r.mapper != "" { // the program's own readers come first
		if message := r.full.Get(r.message); message != nil {
			kind = r.recogniseMessage(r.full, message)
		}
	}
	if r.err == nil || errors.Is(r.err, record.ErrUnknownShape) {
		return kind
	}
	return r.salvage(raw, kind)
}

// salvage decides on an event whose text is broken. An XML event that ends early
// still counts when what it needs stands before the cut: Splunk cuts long events,
// and long is what an attacker's encoded command line is. It is Other when it says
// that it is. Half a JSON object is no event: a key that stands behind the cut may
// have made it another one. A text that is no Windows event at all is Other.
func (r *Reader) salvage(raw []byte, kind event.Kind) event.Kind {
	switch {
	case !isXML(raw) || kind == event.Malformed:
		return event.Malformed
	case kind != event.Other:
		r.cut++
	case r.full.Get(r.channel) != nil:
		r.err = nil
	case errors.Is(r.err, record.ErrTruncated):
		return event.Malformed
	}
	return kind
}

func isXML(raw []byte) bool {
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	return bytes.HasPrefix(bytes.TrimLeft(raw, " \t\r\n"), []byte("<"))
}

// complete adds the extracted fields to those of the text.
func (r *Reader) complete(rec *record.Record) {
	for _, s := range rec.Filled() {
		if s != r.raw {
			r.full.Set(s, rec.Get(s))
		}
	}
	r.full.SetLayout(r.layouts.union(r.full.Layout(), rec.Layout()))
}

// recogniseMessage reads the lines of a Message, for events that lost their fields.
func (r *Reader) recogniseMessage(rec *record.Record, message []byte) event.Kind {
	if rec != r.full {
		r.full.Reset()
		r.complete(rec)
	}
	if r.full.Has(r.machine) {
		r.messageUnder(message)
	} else {
		record.DecodeMessage(message, r.full)
	}
	r.full.SetLayout(nil) // a Message may have any field
	return r.recognise(r.full)
}
