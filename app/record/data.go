package record

import (
	"bytes"
	"errors"
	"fmt"
)

// DataFields are the fields in which tables keep an event's own data as one text: JSON or
// XML. See DecodeData. System is what Velociraptor's tables have beside EventData.
var DataFields = []string{"EventData", "event_data", "Payload", "data", "System"}

// DecodeData reads the data of an event that stand in the field called name, as they do in
// tables: a JSON object (Sentinel's WindowsEvent, EvtxECmd's Payload, osquery's data), of
// which each value becomes a field with name and a dot before it, or XML (Sentinel's Event),
// of which every Data element does. Other text is nothing, and no error.
//
// rec keeps parts of text.
func DecodeData(text []byte, name string, rec *Record) error {
	text = bytes.TrimLeft(text, " \t\r\n")
	if isXMLText(text) {
		return rec.dataXML(text, []byte(name))
	}
	if !BeginsObject(text) {
		return nil
	}
	w := rec.jsonWalk()
	w.path, w.lifted = append(w.path[:0], name...), 0
	return w.data(text, rec, 1)
}

func isXMLText(text []byte) bool { return len(text) > 0 && text[0] == '<' }

// dataXML reads the Data elements of a text, whatever stands around them.
func (r *Record) dataXML(text, under []byte) error {
	s := xmlScanner{text: text, rec: r}
	name := append(bytes.Clone(under), '.')
	prefix := len(name)
	for {
		t, err := s.next()
		switch {
		case errors.Is(err, ErrTruncated) && len(bytes.TrimSpace(s.text[s.pos:])) == 0:
			return nil // there is no root that would have to be closed
		case err != nil:
			return fmt.Errorf("reading the XML text in %s at byte %d of %d: %w", under, s.pos, len(text), err)
		case t.kind != openTag || string(t.name) != dataKey:
			continue
		}
		name = append(name[:prefix], r.unescaped(s.attribute("Name"))...)
		if err := s.content(r.names.SlotOf(name), false); err != nil {
			return fmt.Errorf("reading the XML text in %s at byte %d of %d: %w", under, s.pos, len(text), err)
		}
	}
}
