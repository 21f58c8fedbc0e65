package record

import (
	"bytes"
	"errors"
	"fmt"
)

// ErrTruncated is what DecodeXML returns (wrapped) for a text that ends before
// </Event>: what Splunk's TRUNCATE setting or a crashed writer leaves.
var ErrTruncated = errors.New("event text ends before </Event>")

// DecodeXML reads one Windows event in its XML form (Windows Event schema) into
// rec. Every child of System becomes a field of its own name (EventID, Channel,
// Computer ...); attributes become ProviderName, ProviderGuid, SystemTime,
// ExecutionProcessID, ThreadID, ActivityID and UserID; every
// <Data Name='X'>v</Data> of EventData becomes field X; the Message of
// RenderingInfo becomes Message. Entities are decoded once; line ends and invalid
// UTF-8 are kept verbatim; comments, processing instructions, CDATA, namespace
// prefixes and either kind of quote are understood.
//
// A result of Splunk's XML export is read as its fields.
//
// On an error the fields read before it stay in rec.
func DecodeXML(text []byte, rec *Record) error {
	if len(rec.Filled()) > 0 || len(rec.scratch) > 0 {
		return scanXML(&xmlScanner{text: text, rec: rec}) // it may have to be emptied again
	}
	if rec.forms.read(text, rec) {
		return nil
	}
	rec.forms.begin()
	err := scanXML(&xmlScanner{text: text, rec: rec, forms: &rec.forms})
	if err == nil {
		rec.forms.learn(text)
	}
	return err
}

// scanXML is DecodeXML tag by tag.
func scanXML(s *xmlScanner) error {
	root, err := s.next()
	if err != nil {
		return s.located(err)
	}
	if root.kind == openTag && string(root.name) == "result" {
		return s.exported()
	}
	if root.kind == closeTag || string(root.name) != "Event" {
		return fmt.Errorf("root element is %q, want \"Event\"", clip(root.name))
	}
	if root.kind == openTag {
		if err := s.sections(); err != nil {
			return s.located(err)
		}
	}
	return s.trailer()
}

// sections reads the children of Event.
func (s *xmlScanner) sections() error {
	for {
		t, err := s.next()
		if err != nil || t.kind == closeTag {
			return err
		}
		if t.kind == emptyTag {
			continue
		}
		if err := s.section(t.name); err != nil {
			return err
		}
	}
}

func (s *xmlScanner) section(name []byte) error {
	switch string(name) {
	case "System":
		return s.children(s.systemField)
	case "EventData":
		return s.children(s.dataField)
	case "RenderingInfo":
		return s.children(s.renderingField)
	}
	return s.content(NoSlot, false)
}

// children calls field for every child up to the end of its parent. field gets
// the child's tag and must read to its end.
func (s *xmlScanner) children(field func(tag) error) error {
	for {
		t, err := s.next()
		if err != nil || t.kind == closeTag {
			return err
		}
		if err := field(t); err != nil {
			return err
		}
	}
}

func (s *xmlScanner) systemField(t tag) error {
	fixed := isFixed(t.name)
	for _, a := range s.attributes() {
		slot := s.rec.names.Slot(systemAttribute(t.name, a.name))
		s.mark(a.value, slot, fixed)
		s.rec.Set(slot, s.rec.unescaped(a.value))
	}
	if t.kind == emptyTag {
		return nil
	}
	return s.content(s.rec.names.SlotOf(t.name), fixed)
}

// isFixed reports whether the values of an element below System are the same in all
// events of a kind.
func isFixed(element []byte) bool {
	switch string(element) {
	case "Provider", "EventID", "Version", "Level", "Task", "Opcode", "Keywords", "Channel", "Security":
		return true
	}
	return false
}

// systemAttribute names the field of an attribute below System, "" for none. The
// process that wrote the event is not the process the event is about, so its id
// must not be called ProcessID.
func systemAttribute(element, attribute []byte) string {
	switch string(attribute) {
	case "SystemTime":
		return "SystemTime"
	case "Name":
		return onlyIn("Provider", element, "ProviderName")
	case "Guid":
		return onlyIn("Provider", element, "ProviderGuid")
	case "ProcessID":
		return onlyIn("Execution", element, "ExecutionProcessID")
	case "ThreadID":
		return onlyIn("Execution", element, "ThreadID")
	case "UserID":
		return onlyIn("Security", element, "UserID")
	case "ActivityID":
		return onlyIn("Correlation", element, "ActivityID")
	}
	return ""
}

func onlyIn(want string, element []byte, field string) string {
	if string(element) == want {
		return field
	}
	return ""
}

func (s *xmlScanner) dataField(t tag) error {
	if t.kind == emptyTag {
		return nil
	}
	if string(t.name) != "Data" {
		return s.content(NoSlot, false)
	}
	return s.content(s.rec.names.SlotOf(s.rec.unescaped(s.attribute("Name"))), false)
}

func (s *xmlScanner) renderingField(t tag) error {
	if t.kind == emptyTag {
		return nil
	}
	if string(t.name) != "Message" {
		return s.content(NoSlot, false)
	}
	return s.content(s.rec.names.SlotOf(t.name), false)
}

// trailer lets nothing but white space, comments and instructions follow the event:
// a second event in one text would be lost in silence.
func (s *xmlScanner) trailer() error {
	for {
		rest := bytes.TrimLeft(s.text[s.pos:], xmlSpace)
		if len(rest) == 0 {
			return nil
		}
		s.pos = len(s.text) - len(rest)
		if !isMarkup(rest) {
			return fmt.Errorf("text follows </Event> at byte %d: %q", s.pos, clip(rest))
		}
		if err := s.skipMarkup(); err != nil {
			return s.located(err)
		}
	}
}

func (s *xmlScanner) located(err error) error {
	return fmt.Errorf("reading XML event at byte %d of %d: %w", s.pos, len(s.text), err)
}
