package source

import (
	"bytes"
	"strconv"
)

// Windows' own tool, wevtutil qe /f:text, numbers the events it lists: a line Event[12] with
// or without a colon, then indented lines of which the first names the log, and behind a line
// Description: what the event says, as lines that begin where the line does.

const listingMark = "Event["

// longestListing is room for what tells the first two lines of a listed event, in bytes.
const longestListing = 40

// listingHeader tells whether text begins an event of a listing, and its number.
func listingHeader(text []byte) (number int, v verdict) {
	if n := min(len(text), len(listingMark)); string(text[:n]) != listingMark[:n] {
		return 0, no
	}
	short := no
	if len(text) < longestListing {
		short = unsure
	}
	end := bytes.IndexByte(text, ']')
	line, rest, whole := bytes.Cut(text[:min(len(text), longestListing)], newline)
	switch {
	case !whole:
		return 0, short
	case end < 0 || end >= len(line) || len(bytes.Trim(line[end:], "]:\r")) > 0:
		return 0, no
	}
	number, err := strconv.Atoi(string(line[len(listingMark):end]))
	rest = bytes.TrimLeft(rest, " ")
	const first = "Log Name:"
	switch n := min(len(rest), len(first)); {
	case err != nil || number < 0 || string(rest[:n]) != first[:n]:
		return 0, no
	case n < len(first):
		return 0, short
	}
	return number, yes
}

// cutListing cuts at a text that begins with an E. What follows an event is the one with
// the next number, or the first of another listing: a command line that looks like the
// header of an event does not part the event that it stands in, unless it has that number.
func (c *cutter) cutListing(data []byte, eof bool) part {
	number, v := listingHeader(data)
	switch {
	case v == unsure && !eof:
		return needMore
	case v != yes:
		return c.cutNoise(data, eof)
	}
	for at := 0; ; {
		i := bytes.IndexByte(data[at:], '\n')
		if i < 0 {
			return part{length: len(data), event: true, more: !eof}
		}
		at += i + 1
		switch next, v := listingHeader(data[at:]); {
		case v == yes && (next == number+1 || next == 0):
			return part{length: at, event: true}
		case v == unsure && !eof:
			return needMore
		}
	}
}
