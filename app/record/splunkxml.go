package record

import (
	"bytes"
	"errors"
)

// Splunk's XML export has a result for each event, and in it a field for each column:
//
//	<result offset='0'>
//	  <field k='host'><value><text>ws7</text></value></field>
//	  <field k='_raw'><v xml:space='preserve' trim='0'>...</v></field>
//	</result>
//
// Words that the search found stand in an <sg> of their own within _raw.

// exported reads a result whose start tag was read. The event in its _raw comes first, and
// what Splunk extracted from it beneath.
func (s *xmlScanner) exported() error {
	s.notPlain()
	first := s.pos
	var raw []byte
	if err := s.result(&raw); err != nil {
		return s.located(err)
	}
	if raw = EventIn(bytes.Clone(raw)); raw != nil {
		s.rec.Reset()
		if err := Decode(raw, s.rec); err != nil && !errors.Is(err, ErrUnknownShape) {
			return err
		}
		s.rec.layout, s.forms, s.pos = nil, nil, first
		if err := s.result(&raw); err != nil {
			return s.located(err)
		}
	}
	return s.trailer()
}

// result reads the fields of a result whose start tag was read, and puts what _raw says
// into raw.
func (s *xmlScanner) result(raw *[]byte) error {
	return s.children(func(t tag) error {
		if t.kind == emptyTag {
			return nil
		}
		if string(t.name) != "field" {
			return s.content(NoSlot, false)
		}
		name := s.rec.unescaped(s.attribute("k"))
		value, err := s.firstValue()
		s.rec.Set(s.rec.names.SlotOf(name), value)
		if string(name) == "_raw" {
			*raw = value
		}
		return err
	})
}

// firstValue reads up to the end of the element just opened and returns all text in the
// first of its children, that of theirs too.
func (s *xmlScanner) firstValue() (first []byte, err error) {
	err = s.children(func(t tag) error {
		if t.kind == emptyTag {
			return nil
		}
		start := len(s.rec.scratch)
		for depth := 1; depth > 0; {
			from := s.pos
			t, err := s.next()
			if err != nil {
				return err
			}
			s.rec.scratch = Unescape(s.rec.scratch, s.textSince(from))
			depth += levelChange(t.kind)
		}
		if value := s.rec.kept(start); first == nil {
			first = trimmedText(value)
		}
		return nil
	})
	return first, err
}

// textSince returns the text before the first tag after a place.
func (s *xmlScanner) textSince(from int) []byte {
	text := s.text[from:s.pos]
	for i, c := range text {
		if c == '<' {
			return text[:i]
		}
	}
	return text
}

// trimmedText drops the white space that stands around the elements of a value.
func trimmedText(v []byte) []byte {
	for len(v) > 0 && isXMLSpace(v[0]) {
		v = v[1:]
	}
	for len(v) > 0 && isXMLSpace(v[len(v)-1]) {
		v = v[:len(v)-1]
	}
	return v
}

func isXMLSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }
