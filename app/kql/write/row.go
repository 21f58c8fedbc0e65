package write

import "github.com/schtaskhunt/schtaskhunt/app/kql/keep"

// Row is what a row of the query's result is written from: a process of a pattern's
// latest path, and a connection of it.
type Row struct {
	Path       *keep.Path
	Count      int   // of paths in the pattern
	Level      int   // of the process, on the path
	Connection int32 // index
}

// Cells writes a row into one text, of which its cells are parts.
func Cells(t *keep.Tables, columns []Column, of *Row, scratch []byte) (cells []string, _ []byte) {
	ends := make([]int, len(columns))
	scratch = scratch[:0]
	for i, c := range columns {
		scratch = c.write(t, scratch, of)
		ends[i] = len(scratch)
	}
	text := string(scratch)
	cells = make([]string, len(columns))
	start := 0
	for i, end := range ends {
		cells[i] = text[start:end]
		start = end
	}
	return cells, scratch
}
