package command

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// helpWidth is how wide help is written where nothing asks for less.
const helpWidth = 100

// leastWidth is how narrow it is at least.
const leastWidth = 60

// Widths of the columns of help: of a table of flags, whose left one holds the longest flag and
// value, and of a list of commands.
const (
	helpLeft    = 36
	helpMid     = 10
	helpRight   = helpWidth - 2 - helpLeft - helpMid - 2
	commandText = 14 // where the texts of commands begin
	narrowText  = 6  // where the text of a flag begins below it, in a narrow terminal
)

// helpText is help as it is written, for a terminal of so many columns.
type helpText struct {
	strings.Builder
	width int
}

// newHelp returns help without a text. width 0 is for no terminal.
func newHelp(width int) *helpText {
	if width == 0 {
		width = helpWidth
	}
	return &helpText{width: max(leastWidth, min(width, helpWidth))}
}

// prose writes a text that is broken by hand for helpWidth. Where it is too wide, paragraphs are
// broken anew; command lines stay whole, and lines that are set in stay lines.
func (h *helpText) prose(text string) {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for len(lines) > 0 {
		n, line := 1, lines[0]
		indent := len(line) - len(strings.TrimLeft(line, " "))
		switch {
		case utf8.RuneCountInString(line) <= h.width, strings.HasPrefix(line[indent:], Name+" "):
			h.WriteString(line + "\n")
		case indent > 0:
			h.hanging(line[:indent], line[indent:], indent)
		default:
			for n < len(lines) && lines[n] != "" && lines[n][0] != ' ' {
				n++
			}
			h.hanging("", strings.Join(lines[:n], " "), 0)
		}
		lines = lines[n:]
	}
}

// row writes a row of a table of flags. A flag that is too long for its column stands above, and
// so do all where the terminal is narrow.
func (h *helpText) row(flag, def, text string) {
	if h.width < helpWidth {
		if def != "" {
			text += " (default " + def + ")"
		}
		h.WriteString("  " + flag + "\n")
		h.hanging(strings.Repeat(" ", narrowText), text, narrowText)
		return
	}
	if len(flag) > helpLeft {
		h.WriteString("  " + flag + "\n")
		flag = ""
	}
	for _, part := range wrap(text, helpRight) {
		fmt.Fprintf(h, "  %-*s %-*s %s\n", helpLeft, flag, helpMid, def, part)
		flag, def = "", ""
	}
}

// command writes the row of a command.
func (h *helpText) command(name, line string) {
	h.hanging(fmt.Sprintf("  %-*s ", commandText-3, name), line, commandText)
}

// hanging writes a text in lines that fit, the first behind head and the others behind blanks.
func (h *helpText) hanging(head, text string, indent int) {
	for _, line := range wrap(text, h.width-indent) {
		h.WriteString(head + line + "\n")
		head = strings.Repeat(" ", indent)
	}
}

// wrap breaks text between words into lines of at most width bytes.
func wrap(text string, width int) []string {
	lines, line := []string(nil), ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(lines, line)
}
