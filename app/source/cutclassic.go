package source

import "bytes"

// longestDate bounds the date line of a classic event.
const longestDate = 64

var logName = []byte("LogName=")

// classicHeader tells whether text begins a classic event: a line that begins with
// a digit, and then LogName=.
func classicHeader(text []byte) verdict {
	if len(text) == 0 {
		return unsure
	}
	if text[0] < '0' || text[0] > '9' {
		return no
	}
	end := bytes.IndexByte(text[:min(len(text), longestDate)], '\n')
	switch {
	case end < 0 && len(text) < longestDate:
		return unsure
	case end < 0:
		return no
	case bytes.HasPrefix(text[end+1:], logName):
		return yes
	case bytes.HasPrefix(logName, text[end+1:]):
		return unsure
	}
	return no
}

// cutClassic cuts at a text that begins with a digit.
func (c *cutter) cutClassic(data []byte, eof bool) part {
	switch v := classicHeader(data); {
	case v == unsure && !eof:
		return needMore
	case v != yes:
		return c.cutNoise(data, eof)
	}
	at := bytes.Index(data, logName) + len(logName)
	for {
		i := bytes.IndexByte(data[at:], '\n')
		if i < 0 {
			return part{length: len(data), event: true, more: !eof}
		}
		at += i + 1
		switch v := beginsBlock(data[at:]); {
		case v == yes:
			return part{length: at, event: true}
		case v == unsure && !eof:
			return needMore
		}
	}
}

// beginsBlock tells whether a line begins the event after a classic one.
func beginsBlock(line []byte) verdict {
	if len(line) > 0 && line[0] == '<' {
		if eventTag(line) > 0 {
			return yes
		}
		if len(line) < longestPrefix {
			return unsure
		}
		return no
	}
	return classicHeader(line)
}
