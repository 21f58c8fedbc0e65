package evtxtest

import "unicode/utf16"

// XML writes binary XML into a chunk. What it writes need not make sense.
type XML struct {
	c          *Chunk
	inTemplate bool
}

// Value is a value for a template's instance: bytes of a type, or binary XML.
type Value struct {
	Type byte
	Data []byte
	XML  func(*XML) // for type 33
}

// Text is a value of type 1.
func Text(s string) Value { return Value{Type: 1, Data: UTF16(s)} }

// UTF16 returns text in little-endian UTF-16.
func UTF16(s string) (b []byte) {
	for _, unit := range utf16.Encode([]rune(s)) {
		b = le.AppendUint16(b, unit)
	}
	return b
}

// At returns the place in the chunk at which the next byte is written.
func (x *XML) At() int { return len(x.c.data) }

// Bytes writes bytes as they are.
func (x *XML) Bytes(b ...byte) *XML {
	x.c.data = append(x.c.data, b...)
	return x
}

func (x *XML) uint16(n int) { x.c.data = le.AppendUint16(x.c.data, uint16(n)) }
func (x *XML) uint32(n int) { x.c.data = le.AppendUint32(x.c.data, uint32(n)) }

// Fragment writes a fragment's header.
func (x *XML) Fragment() *XML { return x.Bytes(0x0F, 1, 1, 0) }

// Name writes the reference to a name, and the name where it is used first.
func (x *XML) Name(name string) *XML {
	if at, known := x.c.names[name]; known {
		x.uint32(at)
		return x
	}
	x.c.names[name] = x.At() + 4
	x.uint32(x.At() + 4)
	x.uint32(0)
	x.uint16(0)
	x.uint16(len(UTF16(name)) / 2)
	return x.Bytes(UTF16(name)...).Bytes(0, 0)
}

// Open begins an element.
func (x *XML) Open(name string, attributes bool) *XML {
	if attributes {
		x.Bytes(0x41)
	} else {
		x.Bytes(0x01)
	}
	if x.inTemplate {
		x.uint16(0xFFFF)
	}
	x.uint32(0)
	x.Name(name)
	if attributes {
		x.uint32(0)
	}
	return x
}

// Attribute begins an attribute, whose value follows.
func (x *XML) Attribute(name string) *XML { return x.Bytes(0x06).Name(name) }

// Content ends a start tag.
func (x *XML) Content() *XML { return x.Bytes(0x02) }

// Empty ends a start tag and the element.
func (x *XML) Empty() *XML { return x.Bytes(0x03) }

// Close ends an element.
func (x *XML) Close() *XML { return x.Bytes(0x04) }

// End ends a fragment.
func (x *XML) End() *XML { return x.Bytes(0x00) }

// Text writes a text.
func (x *XML) Text(s string) *XML {
	x.Bytes(0x05, 0x01)
	x.uint16(len(UTF16(s)) / 2)
	return x.Bytes(UTF16(s)...)
}

// Substitute leaves a hole for the value of an index.
func (x *XML) Substitute(index int, kind byte) *XML {
	x.Bytes(0x0D)
	x.uint16(index)
	return x.Bytes(kind)
}

// Optional leaves a hole for a value that may be none.
func (x *XML) Optional(index int, kind byte) *XML {
	x.Bytes(0x0E)
	x.uint16(index)
	return x.Bytes(kind)
}

// Template writes an instance of a template, which is written where its name is used
// first.
func (x *XML) Template(name string, define func(*XML), values ...Value) *XML {
	x.Bytes(0x0C, 1, 7, 7, 7, 7)
	at, known := x.c.templates[name]
	if !known {
		at = x.At() + 4
		x.c.templates[name] = at
	}
	x.uint32(at)
	if !known {
		x.define(define)
	}
	return x.Values(values...)
}

func (x *XML) define(define func(*XML)) {
	x.Bytes(make([]byte, 24)...)
	start := x.At()
	body := &XML{c: x.c, inTemplate: true}
	body.Fragment()
	define(body)
	body.End()
	le.PutUint32(x.c.data[start-4:], uint32(x.At()-start))
}

// Values writes an instance's values.
func (x *XML) Values(values ...Value) *XML {
	x.uint32(len(values))
	at := x.At()
	for _, v := range values {
		x.Bytes(0, 0, v.Type, 0)
	}
	for i, v := range values {
		start := x.At()
		x.Bytes(v.Data...)
		if v.XML != nil {
			v.XML(&XML{c: x.c})
		}
		le.PutUint16(x.c.data[at+4*i:], uint16(x.At()-start))
	}
	return x
}

// Event writes an event as Windows lays it out, of names and texts in turn.
func Event(provider string, id uint16, computer string, data ...string) func(*XML) {
	return func(x *XML) {
		system := func(x *XML) {
			x.Open("Event", true).Attribute("xmlns").Text("http://schemas.microsoft.com/win/2004/08/events/event").Content()
			x.Open("System", false).Content()
			x.Open("Provider", true).Attribute("Name").Text(provider).Empty()
			x.Open("EventID", false).Content().Substitute(0, 6).Close()
			x.Open("TimeCreated", true).Attribute("SystemTime").Substitute(1, 17).Empty()
			x.Open("Channel", false).Content().Text(provider + "/Operational").Close()
			x.Open("Computer", false).Content().Substitute(2, 1).Close()
			x.Close().Optional(3, 33).Close()
		}
		record := x.c.data[len(x.c.data)-8:] // where the record's time is
		values := []Value{{Type: 6, Data: le.AppendUint16(nil, id)}, {Type: 17, Data: append([]byte(nil), record...)}, Text(computer), {Type: 33, XML: eventData(provider, id, data)}}
		x.Fragment().Template("system "+provider, system, values...).End()
	}
}

func eventData(provider string, id uint16, data []string) func(*XML) {
	return func(x *XML) {
		var values []Value
		define := func(x *XML) {
			x.Open("EventData", false).Content()
			for i := 0; i < len(data); i += 2 {
				x.Open("Data", true).Attribute("Name").Text(data[i]).Content().Substitute(i/2, 1).Close()
			}
			x.Close()
		}
		for i := 1; i < len(data); i += 2 {
			values = append(values, Text(data[i]))
		}
		x.Fragment().Template("data "+provider+string(rune(id)), define, values...).End()
	}
}
