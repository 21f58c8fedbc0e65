package read

import (
	"bytes"
	"strconv"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/kql/keep"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// cells reads the typed values of one event.
type cells struct {
	rec   *record.Record
	clock *clock
	// nullText says that the text null is a null: Splunk's field extraction makes it
	// of JSON's. In a CSV of Defender's it would be a word.
	nullText   bool
	escaped    bool // texts are HTML-escaped
	unreadable int  // values that are not of their column's type, and so null
}

func (c *cells) text(s record.Slot) []byte {
	v := c.rec.Get(s)
	if c.nullText && string(v) == "null" {
		return nil
	}
	if c.escaped && bytes.IndexByte(v, '&') >= 0 {
		return record.Unescape(nil, v)
	}
	return v
}

func (c *cells) long(s record.Slot) int64 {
	v := c.text(s)
	if v == nil {
		return keep.NoLong
	}
	n, ok := parseLong(v)
	if !ok {
		c.unreadable++
		return keep.NoLong
	}
	return n
}

// parseLong is strconv.ParseInt, of which most numbers, short and without a sign, need
// little.
func parseLong(text []byte) (n int64, ok bool) {
	const never = 18 // digits that overflow
	if len(text) == 0 || len(text) > never {
		return parseAnyLong(text)
	}
	for _, digit := range text {
		if digit -= '0'; digit > 9 {
			return parseAnyLong(text)
		}
		n = n*10 + int64(digit)
	}
	return n, true
}

func parseAnyLong(text []byte) (n int64, ok bool) {
	n, err := strconv.ParseInt(string(text), 10, 64)
	return n, err == nil
}

func (c *cells) time(s record.Slot) event.Time {
	v := c.text(s)
	if v == nil {
		return event.NoTime
	}
	t, ok := c.clock.parse(v)
	if !ok {
		c.unreadable++
	}
	return t
}

// has reports whether any of the slots has a value.
func (c *cells) has(slots ...record.Slot) bool {
	for _, s := range slots {
		if c.text(s) != nil {
			return true
		}
	}
	return false
}
