package standin

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/chunked"
)

// indexColumn numbers the rows of a chunk from 0, for streaming and stateful
// commands that get only some of the fields: by it splunkd puts the other fields
// back on the rows that come out.
const indexColumn = "_chunked_idx"

// feed cuts events into the bodies of execute requests.
type feed struct {
	events   table
	sent     []column
	unsent   []int // columns the command does not get
	numbered bool
	maxRows  int
	maxBytes int
	first    int // of the latest chunk
	upTo     int // first row of the next chunk
	started  bool
	ragged   *ragged // nil: chunks are as full as they may be
	buf      []byte
}

// column is a field to be sent: where it is, and where its multiple values are;
// -1 is nowhere.
type column struct {
	name          string
	values, multi int
}

func newFeed(events table, info chunked.Info, maxRows, maxBytes int) *feed {
	f := &feed{events: events, maxRows: maxRows, maxBytes: maxBytes}
	all := len(info.RequiredFields) == 0 || slices.Contains(info.RequiredFields, "*")
	for i, name := range events.header {
		base, isMulti := strings.CutPrefix(name, chunked.MVPrefix)
		isMulti = isMulti && slices.Contains(events.header, base)
		switch {
		case !all && !slices.Contains(info.RequiredFields, name) && (!isMulti || !slices.Contains(info.RequiredFields, base)):
			f.unsent = append(f.unsent, i)
		case !isMulti:
			f.sent = append(f.sent, column{name, i, slices.Index(events.header, chunked.MVPrefix+name)})
		}
	}
	if inPlace := info.Type == chunked.TypeStreaming || info.Type == chunked.TypeStateful; inPlace && !all {
		f.numbered = true
		f.sent = append([]column{{indexColumn, -1, -1}}, f.sent...)
	}
	return f
}

// done tells that the last chunk has been made. There is always one, though there
// may be no events.
func (f *feed) done() bool {
	return f.started && f.upTo == len(f.events.rows) && (f.ragged == nil || f.ragged.ended)
}

// next returns the next body, valid until it is called again: all fields, then the
// __mv_ column of each, as splunkd orders them.
func (f *feed) next() []byte {
	f.started, f.first = true, f.upTo
	most, bare := f.maxRows, false
	if f.ragged != nil {
		most, bare = f.ragged.next(len(f.events.rows)-f.upTo, f.maxRows)
	}
	if f.buf = f.buf[:0]; bare {
		return f.buf
	}
	f.buf = f.appendRow(f.buf, func(c column, multi bool) string {
		if multi {
			return chunked.MVPrefix + c.name
		}
		return c.name
	})
	for f.upTo < len(f.events.rows) && f.room(most) {
		row := f.events.rows[f.upTo]
		f.buf = f.appendRow(f.buf, func(c column, multi bool) string { return f.cell(row, c, multi) })
		f.upTo++
	}
	return f.buf
}

// room tells whether the chunk may have another row, of so many at most. One always fits.
func (f *feed) room(most int) bool {
	rows := f.upTo - f.first
	return rows < most && (rows == 0 || len(f.buf) < f.maxBytes)
}

func (f *feed) cell(row []string, c column, multi bool) string {
	at := c.values
	if multi {
		at = c.multi
	} else if c.name == indexColumn && at < 0 {
		return strconv.Itoa(f.upTo - f.first)
	}
	if at < 0 {
		return ""
	}
	return row[at]
}

func (f *feed) appendRow(dst []byte, cell func(c column, multi bool) string) []byte {
	if len(f.sent) == 0 {
		return dst // nothing the command asked for is there
	}
	for _, multi := range []bool{false, true} {
		for _, c := range f.sent {
			dst = append(appendCell(dst, cell(c, multi)), ',')
		}
	}
	dst[len(dst)-1] = '\n'
	return dst
}

// accept reads the reply to the latest chunk.
func (f *feed) accept(kind chunked.Type, result chunked.Result, body []byte) (table, error) {
	if kind == chunked.TypeReporting && !result.Finished && len(body) > 0 {
		return table{}, fmt.Errorf("a reporting command answers with rows (%d bytes) before the last request", len(body))
	}
	t, err := parseCSV(body)
	if err != nil || !f.numbered {
		return t, err
	}
	return f.rejoin(t)
}

// rejoin puts the fields that were not sent back on rows that kept their number,
// and drops the numbers.
func (f *feed) rejoin(t table) (table, error) {
	number := slices.Index(t.header, indexColumn)
	if number < 0 {
		return t, nil
	}
	out := table{header: slices.DeleteFunc(slices.Clone(t.header), isIndexColumn)}
	var back []int
	for _, i := range f.unsent {
		if name := f.events.header[i]; !slices.Contains(out.header, name) {
			out.header, back = append(out.header, name), append(back, i)
		}
	}
	for _, row := range t.rows {
		whole := make([]string, 0, len(out.header))
		for i, cell := range row {
			if !isIndexColumn(t.header[i]) {
				whole = append(whole, cell)
			}
		}
		origin, err := f.origin(row[number])
		if err != nil {
			return table{}, err
		}
		for _, i := range back {
			whole = append(whole, origin(i))
		}
		out.rows = append(out.rows, whole)
	}
	return out, nil
}

// origin returns the cells of the event with the given number in the latest
// chunk; a row without number is new and has none.
func (f *feed) origin(number string) (func(column int) string, error) {
	if number == "" {
		return func(int) string { return "" }, nil
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n >= f.upTo-f.first {
		return nil, errors.New(indexColumn + " is " + strconv.Quote(number) + ", no row of the request")
	}
	row := f.events.rows[f.first+n]
	return func(column int) string { return row[column] }, nil
}

func isIndexColumn(name string) bool {
	return name == indexColumn || name == chunked.MVPrefix+indexColumn
}
