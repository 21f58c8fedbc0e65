package source

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/evtx"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// format is a way in which a text holds events.
type format struct {
	name string
	// is reports whether a text is of the format, by its beginning; trimmed is that
	// without blanks and NULs before it.
	is func(head, trimmed []byte) bool
	// cut cuts the text into batches. head was peeked at.
	cut func(c *cutting, text *bufio.Reader, head []byte) error
}

// formats are tried in this order. A format more is a line here, and a file of its own.
// It is filled in init, because what stands behind a line is of a format again.
var formats []format

func init() {
	formats = []format{
		{"Windows event log", func(head, _ []byte) bool { return bytes.HasPrefix(head, []byte(evtx.Magic)) }, (*cutting).cutLog},
		{"another program's", func(head, _ []byte) bool { return foreign("", head) != nil }, (*cutting).refuseForeign},
		{"a #TYPE line", func(_, trimmed []byte) bool { return bytes.HasPrefix(trimmed, typeLine) }, (*cutting).behindLine},
		{"a sample's own", func(_, trimmed []byte) bool { return isOfSample(trimmed) }, (*cutting).refuseSample},
		{"our own", func(_, trimmed []byte) bool { return isOwn(trimmed) }, (*cutting).refuseOwn},
		{"Logstash's for people", func(_, trimmed []byte) bool { return isRuby(trimmed) }, (*cutting).refuseRuby},
		{"events in base64", func(_, trimmed []byte) bool { return bodyKey(trimmed) != "" }, (*cutting).cutBodies},
		{"events in XML as text", func(_, trimmed []byte) bool { return isEscaped(trimmed) }, (*cutting).cutEscaped},
		{"events", func(_, trimmed []byte) bool { return len(trimmed) == 0 || beginsEvent(trimmed) }, (*cutting).cutEvents},
		{"Event Viewer's", func(head, _ []byte) bool { return isViewer(head) }, (*cutting).cutViewer},
		{"CSV", func(head, _ []byte) bool { return isHeader(head) }, (*cutting).cutRows},
		{"CSV of a spreadsheet", func(head, _ []byte) bool { _, is := dialectOf(head); return is }, (*cutting).cutDialect},
		{"CSV behind a title", func(head, _ []byte) bool { return behindTitle(head) > 0 }, (*cutting).cutBehindTitle},
		{"events behind other lines", func(_, trimmed []byte) bool { return holdsEvent(trimmed) }, (*cutting).cutEvents},
	}
}

// cut tells what a text is by its beginning, and cuts it into batches.
func (c *cutting) cut(text *bufio.Reader) error {
	head, err := text.Peek(headSize)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	if err != nil && len(head) == 0 { // else it comes back where the text breaks off
		return fmt.Errorf("reading %s: %w", c.name, err)
	}
	trimmed := bytes.TrimLeft(head, space+"\x00\x1e")
	if c.isOwnTable(trimmed) {
		return c.refuseOwn(text, head)
	}
	for _, f := range formats {
		if f.is(head, trimmed) {
			return f.cut(c, text, head)
		}
	}
	if err != nil {
		return fmt.Errorf("reading %s: %w", c.name, err)
	}
	return unknown(c.name, head)
}

func (c *cutting) cutLog(*bufio.Reader, []byte) error { return c.log() }

func (c *cutting) cutEvents(text *bufio.Reader, _ []byte) error {
	c.text = &padded{r: text}
	return c.events()
}

func (c *cutting) cutRows(text *bufio.Reader, _ []byte) error {
	c.text = &padded{r: text}
	return c.rows()
}

// cutDialect cuts CSV of another notation, whose rows cannot be read again where they lie.
func (c *cutting) cutDialect(text *bufio.Reader, head []byte) error {
	d, _ := dialectOf(head)
	c.text, c.files = withCommas(bufio.NewReaderSize(&padded{r: text}, headSize), d), nil
	return c.rows()
}

func (c *cutting) refuseForeign(_ *bufio.Reader, head []byte) error { return foreign(c.name, head) }

// behindLine cuts what stands behind a first line that is none of the text.
func (c *cutting) behindLine(text *bufio.Reader, head []byte) error {
	n := bytes.IndexByte(head, '\n') + 1
	if n == 0 {
		return unknown(c.name, head)
	}
	_, _ = text.Discard(n) // they were peeked at
	c.start, c.before = c.start+int64(n), c.before+1
	return c.cut(text)
}

// beginsEvent reports whether text begins like an event, or a list of events.
func beginsEvent(text []byte) bool {
	switch {
	case len(text) == 0:
		return false
	case text[0] == '<':
		return eventTag(text) > 0 || bytes.HasPrefix(text, []byte("<Events")) ||
			bytes.HasPrefix(text, []byte("<results")) ||
			bytes.HasPrefix(text, []byte("<?xml")) && (holdsEvent(text) || bytes.Contains(text, []byte("<Events")) || bytes.Contains(text, []byte("<results")))
	case text[0] == '[':
		after := bytes.TrimLeft(text[1:], space)
		return len(after) == 0 || after[0] == ']' || after[0] == '{' || quotesEvent(after)
	case text[0] == '{':
		after := bytes.TrimLeft(text[1:], space)
		return len(after) == 0 || after[0] == '"' || after[0] == '}'
	}
	_, listed := listingHeader(text)
	return classicHeader(text) == yes || listed == yes
}

// holdsEvent reports whether some line of text begins like an event, or holds
// the start of an XML event.
func holdsEvent(text []byte) bool {
	for at := 0; at < len(text); {
		line, _, _ := bytes.Cut(text[at:], newline)
		start := bytes.TrimLeft(line, space)
		if len(start) > 0 && start[0] != '<' && start[0] != '[' && beginsEvent(text[at+len(line)-len(start):]) {
			return true
		}
		if nextEventTag(line) >= 0 || record.EventIn(line) != nil || isTagged(line) {
			return true
		}
		at += len(line) + 1
	}
	return false
}

// isTagged reports whether a line is an event as Fluent Bit writes it to a file or a screen:
// behind its tag, in a list whose first item is its time, winlog: [1795165201.25, {...}].
func isTagged(line []byte) bool {
	_, list, found := bytes.Cut(line, []byte(": ["))
	list = bytes.TrimLeft(list, "[")
	if !found || len(list) == 0 || list[0] < '0' || list[0] > '9' {
		return false
	}
	const longestTime = 64
	at := bytes.Index(list[:min(len(list), longestTime)], []byte(`{"`))
	return at > 0 && bytes.IndexByte(list[:at], '"') < 0
}

// isHeader reports whether text begins with a CSV header: two names or more (or
// _raw alone), each made of letters, digits and the few signs that Splunk and
// Defender use in names.
func isHeader(head []byte) bool {
	r := record.NewRows()
	if err := r.Reset(head); err != nil {
		return false
	}
	columns := r.Columns()
	words, odd := len(columns) >= wordyColumns, 0
	for i, c := range columns {
		// A data frame's index has no name, and stands first.
		index := i == 0 && len(columns) >= 3 && (c == "" || c == "Unnamed: 0")
		if c = strings.TrimSpace(c); !isColumn(c) && !index && (!words || !isWords(c)) {
			odd++
		}
	}
	if odd > len(columns)/wordyColumns { // somebody's own columns beside a log's may be called anything
		return false
	}
	return len(columns) > 1 || len(columns) == 1 && columns[0] == "_raw"
}

// mostTitle is how many lines a title has at most.
const mostTitle = 10

// behindTitle returns where a CSV header begins behind the lines of a title; 0 for none. Only
// one of many columns is told from a sentence.
func behindTitle(head []byte) int {
	for at, n := 0, 0; n < mostTitle; n++ {
		end := bytes.IndexByte(head[at:], '\n')
		if end < 0 {
			return 0
		}
		at += end + 1
		if bytes.Count(head[at:min(len(head), at+longestHeader)], []byte{','}) >= wordyColumns && isWideHeader(head[at:]) {
			return at
		}
	}
	return 0
}

// longestHeader bounds where the commas of a header behind a title are looked for, in bytes.
const longestHeader = 1 << 10

func isWideHeader(head []byte) bool {
	r := record.NewRows()
	return r.Reset(head) == nil && len(r.Columns()) >= wordyColumns && isHeader(head)
}

// cutBehindTitle cuts CSV behind a title.
func (c *cutting) cutBehindTitle(text *bufio.Reader, head []byte) error {
	n := behindTitle(head)
	_, _ = text.Discard(n) // they were peeked at
	c.start, c.before = c.start+int64(n), c.before+countLines(head[:n])
	return c.cutRows(text, head[n:])
}

// wordyColumns is from how many columns on their names may have blanks in them, as those of
// a device's timeline do: fewer may be a sentence with commas.
const wordyColumns = 8

// isWords reports whether a name is made of a few words: "Initiating Process Id".
func isWords(name string) bool {
	words := strings.Split(name, " ")
	for _, w := range words {
		if !isColumn(w) {
			return false
		}
	}
	return len(words) <= 8
}

func isColumn(name string) bool {
	for i := range len(name) {
		switch c := name[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c >= 0x80:
		case bytes.IndexByte([]byte("_.:@$#-{}"), c) >= 0:
		case c == ' ' && i > 0 && i+1 < len(name) && name[i+1] == '[' && name[len(name)-1] == ']':
			return true // Timestamp [Local Time]
		default:
			return false
		}
	}
	return name != ""
}
