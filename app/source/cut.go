package source

import (
	"bytes"
	"fmt"
	"io"
)

// verdict answers a question about text of which only the beginning may be known.
type verdict uint8

const (
	no verdict = iota
	yes
	unsure // the text at hand is too short to say
)

// part is a stretch at the start of a text.
type part struct {
	length int
	event  bool // an event, or what stands in its place; else something between events
	more   bool // the text at hand is too short to say where it ends
}

var needMore = part{more: true}

// cutter finds the events of a text that holds XML, JSON or classic events, in any
// mix.
type cutter struct {
	json   bool // JSON was seen: commas and brackets may stand between events
	levels []byte
}

// eachEvent reads a text of XML, JSON and classic events.
func eachEvent(name string, text io.Reader, fn func(Event) error) error {
	w, c := newWindow(text), cutter{}
	for {
		w.take(len(w.data()) - len(bytes.TrimLeft(w.data(), space)))
		data := w.data()
		if len(data) == 0 && w.eof {
			return nil
		}
		p := c.cut(data, w.eof)
		if p.more {
			if err := w.grow(); err != nil {
				return fmt.Errorf("reading %s at line %d: %w", name, w.line, err)
			}
			continue
		}
		line := w.line
		cut := bytes.TrimRight(w.take(p.length), space)
		if !p.event {
			continue
		}
		if err := fn(Event{File: name, Line: line, Text: cut}); err != nil {
			return err
		}
	}
}

// cut finds the end of what begins at the start of data, which is not white space.
func (c *cutter) cut(data []byte, eof bool) part {
	if len(data) == 0 {
		return needMore
	}
	switch first := data[0]; {
	case first == '<':
		return cutXML(data, eof)
	case first == '{':
		c.json = true
		return c.cutJSON(data, eof)
	case first == '[' && beginsEvent(data):
		c.json = true
		return part{length: 1}
	case c.json && (first == ',' || first == ']'):
		return part{length: 1}
	case first >= '0' && first <= '9':
		return cutClassic(data, eof)
	}
	return cutNoise(data, eof)
}

// maxNoise is how much of a line that is no event goes into one Event, in bytes.
const maxNoise = 1 << 20

// cutNoise takes the rest of a line that is no event. What stands on the line
// before an XML event is a prefix, as syslog adds one, and no loss.
func cutNoise(data []byte, eof bool) part {
	line, _, found := bytes.Cut(data, newline)
	if at := nextEventTag(line); at > 0 {
		return part{length: at}
	}
	if !found && !eof && len(data) < maxNoise {
		return needMore
	}
	return part{length: max(1, len(line)), event: true}
}
