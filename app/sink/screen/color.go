package screen

import "fmt"

// Color is how many colours a terminal has.
type Color uint8

// The kinds of terminals.
const (
	NoColor Color = iota
	SixteenColors
	TrueColor
)

// style is what a text is to a reader.
type style uint8

const (
	plain  style = iota
	faint        // what matters less
	strong       // what to look at first
	high         // a high score
	middle       // one in the middle
	good         // a process
	call         // a connection
	warn         // what is missing
)

// looks are the codes of each style: with sixteen colours, and with all. The tones can be
// read on a light ground as on a dark one.
var looks = map[style][2]string{
	faint:  {"90", "38;2;128;128;128"},
	strong: {"1", "1"},
	high:   {"1;31", "1;38;2;220;60;60"},
	middle: {"33", "38;2;190;120;20"},
	good:   {"32", "38;2;40;150;90"},
	call:   {"36", "38;2;20;140;170"},
	warn:   {"33", "38;2;190;120;20"},
}

// paint returns a text in a style, and leaves the terminal as it was.
func (c Color) paint(s style, text string) string {
	look, known := looks[s]
	if c == NoColor || !known || text == "" {
		return text
	}
	return fmt.Sprintf("\x1b[%sm%s\x1b[0m", look[c-1], text)
}

// scoreStyle is the style of a score.
func scoreStyle(bits float64) style {
	switch {
	case bits >= 10:
		return high
	case bits >= 5:
		return middle
	}
	return plain
}
