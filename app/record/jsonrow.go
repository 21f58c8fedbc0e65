package record

import (
	"fmt"

	"github.com/schtaskhunt/schtaskhunt/app/json"
)

// JSONColumns returns the names of the columns of a table from the JSON list that says
// them: names, or objects with a name in one of the spellings of Kusto (ColumnName), Log
// Analytics and the APIs of Defender (name, Name). A column without a name is "".
func JSONColumns(list []byte) ([]string, error) {
	it := json.NewIterator()
	it.Reset(list)
	var columns []string
	it.EnterArray()
	for it.Element() {
		name, err := columnName(it)
		if err != nil {
			return nil, fmt.Errorf("reading the columns of a table: %w", err)
		}
		columns = append(columns, string(name))
	}
	if it.Err() != nil {
		return nil, fmt.Errorf("reading the columns of a table: %w", it.Err())
	}
	return columns, nil
}

func columnName(it *json.Iterator) (name []byte, err error) {
	if it.Kind() == json.String {
		return plainString(it)
	}
	if it.Kind() != json.Object {
		it.Skip()
		return nil, it.Err()
	}
	it.EnterObject()
	for key, ok := it.Key(); ok; key, ok = it.Key() {
		switch string(key) {
		case "name", "Name", "ColumnName", "columnName":
			if it.Kind() == json.String {
				if name, err = plainString(it); err != nil {
					return nil, err
				}
				continue
			}
		}
		it.Skip()
	}
	return name, it.Err()
}

func plainString(it *json.Iterator) ([]byte, error) {
	raw, escaped := it.String()
	if it.Err() != nil || !escaped {
		return raw, it.Err()
	}
	return json.AppendUnescaped(nil, raw)
}

// DecodeJSONRow reads a row of a table, a JSON list, into rec as DecodeJSON reads an object
// with the columns for keys. A row with more values than columns is an error; what it has
// columns for is in rec all the same.
func DecodeJSONRow(list []byte, columns []string, rec *Record) error {
	w := rec.jsonWalk()
	w.inside = nil
	read := func() error { return w.row(list, columns, rec) }
	err := read()
	if w.inside == nil {
		return err
	}
	return w.open(rec, read)
}

func (w *jsonWalk) row(list []byte, columns []string, rec *Record) error {
	w.outer.Reset(list)
	w.outer.EnterArray()
	w.lifted = 0
	n := 0
	for ; w.outer.Element(); n++ {
		if n >= len(columns) {
			w.outer.Skip()
			continue
		}
		w.path = append(w.path[:0], columns[n]...)
		if err := w.value(w.outer, rec, 1, []byte(columns[n])); err != nil {
			return fmt.Errorf("reading a row of JSON: %w", err)
		}
	}
	if err := w.outer.End(); err != nil {
		return fmt.Errorf("reading a row of JSON: %w", err)
	}
	if n > len(columns) {
		return fmt.Errorf("reading a row of JSON: it has %d values for %d columns", n, len(columns))
	}
	return nil
}

// JSONValues returns the values of a row as texts, as DecodeJSONRow has them: nil for
// null, and the JSON of what is an object or a list. What stands behind a mistake in the
// row is left out.
func JSONValues(list []byte) (values [][]byte) {
	it := json.NewIterator()
	it.Reset(list)
	if it.Kind() != json.Array {
		return nil
	}
	it.EnterArray()
	for it.Element() {
		var v []byte
		switch it.Kind() {
		case json.String:
			v, _ = plainString(it)
		case json.Null:
			it.Skip()
		default:
			v = it.Skip()
		}
		if it.Err() != nil {
			return values
		}
		values = append(values, v)
	}
	return values
}
