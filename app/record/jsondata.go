package record

import "github.com/schtaskhunt/schtaskhunt/app/json"

// dataKey is the key under which converters of evtx files put the named values of
// an event; OpenTelemetry's receiver writes it small.
const dataKey = "Data"

func isDataKey(key []byte) bool { return string(key) == dataKey || string(key) == "data" }

// objectOrData reads an object; under Data it may be one named value.
func (w *jsonWalk) objectOrData(it *json.Iterator, rec *Record, depth int, key []byte) error {
	switch {
	case string(key) == dataKey:
		start := it.Offset()
		if named, err := w.dataItem(it, rec, true); named || err != nil {
			return err
		}
		it.Seek(start)
		if depth > 1 {
			return w.envelope(it, rec, depth, len(key)) // {"X": "v"} of every named value
		}
	case string(key) == listKey && depth > 1:
		return w.pairs(it, rec, depth)
	case depth < deepestEnvelope && isEnvelope(key):
		return w.envelope(it, rec, depth, len(key))
	}
	return w.object(it, rec, depth+1)
}

// array skips an array, or reads the named values of a Data array.
func (w *jsonWalk) array(it *json.Iterator, rec *Record, key []byte) error {
	switch {
	case isPositional(key):
		return w.positional(it, rec)
	case !isDataKey(key):
		it.Skip()
		return it.Err()
	}
	it.EnterArray()
	for it.Element() {
		if it.Kind() != json.Object {
			it.Skip()
			continue
		}
		if _, err := w.dataItem(it, rec, false); err != nil {
			return err
		}
	}
	return it.Err()
}

// dataItem reads one {"@Name": "X", "#text": "v"}, and reports whether it has a
// name. The name's attribute is also spelled -Name, Name or #attributes.Name, the value's key
// Value; an object of one pair, {"X": "v"}, is named by its key. Data have values called
// Name, too: alone says that the object stands in no list, where one that has others beside
// its Name is all of an event's data.
func (w *jsonWalk) dataItem(it *json.Iterator, rec *Record, alone bool) (named bool, err error) {
	var name, value, only []byte
	keys, plain, others := 0, false, 0
	it.EnterObject()
	for key, ok := it.Key(); ok; key, ok = it.Key() {
		keys++
		switch string(keyOf(key)) {
		case "@Name", "-Name":
			name, err = w.scalar(it, rec)
		case "Name":
			plain = true
			name, err = w.scalar(it, rec)
		case "#text", "Value", "value":
			value, err = w.scalar(it, rec)
		case "#attributes":
			name, err = w.attributeName(it, rec, name)
		default:
			if isDatum(key) {
				others++
			}
			only = rec.keep(key)
			value, err = w.scalar(it, rec)
		}
		if err != nil {
			return false, err
		}
	}
	switch under := string(w.path[max(0, len(w.path)-len(dataKey)):]); {
	case alone && plain && (keys == 1 || others > 0):
		return false, it.Err()
	case keys == 1 && under == "data" && plain:
		name, value = nameKey, name
	case keys == 1 && under == "data":
		name = only
	}
	if it.Err() != nil || name == nil {
		return false, it.Err()
	}
	rec.Set(w.sibling(rec, name), value)
	return true, nil
}

var nameKey = []byte("Name")

// isDatum reports whether a key may be the name of a datum, which Windows and Sysmon begin
// with a capital letter; what converters call a value's text begins otherwise.
func isDatum(key []byte) bool { return len(key) > 0 && key[0] >= 'A' && key[0] <= 'Z' }

// attributeName reads the Name out of an object of attributes.
func (w *jsonWalk) attributeName(it *json.Iterator, rec *Record, name []byte) ([]byte, error) {
	if it.Kind() != json.Object {
		it.Skip()
		return name, it.Err()
	}
	it.EnterObject()
	for key, ok := it.Key(); ok; key, ok = it.Key() {
		if string(key) != "Name" {
			it.Skip()
			continue
		}
		var err error
		if name, err = w.scalar(it, rec); err != nil {
			return nil, err
		}
	}
	return name, it.Err()
}

// scalar reads a string, number or boolean as text; nil for anything else.
func (w *jsonWalk) scalar(it *json.Iterator, rec *Record) ([]byte, error) {
	switch it.Kind() {
	case json.String:
		raw, escaped := it.String()
		if it.Err() != nil {
			return nil, it.Err()
		}
		return rec.unquoted(raw, escaped)
	case json.Number, json.Bool:
		raw := it.Skip()
		return raw, it.Err()
	}
	it.Skip()
	return nil, it.Err()
}

// isElement reports whether a key is an element of an event's XML that stands once and has
// others in it, or attributes.
func isElement(key []byte) bool {
	switch string(key) {
	case "Event", "System", "EventData", "UserData", "Provider", "EventID", "TimeCreated", "Execution", "Security", "Correlation":
		return true
	}
	return false
}

// alone reads a list of one object as that object: xml2js makes a list of every element. It
// reports false, and does not move, for any other.
func (w *jsonWalk) alone(it *json.Iterator, rec *Record, depth int, key []byte) (alone bool, err error) {
	start, n := it.Offset(), 0
	it.EnterArray()
	for it.Element() {
		alone = n == 0 && it.Kind() == json.Object
		n++
		it.Skip()
	}
	if it.Err() != nil {
		return false, it.Err()
	}
	it.Seek(start)
	if !alone {
		return false, nil
	}
	it.EnterArray()
	it.Element()
	if err := w.objectOrData(it, rec, depth, key); err != nil {
		return true, err
	}
	it.Element()
	return true, it.Err()
}

// sibling is the slot of name in the place of the path's last part, Data.
func (w *jsonWalk) sibling(rec *Record, name []byte) Slot {
	full := len(w.path)
	w.position = append(append(w.position[:0], w.path[:full-len(dataKey)]...), name...)
	return rec.names.SlotOf(w.position)
}

// single reads a list of one plain value as that value: Elasticsearch's fields and ECS's
// categories are lists of mostly one. It reports false, and does not move, for any other.
func (w *jsonWalk) single(it *json.Iterator, rec *Record, slot Slot) bool {
	start := it.Offset()
	it.EnterArray()
	if it.Element() {
		value, err := w.scalar(it, rec)
		if err == nil && value != nil && !it.Element() && it.Err() == nil {
			rec.Set(slot, value)
			return true
		}
	}
	if it.Err() == nil {
		it.Seek(start)
	}
	return it.Err() != nil
}
