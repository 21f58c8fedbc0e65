package record

import "bytes"

// Overflows reports whether the row last read has values behind its last column: one of its
// values has a comma in it and no quotes around it. Empty values there do not count, as
// spreadsheets write.
func (r *Rows) Overflows() bool {
	if !r.over {
		return false
	}
	for _, v := range r.ValuesAgain()[len(r.header.columns):] {
		if len(bytes.TrimSpace(v)) > 0 {
			return true
		}
	}
	return false
}

// BreaksOff reports whether the row last read is the last of its text, has fewer values than
// there are columns and no line end: it was cut off, and its last value with it.
func (r *Rows) BreaksOff() bool {
	return r.short && r.pos == len(r.body) && !bytes.HasSuffix(r.body, []byte{'\n'})
}

// A header once more has at least so many of the names, and one in so many values is one;
// fewer may be values.
const (
	leastNames = 4
	namesIn    = 3
)

// longestName is how long the first name of a header may be for IsHeader, in bytes.
const longestName = 64

// IsHeader reports whether the row that comes next is a header once more, as where files were
// put one behind the other, and whether it is another one than that of the text. A row is one
// whose first value is the name of a column, as are some of the others.
func (r *Rows) IsHeader() (is, other bool) {
	if !r.More() {
		return false, false
	}
	row := bytes.TrimPrefix(r.body[r.pos:], utf8BOM)
	if len(row) > 0 && row[0] <= '9' && row[0] >= '0' {
		return false, false // most rows begin with a time
	}
	end := bytes.IndexByte(row[:min(len(row), longestName)], ',')
	if end <= 0 || !r.header.has(bytes.Trim(row[:end], `"`)) {
		return false, false
	}
	next := r.next
	r.collect(r.pos)
	r.next = next
	known, same := 1, len(r.values) == len(r.header.columns)
	for i, v := range r.values {
		if i > 0 && r.header.has(v) {
			known++
		}
		same = same && (i == 0 || string(v) == r.header.columns[i])
	}
	is = known >= min(leastNames, len(r.header.columns)) && namesIn*known >= len(r.values)
	return is, is && !same
}

// has reports whether a column has the name.
func (h *header) has(name []byte) bool {
	if h.known == nil {
		h.known = make(map[string]bool, len(h.columns))
		for _, c := range h.columns {
			h.known[c] = true
		}
	}
	return h.known[string(name)]
}
