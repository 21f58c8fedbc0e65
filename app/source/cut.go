package source

import "bytes"

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
	more   bool // the text at hand is too short to say where it ends
}

var needMore = part{more: true}

// cutter finds the events of a text that holds XML, JSON or classic events, in any
// mix.
type cutter struct {
	json   bool // JSON was seen: commas and brackets may stand between events
	levels []byte
}

// cut finds the end of what begins at the start of data, which is not white space.
func (c *cutter) cut(data []byte, eof bool) part {
	if len(data) == 0 {
		return needMore
	}
	switch first := data[0]; {
	case first == '<':
		return cutXML(data, eof)
	case first == '{':
		c.json = true
		return c.cutJSON(data, eof)
	case first == '[' && !eof && leadingSpace(data[1:]) == len(data)-1:
		return needMore
	case first == '[' && beginsEvent(data):
		c.json = true
		return part{length: 1}
	case c.json && (first == ',' || first == ']'):
		return part{length: 1}
	case first >= '0' && first <= '9':
		return cutClassic(data, eof)
	}
	return cutNoise(data, eof)
}

// maxNoise is how much of a line that is no event goes into one Event, in bytes. A
// longer line makes several.
const maxNoise = 1 << 20

// cutNoise takes the rest of a line that is no event. What stands on the line
// before an XML event is a prefix, as syslog adds one, and no loss.
func cutNoise(data []byte, eof bool) part {
	line, _, found := bytes.Cut(data[:min(len(data), maxNoise)], newline)
	if at := nextEventTag(line); at > 0 {
		return part{length: at}
	}
	if !found && !eof && len(data) < maxNoise {
		return needMore
	}
	return part{length: max(1, len(line)), event: true}
}
