package source

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// eachInText tells what a text is by its beginning, and reads it.
func eachInText(name string, text *bufio.Reader, fn func(Event) error) error {
	head, err := text.Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	if err := foreign(name, head); err != nil {
		return err
	}
	trimmed := bytes.TrimLeft(head, space)
	switch {
	case isOwn(trimmed):
		return &ForeignError{File: name, Looks: "what schtaskhunt itself wrote", Hint: "name the events it was made from"}
	case len(trimmed) == 0, beginsEvent(trimmed):
		return eachEvent(name, text, fn)
	case isHeader(head):
		return eachRow(name, text, fn)
	case holdsEvent(trimmed): // after some lines that are none
		return eachEvent(name, text, fn)
	}
	return unknown(name, head)
}

const space = " \t\r\n"

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

// eachRow reads a CSV file.
func eachRow(name string, text io.Reader, fn func(Event) error) error {
	pieces, row := record.NewRowScanner(text), csvRow{rows: record.NewRows()}
	line := 1
	for first := true; ; first = false {
		piece, err := pieces.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading %s at line %d: %w", name, line, err)
		}
		if !first {
			row.rows.Continue(piece)
		} else if err := row.rows.Reset(piece); err != nil {
			return fmt.Errorf("reading %s: %w", name, err)
		}
		if line, err = eachRowOf(name, piece, line, &row, fn); err != nil {
			return err
		}
	}
}

// eachRowOf reads the rows of a piece that begins at a line, and returns the line
// after it.
func eachRowOf(name string, piece []byte, line int, row *csvRow, fn func(Event) error) (int, error) {
	counted := 0 // bytes of the piece whose lines are in line
	for row.rows.More() {
		start := len(piece) - len(row.rows.Rest())
		line += bytes.Count(piece[counted:start], newline)
		counted, row.read = start, false
		if err := fn(Event{File: name, Line: line, row: row}); err != nil {
			return line, err
		}
		if !row.read {
			row.skip()
		}
	}
	return line + bytes.Count(piece[counted:], newline), nil
}
