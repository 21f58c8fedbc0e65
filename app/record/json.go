package record

import (
	"errors"
	"fmt"

	"github.com/schtaskhunt/schtaskhunt/app/json"
)

// maxJSONDepth is how deep objects may be nested. Real events need four levels.
const maxJSONDepth = 64

var errDepth = errors.New("objects are nested too deep, at most 64 levels are read")

// DecodeJSON reads one JSON object into rec. Nested objects become dotted names
// (winlog.event_data.ProcessGuid). Strings are unescaped; numbers, true and false
// are their literal text; null is an absent field, while the string "null" stays
// text. A name whose value is an array or an object gets the raw JSON text of it;
// other arrays are skipped. The first of equal keys wins.
//
// Some shapes are undone: an event's data in a string (see DecodeData) is read as what it
// holds, a Data that is a list of {"@Name": "X", "#text": "v"} (converters of evtx files)
// gives a field X beside it, an object that is only an envelope is read as if its names
// stood at the top, and a string that holds a whole event is read as that event, with
// what stands around it beneath. A list of values without names gives a field for each:
// see positional.
//
// On an error rec keeps what was read before it. Text after the object is an error.
func DecodeJSON(text []byte, rec *Record) error {
	w := rec.jsonWalk()
	w.inside = nil
	err := w.read(text, rec)
	if w.inside == nil {
		return err
	}
	return w.open(rec, func() error { return w.read(text, rec) })
}

// jsonWalk returns the record's memory for a walk.
func (r *Record) jsonWalk() *jsonWalk {
	if r.walk == nil {
		r.walk = &jsonWalk{outer: json.NewIterator(), inner: json.NewIterator()}
	}
	return r.walk
}

// read walks over one object.
func (w *jsonWalk) read(text []byte, rec *Record) error {
	w.names = foldedNames{}
	err := w.walk(text, rec)
	if err == nil && !w.closed && w.names.isFolded() {
		err = w.readFolded(text, rec)
	}
	return err
}

func (w *jsonWalk) walk(text []byte, rec *Record) error {
	w.path, w.lifted = w.path[:0], 0
	w.outer.Reset(text)
	if w.outer.Kind() != json.Object {
		return unknownShape(text)
	}
	if err := w.object(w.outer, rec, 1); err != nil {
		return fmt.Errorf("reading JSON event: %w", err)
	}
	if err := w.outer.End(); err != nil {
		return fmt.Errorf("reading JSON event: %w", err)
	}
	return nil
}

// jsonWalk is the memory of one walk: the iterators of the text and of a JSON text
// inside it, and the dotted path of the value being read.
type jsonWalk struct {
	outer, inner *json.Iterator
	path         []byte

	inside    []byte // the event that a string holds, nil for none
	envelopes int    // that are open around the text
	closed    bool   // strings are not looked into
	texts     [mostEnvelopes][]byte
	position  []byte
	lifted    int // levels that are open and have no name

	names   foldedNames // written by another habit, of the object being read
	folding folding     // only such names are read
}

func (w *jsonWalk) object(it *json.Iterator, rec *Record, depth int) error {
	if depth > maxJSONDepth {
		return errDepth
	}
	it.EnterObject()
	for key, ok := it.Key(); ok; key, ok = it.Key() {
		base := len(w.path)
		key = keyOf(key)
		w.descend(key, depth)
		err := w.value(it, rec, depth, w.path[len(w.path)-len(key):])
		if w.folding != noFolding {
			w.setSame(rec, key)
		}
		w.path = w.path[:base]
		if err != nil {
			return err
		}
	}
	return it.Err()
}

// Keys of what XML has for attributes and for a text beside them, as xml2js and fast-xml-parser name them, and as
// most other converters do.
var attributesKey, textKey = []byte("#attributes"), []byte("#text")

// keyOf returns a key by the name that most converters of XML give it.
func keyOf(key []byte) []byte {
	if len(key) == 1 && key[0] == '$' {
		return attributesKey
	}
	if len(key) == 1 && key[0] == '_' {
		return textKey
	}
	if len(key) > 2 && key[0] == '@' && key[1] == '_' {
		return append([]byte{'@'}, key[2:]...)
	}
	return key
}

// descend goes to a key. A key may be empty, so that the depth alone says whether
// something stands above it.
func (w *jsonWalk) descend(key []byte, depth int) {
	if depth > 1+w.lifted {
		w.path = append(w.path, '.')
	}
	w.path = append(w.path, key...)
}

// value reads the value at w.path, whose last part is key.
func (w *jsonWalk) value(it *json.Iterator, rec *Record, depth int, key []byte) error {
	slot := w.slot(rec, key)
	if !w.closed {
		w.countFolded(rec, key, slot)
	}
	start := it.Offset()
	switch it.Kind() {
	case json.String:
		return w.text(it, rec, depth, slot, key)
	case json.Null:
		it.Skip()
		return it.Err()
	case json.Object:
		if slot >= 0 && w.typed(it, rec, slot) {
			return it.Err()
		}
		if err := w.objectOrData(it, rec, depth, key); err != nil {
			return err
		}
	case json.Array:
		if slot >= 0 && w.single(it, rec, slot) {
			return it.Err()
		}
		if isElement(key) {
			if alone, err := w.alone(it, rec, depth, key); alone || err != nil {
				return err
			}
		}
		if err := w.array(it, rec, key); err != nil {
			return err
		}
	default:
		it.Skip()
	}
	if it.Err() == nil {
		rec.Set(slot, it.Since(start))
	}
	return it.Err()
}

func (w *jsonWalk) text(it *json.Iterator, rec *Record, depth int, slot Slot, key []byte) error {
	raw, escaped := it.String()
	role := plainText
	if it == w.outer && !w.closed {
		role = roleOf(key, raw)
	}
	if slot < 0 && role == plainText || it.Err() != nil {
		return it.Err()
	}
	value, err := rec.unquoted(raw, escaped)
	if err != nil {
		return err
	}
	rec.Set(slot, value)
	switch {
	case role == dataText:
		return w.data(value, rec, depth)
	case role == eventText && depth <= deepestEnvelope && w.inside == nil:
		return w.note(value)
	}
	return nil
}

// unquoted returns the value of a JSON string: raw itself when nothing in it is
// escaped, else a copy in the record's scratch memory.
func (r *Record) unquoted(raw []byte, escaped bool) ([]byte, error) {
	if !escaped {
		return raw, nil
	}
	start := len(r.scratch)
	var err error
	r.scratch, err = json.AppendUnescaped(r.scratch, raw)
	return r.kept(start), err
}
