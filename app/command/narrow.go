package command

import (
	"strings"
	"unicode/utf8"
)

// helpWidth is how wide help is written.
const helpWidth = 100

// Where the texts of help's columns begin: those of flags, and those of commands.
const (
	helpText    = 2 + helpLeft + 1 + helpMid + 1
	commandText = 14
	narrowText  = 6 // of a flag, in a narrow terminal
)

// Narrow returns help for a terminal that has fewer columns than help is written for: what stands
// beside a flag goes below it, and paragraphs are broken anew. Command lines stay whole.
func Narrow(help string, width int) string {
	if width >= helpWidth {
		return help
	}
	var b strings.Builder
	lines := strings.Split(strings.TrimSuffix(help, "\n"), "\n")
	for len(lines) > 0 {
		n := 1
		switch line := lines[0]; {
		case strings.HasPrefix(line, "  -"):
			n += below(lines[1:], 2+helpLeft)
			narrowFlag(&b, lines[:n], width)
		case line == "", strings.HasPrefix(strings.TrimSpace(line), Name+" "):
			b.WriteString(line + "\n")
		case isCommand(line):
			n += below(lines[1:], commandText)
			text := line[commandText:] + " " + joined(lines[1:n])
			hanging(&b, line[:commandText], text, commandText, width)
		case line[0] == ' ':
			indent := len(line) - len(strings.TrimLeft(line, " "))
			hanging(&b, line[:indent], line[indent:], indent, width)
		default:
			for n < len(lines) && lines[n] != "" && lines[n][0] != ' ' && widest(lines[:n]) > width {
				n++
			}
			hanging(&b, "", joined(lines[:n]), 0, width)
		}
		lines = lines[n:]
	}
	return b.String()
}

// below counts the lines that go on in a column.
func below(lines []string, column int) (n int) {
	blank := strings.Repeat(" ", column)
	for n < len(lines) && strings.HasPrefix(lines[n], blank) {
		n++
	}
	return n
}

// isCommand reports whether a line of help is that of a command.
func isCommand(line string) bool {
	return len(line) > commandText && strings.HasPrefix(line, "  ") && line[2] != ' ' && line[commandText-1] == ' ' && line[commandText] != ' '
}

func joined(lines []string) string {
	return strings.Join(strings.Fields(strings.Join(lines, " ")), " ")
}

func widest(lines []string) (most int) {
	for _, line := range lines {
		most = max(most, utf8.RuneCountInString(line))
	}
	return most
}

// narrowFlag writes a flag, and below it what is said of it. A flag that is too long for its column
// stands above its row.
func narrowFlag(b *strings.Builder, lines []string, width int) {
	flag, row := lines[0], ""
	switch {
	case len(flag) > helpText && flag[2+helpLeft] == ' ':
		flag, row = strings.TrimRight(flag[:2+helpLeft], " "), flag[2+helpLeft:]
	case len(lines) > 1:
		row, lines = lines[1][2+helpLeft:], lines[1:]
	}
	at := min(len(row), 1+helpMid)
	text := joined(append([]string{row[at:]}, lines[1:]...))
	if def := strings.TrimSpace(row[:at]); def != "" {
		text += " (default " + def + ")"
	}
	b.WriteString(flag + "\n")
	hanging(b, strings.Repeat(" ", narrowText), text, narrowText, width)
}

// hanging writes a text in lines of at most width columns, the first behind head and the others
// behind blanks.
func hanging(b *strings.Builder, head, text string, indent, width int) {
	for _, line := range wrap(text, width-indent) {
		b.WriteString(strings.TrimRight(head+line, " ") + "\n")
		head = strings.Repeat(" ", indent)
	}
}
