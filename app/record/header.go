package record

import (
	"bytes"
	"errors"
	"slices"
	"strings"
)

// header is the first row of a CSV text, and where each of its columns goes in a
// Record. The mapping is made once for a header and a set of names, not per row.
type header struct {
	text    []byte   // the row as it stood: an equal one needs no second look
	bare    []byte   // text without its line end, where a row of the same is no row: see isNoRow
	columns []string // in the order of the file
	names   *Names   // what slots was made for
	slots   []Slot   // by column; NoSlot for one that nobody wants
	wanted  int      // columns from here on are unwanted
	twice   bool     // two columns have the same slot
	layout  *Layout  // of the records
}

var errHeaderQuote = errors.New("reading CSV header: a quote is opened and never closed")

// read takes the header from the start of body and returns the length of it.
func (h *header) read(body []byte) (int, error) {
	start := skipBlank(body, 0)
	if bytes.HasPrefix(body, utf8BOM) {
		start = skipBlank(body, len(utf8BOM))
	}
	next, fields, end := skipRow(body, start)
	if end == atOpenQuote {
		return 0, errHeaderQuote
	}
	if start == len(body) {
		*h = header{}
		return start, nil
	}
	if !bytes.Equal(h.text, body[start:next]) {
		h.parse(body[start:next], fields)
	}
	return next, nil
}

func (h *header) parse(row []byte, fields int) {
	*h = header{text: bytes.Clone(row), columns: make([]string, 0, fields)}
	for i, end := 0, atComma; end == atComma; {
		var f csvField
		f, i, end = scanField(row, i)
		if f.quotes {
			f.value = appendPlain(nil, f.value)
		}
		h.columns = append(h.columns, strings.Trim(string(f.value), "\x00"))
	}
	if areNames(h.columns) {
		h.bare = withoutEnd(h.text)
	}
}

// slotsFor returns the slot of each column in names.
func (h *header) slotsFor(names *Names) []Slot {
	if h.names != names {
		h.assign(names)
	}
	return h.slots
}

func (h *header) assign(names *Names) {
	h.names, h.wanted, h.twice = names, 0, false
	h.slots, h.layout = make([]Slot, len(h.columns)), &Layout{}
	text, slotOf := textColumn(h.columns), slotOfColumn
	if isFolded(names, h.columns) {
		slotOf = foldedSlot
	}
	for i, column := range h.columns {
		h.slots[i] = slotOf(names, column)
		if i == text && h.slots[i] < 0 {
			h.slots[i] = names.Slot(rawField) // under whatever name an export has it
		}
		if h.slots[i] >= 0 {
			h.wanted = i + 1
			h.twice = h.twice || slices.Contains(h.layout.Slots, h.slots[i])
			h.layout.Slots = append(h.layout.Slots, h.slots[i])
		}
	}
}

// rawField is the field that holds an event's own text in Splunk.
const rawField = "_raw"

// tablePrefixes are what tables made of a search's answer have before each name: the key of
// the envelope that an object of the answer has its event under.
var tablePrefixes = []string{"_source.", "result.", "fields.", "hits._source."}

// slotOfColumn returns where a column's values go: what its name is, or what it is without
// an envelope's key before it.
func slotOfColumn(names *Names, column string) Slot {
	column = fieldName(column)
	slot := names.Slot(column)
	for _, prefix := range tablePrefixes {
		if name, is := strings.CutPrefix(column, prefix); is && slot < 0 {
			slot = names.Slot(name)
		}
	}
	return slot
}

// fieldName cuts what Defender's portal export adds to a column of times:
// "Timestamp [Local Time]", "Timestamp [UTC]", and blanks around a name.
func fieldName(column string) string {
	column = strings.TrimSpace(column)
	if name, suffix, found := strings.Cut(column, " ["); found && strings.HasSuffix(suffix, "]") {
		return name
	}
	return column
}
