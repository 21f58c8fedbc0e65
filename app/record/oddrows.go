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
