package record

import (
	"bytes"
	"slices"
)

// A CSV text may hold several tables, one behind the other: exports that were put together,
// each with its header, or what a tool writes that has a header for each kind of event. A row
// that is made of names is the header of another table then: values would be read under
// wrong names otherwise, and no row of them would look wrong.

// A header in the midst of a text has at least so many names of fields, and one in so many
// of its cells is one: no row of values has as many.
const (
	leastNames = 4
	namesIn    = 3
)

// longestName is how long a column's name may be in such a header, in bytes.
const longestName = 128

// Knows has the scanner look for further tables in its text: a row is the header of one if
// its cells look like names and enough of them are among names, or are columns of the table
// before. The pieces of each table have its own header. Call it before Next. A scanner that
// was not told takes the text for one table.
func (s *RowScanner) Knows(names *Names) {
	s.names, s.ends.marking = names, true
}

// untilTable returns how long the part of whole rows is before which no other table begins.
func (s *RowScanner) untilTable(data []byte) int {
	if s.header == nil {
		return len(data)
	}
	for _, row := range s.ends.rows {
		at := int(row)
		if at >= len(data) {
			break
		}
		if at > 0 && s.isTable(data[at:]) {
			return at
		}
	}
	return len(data)
}

// isTable reports whether the row at the start of text is the header of another table than
// the one that is being read.
func (s *RowScanner) isTable(text []byte) bool {
	if !s.ends.marking || !beginsHeader(text) || isRepeated(text, s.bare) {
		return false
	}
	text = bytes.TrimPrefix(text, utf8BOM)
	next, fields, end := skipRow(text, 0)
	if end == atOpenQuote {
		return false
	}
	var h header
	h.parse(text[:next], fields)
	return s.isHeader(h.columns)
}

// isHeader reports whether cells are the names of a table's columns.
func (s *RowScanner) isHeader(cells []string) bool {
	if s.before == nil {
		s.before = make(map[string]bool)
		for _, c := range Columns(s.header) {
			s.before[c] = c != ""
		}
	}
	known, raw := 0, false
	for _, c := range cells {
		if c != "" && !isName(c) {
			return false
		}
		if s.before[c] || isKnown(s.names, c) {
			known++
		}
		raw = raw || c == rawField
	}
	if raw && known == len(cells) {
		return true
	}
	return known >= leastNames && namesIn*known >= len(cells)
}

// Columns returns the names in a header row.
func Columns(row []byte) []string {
	var h header
	h.parse(row, 0)
	return h.columns
}

// isKnown reports whether a column is a field's, as it stands or in one letter case.
func isKnown(names *Names, column string) bool {
	if names == nil {
		return false
	}
	if slotOfColumn(names, column) >= 0 {
		return true
	}
	f, known := names.folded([]byte(fieldName(column)))
	return known && f.words
}

// headCells is how many cells of a row are looked at before all of them are: most rows have
// a number or a time among them.
const headCells = 3

// beginsHeader reports whether the first cells of a row may be names.
func beginsHeader(row []byte) bool {
	row = bytes.TrimPrefix(row, utf8BOM)
	for range headCells {
		row = bytes.TrimLeft(row, `" `)
		if len(row) == 0 || !beginsName(row[0]) {
			return false
		}
		end := bytes.IndexAny(row[:min(len(row), longestName)], ",\n")
		if end < 0 {
			return false
		}
		if row[end] == '\n' {
			return true
		}
		row = row[end+1:]
	}
	return true
}

func beginsName(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '@' || c == '$' || c == '#' || c >= 0x80
}

// isName reports whether a cell looks like a column's name: letters, digits and the signs
// that tools put between them, blanks too.
func isName(cell string) bool {
	if len(cell) > longestName || !beginsName(cell[0]) {
		return false
	}
	for i := range len(cell) {
		switch c := cell[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c >= 0x80:
		case bytes.IndexByte([]byte("_.:@$#-{}[]()/ "), c) >= 0:
		default:
			return false
		}
	}
	return true
}

// isRepeated reports whether the row at the start of text is a header, given without its
// line end, once more.
func isRepeated(text, bare []byte) bool {
	if len(bare) == 0 || !bytes.HasPrefix(text, bare) {
		return false
	}
	switch after := text[len(bare):]; {
	case len(after) == 0, after[0] == '\n':
		return true
	default:
		return after[0] == '\r' && (len(after) == 1 || after[1] == '\n')
	}
}

// withoutEnd returns a row without its line end.
func withoutEnd(row []byte) []byte { return withoutCR(bytes.TrimSuffix(row, lineFeed)) }

// areNames reports whether columns are so many and such names that no row of values has the same:
// of a table with a column or two, somebody may have a value that is its column's name, unless
// one of them is Splunk's own.
func areNames(columns []string) bool {
	for _, c := range columns {
		if c == "" || !isName(c) {
			return false
		}
	}
	return len(columns) >= leastNames || slices.Contains(columns, rawField)
}

// typeLine begins the line that PowerShell writes before each header.
var typeLine = []byte("#TYPE ")

// isNoRow reports whether what stands at the start of text is no row of a table: its header
// once more, or the line of a type before that, which is one cell. A value of the first column
// that begins as such a line does is a value: others stand behind it.
func (h *header) isNoRow(text []byte) bool {
	return isRepeated(text, h.bare) || len(text) > 0 && text[0] == typeLine[0] && h.isType(text)
}

func (h *header) isType(text []byte) bool {
	if !bytes.HasPrefix(text, typeLine) || h.bare == nil {
		return false
	}
	line, _, _ := bytes.Cut(text, lineFeed)
	return bytes.IndexByte(line, ',') < 0
}
