package kql

// result is what a row of the query's result is written from: a process of a pattern's
// latest path, and a connection of it.
type result struct {
	path       *path
	count      int   // of paths in the pattern
	level      int   // of the process, on the path
	connection int32 // index
}

// writeRow writes a row into one text, of which its cells are parts.
func writeRow(t *tables, columns []column, of *result, scratch []byte) (cells []string, _ []byte) {
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
