package record

import "github.com/schtaskhunt/schtaskhunt/app/json"

// dataKey is the key under which converters of evtx files put the named values of
// an event.
const dataKey = "Data"

// objectOrData reads an object; under Data it may be one named value.
func (w *jsonWalk) objectOrData(it *json.Iterator, rec *Record, depth int, key []byte) error {
	if string(key) == dataKey {
		start := it.Offset()
		if named, err := w.dataItem(it, rec); named || err != nil {
			return err
		}
		it.Seek(start)
	}
	return w.object(it, rec, depth+1)
}

// array skips an array, or reads the named values of a Data array.
func (w *jsonWalk) array(it *json.Iterator, rec *Record, key []byte) error {
	if string(key) != dataKey {
		it.Skip()
		return it.Err()
	}
	it.EnterArray()
	for it.Element() {
		if it.Kind() != json.Object {
			it.Skip()
			continue
		}
		if _, err := w.dataItem(it, rec); err != nil {
			return err
		}
	}
	return it.Err()
}

// dataItem reads one {"@Name": "X", "#text": "v"}, and reports whether it has a
// name. The name's attribute is also spelled Name or #attributes.Name.
func (w *jsonWalk) dataItem(it *json.Iterator, rec *Record) (named bool, err error) {
	var name, value []byte
	it.EnterObject()
	for key, ok := it.Key(); ok; key, ok = it.Key() {
		switch string(key) {
		case "@Name", "Name":
			name, err = w.scalar(it, rec)
		case "#text":
			value, err = w.scalar(it, rec)
		case "#attributes":
			name, err = w.attributeName(it, rec, name)
		default:
			it.Skip()
		}
		if err != nil {
			return false, err
		}
	}
	if it.Err() != nil || name == nil {
		return false, it.Err()
	}
	rec.Set(w.sibling(rec, name), value)
	return true, nil
}

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

// sibling is the slot of name in the place of the path's last part, Data.
func (w *jsonWalk) sibling(rec *Record, name []byte) Slot {
	full := len(w.path)
	w.path = append(w.path[:full-len(dataKey)], name...)
	slot := rec.names.SlotOf(w.path)
	w.path = append(w.path[:full-len(dataKey)], dataKey...)
	return slot
}
