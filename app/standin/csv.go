package standin

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/schtaskhunt/schtaskhunt/app/chunked"
)

// appendCell appends a field in splunkd's dialect, which quotes whatever is not
// letters and digits only.
func appendCell(dst []byte, value string) []byte {
	for i := range len(value) {
		if c := value[i]; (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return chunked.AppendQuoted(dst, value)
		}
	}
	return append(dst, value...)
}

// parseCSV reads a reply's body: a header row and rows of its width, LF or CRLF at
// their ends, quoted fields to the byte (encoding/csv would change line ends in
// them). No bytes at all are no rows. The cells do not alias body.
func parseCSV(body []byte) (table, error) {
	var t table
	for n := 0; len(body) > 0; n++ {
		row, rest, err := parseRow(body)
		if err != nil {
			return table{}, fmt.Errorf("row %d: %w", n, err)
		}
		if body = rest; n == 0 {
			t.header = row
			continue
		}
		if len(row) != len(t.header) {
			return table{}, fmt.Errorf("row %d has %d columns, the header %d", n, len(row), len(t.header))
		}
		t.rows = append(t.rows, row)
	}
	if name, twice := repeated(t.header); twice {
		return table{}, fmt.Errorf("the column %q is there twice", name)
	}
	return t, nil
}

func parseRow(text []byte) (row []string, rest []byte, err error) {
	if text[0] == '\n' || bytes.HasPrefix(text, []byte("\r\n")) {
		return nil, nil, errors.New("a blank line: CSV readers lose it")
	}
	for {
		field, after, err := parseField(text)
		if err != nil {
			return nil, nil, err
		}
		row = append(row, field)
		switch {
		case len(after) == 0:
			return row, nil, nil
		case after[0] == ',':
			text = after[1:]
		case after[0] == '\n':
			return row, after[1:], nil
		case bytes.HasPrefix(after, []byte("\r\n")):
			return row, after[2:], nil
		default:
			return nil, nil, fmt.Errorf("%q after the closing quote of a field", after[0])
		}
	}
}

// parseField returns a field and what follows it.
func parseField(text []byte) (string, []byte, error) {
	if len(text) == 0 || text[0] != '"' {
		end := bytes.IndexAny(text, ",\n")
		if end < 0 {
			end = len(text)
		}
		if end > 0 && end < len(text) && text[end] == '\n' && text[end-1] == '\r' {
			end-- // CRLF
		}
		return string(text[:end]), text[end:], nil
	}
	var field []byte
	for text = text[1:]; ; {
		end := bytes.IndexByte(text, '"')
		if end < 0 {
			return "", nil, errors.New("a quoted field does not end")
		}
		field, text = append(field, text[:end]...), text[end+1:]
		if len(text) == 0 || text[0] != '"' {
			return string(field), text, nil
		}
		field, text = append(field, '"'), text[1:]
	}
}
