package schema

import (
	"bytes"
	"strconv"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// Repeats is the column by which the map half lets one row of a connection stand for
// several that differ in nothing that the hunt shows. None of them is lost by it: the
// column has what tells them apart, so that one that is sent twice still counts once.
const Repeats = "schtaskhunt_repeats"

// Repeat is what a repeated connection differs in.
type Repeat struct {
	Record    uint64
	Time      event.Time
	Stamp     event.Time
	LocalPort uint16
}

// mostRepeats bounds what one row may stand for: the rows of one chunk.
const mostRepeats = 50_000

// RepeatOf takes out of a connection what a Repeat holds. Two connections of which the
// rest is equal can share a row.
func RepeatOf(c *event.Connection) (rest event.Connection, r Repeat) {
	rest = *c
	r = Repeat{c.Record, c.Time, c.Stamp, c.LocalPort}
	rest.Record, rest.Time, rest.Stamp, rest.LocalPort = 0, event.NoTime, event.NoTime, 0
	return rest, r
}

// Append appends the repeat to a value of the column.
func (r Repeat) Append(dst []byte) []byte {
	if len(dst) > 0 {
		dst = append(dst, ' ')
	}
	dst = append(strconv.AppendUint(dst, r.Record, 10), ':')
	dst = append(strconv.AppendInt(dst, int64(r.Time), 10), ':')
	dst = append(strconv.AppendInt(dst, int64(r.Stamp), 10), ':')
	return strconv.AppendUint(dst, uint64(r.LocalPort), 10)
}

func parseRepeat(text []byte) (r Repeat, ok bool) {
	parts := bytes.Split(text, []byte{':'})
	if len(parts) != 4 {
		return r, false
	}
	number, badNumber := strconv.ParseUint(string(parts[0]), 10, 64)
	t, badTime := strconv.ParseInt(string(parts[1]), 10, 64)
	stamp, badStamp := strconv.ParseInt(string(parts[2]), 10, 64)
	port, badPort := strconv.ParseUint(string(parts[3]), 10, 16)
	ok = badNumber == nil && badTime == nil && badStamp == nil && badPort == nil
	return Repeat{number, event.Time(t), event.Time(stamp), uint16(port)}, ok
}

// Connection returns the connection that the last Recognise found.
func (r *Reader) Connection(kind event.Kind) event.Connection { return r.connectionOf(kind) }

// Device returns the host of the event that the last Recognise found, in lower case, until
// the next call; nil when only Read can tell.
func (r *Reader) Device() []byte {
	if r.aside != nil || r.plan != nil || r.joins.made || r.draft.misfits > mostMisfits {
		return nil
	}
	return r.sink.Interner().Bytes(r.draft.source.Device)
}

// Aside reports whether a mapper plugin reads the event that the last Recognise found.
func (r *Reader) Aside() bool { return r.aside != nil }

// Repeated returns how many further events the last Read added, and how many of the
// column it could not read.
func (r *Reader) Repeated() (added, malformed int) { return r.repeated, r.unread }

// addRepeats adds the connections that the row just added stands for besides itself.
func (r *Reader) addRepeats(rec *record.Record) {
	text := rec.Get(r.repeats)
	for n := 0; len(text) > 0 && n < mostRepeats; n++ {
		var one []byte
		one, text, _ = bytes.Cut(text, []byte{' '})
		repeat, ok := parseRepeat(one)
		if !ok {
			r.unread++
			continue
		}
		r.connection.Record, r.connection.Time = repeat.Record, repeat.Time
		r.connection.Stamp, r.connection.LocalPort = repeat.Stamp, repeat.LocalPort
		r.sink.AddConnection(&r.connection)
		r.repeated++
	}
}
