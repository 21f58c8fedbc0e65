// Package row turns trees into rows. A column is one line of a table (columns.go): its
// name, the rows it is on, what it means and where its value comes from. Every value is
// text by then, and the rows of every output are the same bytes.
package row

// Header is the columns of rows, in order, and where each stands.
type Header struct {
	Names []string // not to be changed
	at    map[string]int
}

// NewHeader returns the header of columns with those names. Of two columns of one name
// the first counts.
func NewHeader(names []string) *Header {
	h := &Header{Names: names, at: make(map[string]int, len(names))}
	for i, name := range names {
		if _, twice := h.at[name]; !twice {
			h.at[name] = i
		}
	}
	return h
}

// Index returns where a column stands, -1 where there is none of that name.
func (h *Header) Index(column string) int {
	if i, known := h.at[column]; known {
		return i
	}
	return -1
}

// Row returns a row with those values, which belong to it. Its kind is what its column
// `row` says.
func (h *Header) Row(values []string) Row {
	r := Row{Values: values, header: h}
	r.Kind = KindOf(r.Get("row"))
	return r
}

// Row is one row: its kind and its values, in the order of its header.
type Row struct {
	Kind   Kind
	Values []string

	header *Header
}

// Get returns the value of a column by name, "" where the row has no such column.
func (r Row) Get(column string) string {
	if r.header == nil {
		return ""
	}
	if i, known := r.header.at[column]; known && i < len(r.Values) {
		return r.Values[i]
	}
	return ""
}
