package definition

import (
	"bytes"
	"fmt"

	"github.com/schtaskhunt/schtaskhunt/app/json"
)

// json reads a definition that a converter has made JSON of: the same names, nested in
// the same way, attributes and name spaces beside them. A text that holds XML or another
// object is read as such.
func (b *builder) json(text []byte) error {
	it := json.NewIterator()
	it.Reset(text)
	if it.Kind() == json.String {
		return b.inner(it)
	}
	if err := b.jsonObject(it); err != nil {
		return fmt.Errorf("reading JSON of a task: %w", err)
	}
	return nil
}

// inner reads the definition within a JSON string, one level deep.
func (b *builder) inner(it *json.Iterator) error {
	raw, _ := it.String()
	if it.Err() != nil {
		return it.Err()
	}
	value, err := json.AppendUnescaped(nil, raw)
	if err != nil {
		return fmt.Errorf("reading the text of a task: %w", err)
	}
	value = bytes.TrimSpace(value)
	if bytes.HasPrefix(value, []byte(`"`)) {
		return ErrNoTask
	}
	if bytes.HasPrefix(value, []byte("{")) {
		it.Reset(value)
		return b.jsonObject(it)
	}
	return b.xml(value)
}

func (b *builder) jsonObject(it *json.Iterator) error {
	it.EnterObject()
	for key, ok := it.Key(); ok; key, ok = it.Key() {
		if len(key) > 0 && (key[0] == '@' || key[0] == '#' && string(key) != "#text") { // attributes
			it.Skip()
			continue
		}
		if err := b.jsonValue(it, string(key)); err != nil {
			return err
		}
	}
	return it.Err()
}

// jsonValue reads the value of a name; of a list, every element under the same name.
func (b *builder) jsonValue(it *json.Iterator, name string) error {
	switch it.Kind() {
	case json.Array:
		it.EnterArray()
		for it.Element() {
			if it.Kind() == json.Array {
				it.Skip()
				continue
			}
			if err := b.jsonValue(it, name); err != nil {
				return err
			}
		}
		return it.Err()
	case json.Object:
		if err := b.enter([]byte(name)); err != nil {
			return err
		}
		err := b.jsonObject(it)
		b.leave()
		return err
	case json.String:
		raw, _ := it.String()
		value, err := json.AppendUnescaped(nil, raw)
		if it.Err() != nil || err != nil {
			return it.Err()
		}
		return b.jsonScalar(name, value)
	}
	return b.jsonScalar(name, it.Skip())
}

func (b *builder) jsonScalar(name string, value []byte) error {
	if name == "#text" {
		b.literal(value)
		return nil
	}
	if err := b.enter([]byte(name)); err != nil {
		return err
	}
	b.literal(value)
	b.leave()
	return nil
}
