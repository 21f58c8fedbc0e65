package source

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/schtaskhunt/schtaskhunt/app/evtx"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// cut tells what a text is by its beginning, and cuts it into batches.
func (c *cutting) cut(text *bufio.Reader) error {
	head, err := text.Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading %s: %w", c.name, err)
	}
	if bytes.HasPrefix(head, []byte(evtx.Magic)) {
		return c.log()
	}
	if err := foreign(c.name, head); err != nil {
		return err
	}
	trimmed := bytes.TrimLeft(head, space)
	switch {
	case isOwn(trimmed):
		return &ForeignError{File: c.name, Looks: "what schtaskhunt itself wrote", Hint: "name the events it was made from"}
	case len(trimmed) == 0, beginsEvent(trimmed):
		return c.events()
	case isHeader(head):
		return c.rows()
	case holdsEvent(trimmed): // after some lines that are none
		return c.events()
	}
	return unknown(c.name, head)
}

// isOwn reports whether a text is rows of a hunt, or the key of a sample. A hunt's
// rows have a process and its parent in every row and would pass for events of the
// Common Information Model.
func isOwn(text []byte) bool {
	first, _, _ := bytes.Cut(text, newline)
	for _, column := range []string{"root_process", `"root_process":`} {
		if at := bytes.Index(first, []byte(column)); at > 0 && (first[at-1] == ',') {
			return true
		}
	}
	return false
}

// beginsEvent reports whether text begins like an event, or a list of events.
func beginsEvent(text []byte) bool {
	switch {
	case len(text) == 0:
		return false
	case text[0] == '<':
		return eventTag(text) > 0 || bytes.HasPrefix(text, []byte("<Events")) ||
			bytes.HasPrefix(text, []byte("<?xml")) && (holdsEvent(text) || bytes.Contains(text, []byte("<Events")))
	case text[0] == '[':
		after := bytes.TrimLeft(text[1:], space)
		return len(after) == 0 || after[0] == ']' || after[0] == '{'
	case text[0] == '{':
		after := bytes.TrimLeft(text[1:], space)
		return len(after) == 0 || after[0] == '"' || after[0] == '}'
	}
	return classicHeader(text) == yes
}

// holdsEvent reports whether some line of text begins like an event, or holds
// the start of an XML event.
func holdsEvent(text []byte) bool {
	for at := 0; at < len(text); {
		line, _, _ := bytes.Cut(text[at:], newline)
		start := bytes.TrimLeft(line, space)
		if len(start) > 0 && start[0] != '<' && start[0] != '[' && beginsEvent(text[at+len(line)-len(start):]) {
			return true
		}
		if nextEventTag(line) >= 0 {
			return true
		}
		at += len(line) + 1
	}
	return false
}

// isHeader reports whether text begins with a CSV header: two names or more (or
// _raw alone), each made of letters, digits and the few signs that Splunk and
// Defender use in names.
func isHeader(head []byte) bool {
	r := record.NewRows()
	if err := r.Reset(head); err != nil {
		return false
	}
	columns := r.Columns()
	for _, c := range columns {
		if !isColumn(c) {
			return false
		}
	}
	return len(columns) > 1 || len(columns) == 1 && columns[0] == "_raw"
}

func isColumn(name string) bool {
	for i := range len(name) {
		switch c := name[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c >= 0x80:
		case bytes.IndexByte([]byte("_.:@$#-{}"), c) >= 0:
		case c == ' ' && i > 0 && i+1 < len(name) && name[i+1] == '[' && name[len(name)-1] == ']':
			return true // Timestamp [Local Time]
		default:
			return false
		}
	}
	return name != ""
}
