package record

import (
	"bytes"
	"strconv"

	"github.com/schtaskhunt/schtaskhunt/app/json"
)

// isPositional reports whether a list under this key has an event's values without their
// names: Fluent Bit's StringInserts, what Get-WinEvent calls Properties, and Fluentd's
// EventData.
func isPositional(key []byte) bool {
	return string(key) == "StringInserts" || string(key) == "Properties" || string(key) == "EventData"
}

// unread is what PowerShell writes of a value that is deeper than it was told to go.
const unread = "System.Diagnostics.Eventing.Reader.EventProperty"

// mostPositions bounds the list. The longest event of Windows has a few dozen.
const mostPositions = 256

// positional reads a list of values whose meaning is their place: of 23, the fourth
// becomes the field Properties.23.3 (see Positional). How many there are tells which
// version of the event it is.
func (w *jsonWalk) positional(it *json.Iterator, rec *Record) error {
	start, n, objects := it.Offset(), 0, 0
	it.EnterArray()
	for it.Element() {
		if it.Kind() == json.Object {
			objects++
		}
		n++
		it.Skip()
	}
	if it.Err() != nil || n > mostPositions || objects > 0 && bytes.HasSuffix(w.path, []byte("EventData")) {
		return it.Err() // objects under EventData have names of their own
	}
	it.Seek(start)
	it.EnterArray()
	for i := 0; it.Element(); i++ {
		value, err := w.propertyValue(it, rec)
		if err != nil {
			return err
		}
		if string(value) == unread {
			continue
		}
		w.position = AppendPositional(w.position[:0], w.path, n, i)
		rec.Set(rec.names.SlotOf(w.position), value)
	}
	return it.Err()
}

// propertyValue reads a value, or one in an object of its own: {"Value": "v"}.
func (w *jsonWalk) propertyValue(it *json.Iterator, rec *Record) (value []byte, err error) {
	if it.Kind() != json.Object {
		return w.scalar(it, rec)
	}
	it.EnterObject()
	for key, ok := it.Key(); ok; key, ok = it.Key() {
		if string(key) != "Value" {
			it.Skip()
			continue
		}
		if value, err = w.scalar(it, rec); err != nil {
			return nil, err
		}
	}
	return value, it.Err()
}

// Positional is the name of the field at a place, from 0, of a list of n values.
func Positional(list string, n, place int) string {
	return string(AppendPositional(nil, []byte(list), n, place))
}

// AppendPositional is Positional in dst.
func AppendPositional(dst, list []byte, n, place int) []byte {
	dst = append(append(dst, list...), '.')
	dst = append(strconv.AppendInt(dst, int64(n), 10), '.')
	return strconv.AppendInt(dst, int64(place), 10)
}

// listKey is how OpenTelemetry's JSON (OTLP) has an object: a list of keys and values.
const listKey = "kvlistValue"

// pairs reads {"values":[{"key":"k","value":{"stringValue":"v"}}]} as {"k":"v"}, in the
// place of its own key, kvlistValue.
func (w *jsonWalk) pairs(it *json.Iterator, rec *Record, depth int) error {
	full := len(w.path)
	w.path = w.path[:max(0, full-len(listKey)-1)] // at the top, no dot stands before it
	defer func() { w.path = w.path[:full] }()
	it.EnterObject()
	for key, ok := it.Key(); ok; key, ok = it.Key() {
		if string(key) != "values" || it.Kind() != json.Array {
			it.Skip()
			continue
		}
		it.EnterArray()
		for it.Element() {
			if err := w.pair(it, rec, depth); err != nil {
				return err
			}
		}
	}
	return it.Err()
}

// pair reads one {"key":"k","value":{...}}.
func (w *jsonWalk) pair(it *json.Iterator, rec *Record, depth int) error {
	if it.Kind() != json.Object {
		it.Skip()
		return it.Err()
	}
	base := len(w.path)
	defer func() { w.path = w.path[:base] }()
	it.EnterObject()
	for key, ok := it.Key(); ok; key, ok = it.Key() {
		switch {
		case string(key) == "key" && it.Kind() == json.String:
			name, err := w.scalar(it, rec)
			if err != nil {
				return err
			}
			if w.path = w.path[:base]; base > 0 {
				w.path = append(w.path, '.')
			}
			w.path = append(w.path, name...)
		case string(key) == "value" && it.Kind() == json.Object:
			if err := w.anyValue(it, rec, depth); err != nil {
				return err
			}
		default:
			it.Skip()
		}
	}
	return it.Err()
}

// anyValue reads OTLP's typed value into the field at w.path.
func (w *jsonWalk) anyValue(it *json.Iterator, rec *Record, depth int) error {
	if depth >= maxJSONDepth {
		return errDepth
	}
	it.EnterObject()
	for key, ok := it.Key(); ok; key, ok = it.Key() {
		var err error
		switch {
		case string(key) == listKey && it.Kind() == json.Object:
			full := len(w.path)
			if full > 0 {
				w.path = append(w.path, '.')
			}
			w.path = append(w.path, listKey...)
			err = w.pairs(it, rec, depth+1)
			w.path = w.path[:full]
		case string(key) == "arrayValue" && it.Kind() == json.Object && bytes.HasSuffix(w.path, []byte(".data")):
			err = w.dataValues(it, rec, depth+1)
		default:
			var value []byte
			value, err = w.scalar(it, rec)
			rec.Set(rec.names.SlotOf(w.path), value)
		}
		if err != nil {
			return err
		}
	}
	return it.Err()
}

// dataValues reads {"values":[{...}]}, a list of objects of one pair each, at a path that
// ends in .data: each is a value of the event's own.
func (w *jsonWalk) dataValues(it *json.Iterator, rec *Record, depth int) error {
	full := len(w.path)
	w.path = w.path[:full-len(".data")]
	defer func() { w.path = w.path[:full] }()
	it.EnterObject()
	for key, ok := it.Key(); ok; key, ok = it.Key() {
		if string(key) != "values" || it.Kind() != json.Array {
			it.Skip()
			continue
		}
		it.EnterArray()
		for it.Element() {
			if it.Kind() != json.Object {
				it.Skip()
				continue
			}
			if err := w.anyValue(it, rec, depth); err != nil {
				return err
			}
		}
	}
	return it.Err()
}
