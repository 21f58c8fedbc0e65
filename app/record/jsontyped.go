package record

import "github.com/schtaskhunt/schtaskhunt/app/json"

// mostTyped is how many types may be around a value: {"$date":{"$numberLong":"1"}} has two.
const mostTyped = 2

// typed reads a value that stands in an object with its type for the key, as MongoDB's
// exports have it: {"$numberLong":"5012"} is 5012. It reports false, and does not move, for
// any other object. Source: MongoDB Extended JSON (v2).
func (w *jsonWalk) typed(it *json.Iterator, rec *Record, slot Slot) bool {
	start := it.Offset()
	value, is := w.typedValue(it, rec, mostTyped)
	if it.Err() != nil {
		return true
	}
	if !is {
		it.Seek(start)
		return false
	}
	rec.Set(slot, value)
	return true
}

func (w *jsonWalk) typedValue(it *json.Iterator, rec *Record, most int) (value []byte, is bool) {
	it.EnterObject()
	key, ok := it.Key()
	if !ok || len(key) == 0 || key[0] != '$' {
		return nil, false
	}
	if it.Kind() == json.Object {
		if most == 1 {
			return nil, false
		}
		value, is = w.typedValue(it, rec, most-1)
	} else {
		var err error
		value, err = w.scalar(it, rec)
		is = err == nil && value != nil
	}
	if !is || it.Err() != nil {
		return nil, false
	}
	_, more := it.Key()
	return value, !more && it.Err() == nil
}
