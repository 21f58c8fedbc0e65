package record

// csvRow is a CSV row in a Record: where its values lie in the text. A value is cut out, and
// quotes in it are made plain, when somebody asks for it, which nobody does of most: a first
// look at an event wants half of its columns, and its own text only where they do not do.
type csvRow struct {
	columns []Slot // by column; NoSlot for one that nobody wants
	text    []byte
	spans   []span // by slot; one that is no column has none
	made    []Slot // whose values were made plain, and are the record's
}

// span is where a value lies in a text. An empty one is no value. Where the value has quotes
// to be made plain, from is the complement of its place.
type span struct{ from, to int }

// set sets a slot to a field that begins at text[from].
func (r *csvRow) set(s Slot, f csvField, from int) {
	if from < len(r.text) && r.text[from] == '"' {
		from++
	}
	at := span{from, from + len(f.value)}
	if f.quotes {
		at.from = ^from
	}
	r.spans[s] = at
}

// setPlain sets the columns from the given one on to the fields of text[i:end] that end in a
// comma there; no quote is in it. It returns which column is next, and where its field
// begins.
func (r *csvRow) setPlain(column, i, end int) (next, from int) {
	columns, spans, text := r.columns, r.spans, r.text[:end]
	for ; column < len(columns) && i < len(text); column++ {
		to := i
		if text[i] != ',' { // many columns are empty
			if to = bareEnd(text, i); to == len(text) {
				break
			}
		}
		if slot := columns[column]; slot >= 0 {
			spans[slot] = span{i, to}
		}
		i = to + 1
	}
	return column, i
}

// lacks sets the columns that a row is too short for, from the given one on.
func (r *csvRow) lacks(column int) {
	if r == nil {
		return
	}
	for _, slot := range r.columns[column:] {
		if slot >= 0 {
			r.spans[slot] = span{}
		}
	}
}
