package source

import (
	"bytes"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// verdict answers a question about text of which only the beginning may be known.
type verdict uint8

const (
	no verdict = iota
	yes
	unsure // the text at hand is too short to say
)

// part is a stretch at the start of a text.
type part struct {
	length int
	event  bool // an event, or what stands in its place; else something between events
	row    bool // the event is a row of the table that the cutter is in
	more   bool // the text at hand is too short to say where it ends
}

var needMore = part{more: true}

// cutter finds the events of a text that holds XML, JSON or classic events, in any
// mix.
type cutter struct {
	json   bool // JSON was seen: commas and brackets may stand between events
	levels []byte

	around []byte // the open brackets of the envelopes around what comes next
	rows   int    // how many of them are open where the innermost holds rows of a table; or 0
	due    bool   // the list that is open goes on with an element
	tables tables // whose rows those are
	prefix bool   // something stood before an event on this line
	deep   bool   // a list of events lay too deep
}

// cut finds the end of what begins at the start of data, which is not white space.
func (c *cutter) cut(data []byte, eof bool) part {
	if len(data) == 0 {
		return needMore
	}
	if len(c.around) > 0 {
		return c.cutInside(data, eof)
	}
	return c.cutOutside(data, eof)
}

// pass takes the white space before what is cut next.
func (c *cutter) pass(space []byte) {
	if c.prefix && bytes.IndexByte(space, '\n') >= 0 {
		c.prefix = false
	}
}

// cutOutside is cut outside of all envelopes.
func (c *cutter) cutOutside(data []byte, eof bool) part {
	switch first := data[0]; {
	case first == '<':
		return c.cutXML(data, eof)
	case first == '{':
		c.json = true
		return c.cutJSON(data, eof)
	case first == '[' && !eof && leadingSpace(data[1:]) > len(data)-longestQuote:
		return needMore
	case first == '"' && c.json && !eof && len(data) < longestQuote:
		return needMore
	case first == '[' && beginsEvent(data):
		c.json = true
		return part{length: 1}
	case c.json && (first == ',' || first == ']'), first == recordSign:
		return part{length: 1}
	case c.json && quotesEvent(data):
		return c.cutQuoted(data, eof)
	case first >= '0' && first <= '9':
		return c.cutClassic(data, eof)
	case bytes.HasPrefix(data, cdataEnd):
		return part{length: len(cdataEnd)}
	case first == listingMark[0]:
		return c.cutListing(data, eof)
	}
	return c.cutNoise(data, eof)
}

// recordSign begins each text of a JSON text sequence (RFC 7464).
const recordSign = 0x1e

// longestQuote is room for what tells an event in a JSON string.
const longestQuote = 16

// quotesEvent reports whether text begins with a JSON string that begins as an event does.
func quotesEvent(text []byte) bool {
	return len(text) > 1 && text[0] == '"' && (bytes.HasPrefix(text[1:], []byte("<Event")) || bytes.HasPrefix(text[1:], []byte("<?xml")) || bytes.HasPrefix(text[1:], []byte(`{\"`)))
}

// cutQuoted cuts an event in a JSON string, which is an element of a list.
func (c *cutter) cutQuoted(data []byte, eof bool) part {
	next, ends := stringEnd(data, 1)
	switch {
	case ends == yes:
		return part{length: next, event: true}
	case ends == unsure && !eof:
		return needMore
	}
	return brokenAt(data, 0, eof)
}

// maxNoise is how much of a line that is no event goes into one Event, in bytes. A
// longer line makes several.
const maxNoise = 1 << 20

// cutNoise takes the rest of a line that is no event. What stands on the line
// before an event is a prefix, as syslog adds one, and no loss; so is what then
// follows it, and what only parts events.
func (c *cutter) cutNoise(data []byte, eof bool) part {
	line, _, found := bytes.Cut(data[:min(len(data), maxNoise)], newline)
	if at := nextEvent(line); at > 0 {
		c.prefix = true
		return part{length: at}
	}
	if !found && !eof && len(data) < maxNoise {
		return needMore
	}
	return part{length: max(1, len(line)), event: !c.prefix && !isSeparator(line)}
}

// nextEvent returns where in a line the first event begins that is not classic; -1 for
// nowhere.
func nextEvent(line []byte) int {
	tag := nextEventTag(line)
	for at := 0; tag < 0 || at < tag; at++ {
		i := bytes.IndexByte(line[at:], '{')
		if i < 0 || tag >= 0 && at+i > tag {
			break
		}
		if at += i; record.BeginsObject(line[at:]) {
			return at
		}
	}
	return tag
}

// isSeparator reports whether a line only parts events: evtx_dump's "Record 12", a rule
// of dashes or the like, PowerShell's "#TYPE".
func isSeparator(line []byte) bool {
	line = bytes.TrimSpace(line)
	if number, is := bytes.CutPrefix(line, []byte("Record ")); is {
		return len(number) > 0 && len(bytes.Trim(number, "0123456789")) == 0
	}
	return len(line) > 2 && len(bytes.Trim(line, "-=*_#~")) == 0 || bytes.HasPrefix(line, typeLine)
}

// typeLine begins the line that PowerShell's Export-Csv puts before the header.
var typeLine = []byte("#TYPE ")
