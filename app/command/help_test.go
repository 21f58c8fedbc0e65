package command

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestHelpNamesEveryOption(t *testing.T) {
	page := Page{Name: "hunt", Line: "hunts", Usage: []string{"hunt FILE..."}, Options: true, Flags: huntFlags, Examples: []string{"schtaskhunt hunt a.xml"}}
	helpNames(t, page.Help(0))
	helpNames(t, Help(0, page))
	for _, f := range huntFlags {
		if helpLine(page.Help(0), "--"+f.Name) == "" || helpLine(Help(0, page), "--"+f.Name) != "" {
			t.Errorf("--%s is not in the help of its subcommand alone", f.Name)
		}
	}
	if other := (Page{Name: "x", Line: "other"}).Help(0); helpLine(other, "--max-devices") != "" {
		t.Errorf("a subcommand without options shows them:\n%s", other)
	}
}

func helpNames(t *testing.T, help string) {
	t.Helper()
	for _, opt := range Table() {
		if row := helpLine(help, flagName(opt.Name)); opt.Hidden == (row != "") {
			t.Errorf("%s (hidden: %t): %q", opt.Name, opt.Hidden, row)
		} else if row != "" && !strings.Contains(strings.TrimSpace(row)+" ", " "+opt.Value+" ") || len(opt.Default) <= helpMid && !strings.Contains(row, opt.Default) && !opt.Hidden || !strings.Contains(flat(help), opt.Default) && !opt.Hidden {
			t.Errorf("%s has the row %q, without %q or %q", opt.Name, row, opt.Value, opt.Default)
		}
	}
}

// flat undoes the wrapping of a long default.
func flat(help string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(help), " "), ", ", ",")
}

// helpLine returns the line that begins with text.
func helpLine(help, text string) string {
	for line := range strings.Lines(help) {
		if strings.HasPrefix(strings.TrimSpace(line)+" ", text+" ") {
			if _, below, _ := strings.Cut(help, line); len(line) > helpLeft+3 && len(strings.Fields(line)) == 2 {
				below, _, _ = strings.Cut(below, "\n") // the row of a long one goes on below
				return strings.TrimSpace(line) + " " + below
			}
			return line
		}
	}
	return ""
}

// A column begins where the one above it does, and no line is too wide.
func TestHelpIsAligned(t *testing.T) {
	for line := range strings.Lines(Page{Name: "hunt", Options: true, Flags: huntFlags}.Help(0)) {
		line = strings.TrimSuffix(line, "\n")
		if utf8.RuneCountInString(line) > 100 || strings.TrimRight(line, " ") != line {
			t.Errorf("%d columns: %q", utf8.RuneCountInString(line), line)
		}
		if strings.HasPrefix(line, "  --") && len(line) > helpLeft+13 && (line[helpLeft+2] != ' ' || line[helpLeft+3+helpMid] != ' ' || line[helpLeft+helpMid+4] == ' ') {
			t.Errorf("columns of %q", line)
		}
	}
}

// What help shows must work: its examples are read by the parsers themselves.
func TestHelpExamplesParse(t *testing.T) {
	help, examples := Help(0), 0
	_, list, _ := strings.Cut(help, "\nexamples\n")
	for line := range strings.Lines(list) {
		words := strings.Fields(strings.ReplaceAll(line, "'", ""))
		if len(words) < 2 || words[1] != "hunt" {
			t.Errorf("%q is not a hunt", line)
			continue
		}
		if _, rest, err := ParseFlags(words[2:], huntFlags...); err != nil || len(rest.Files) != 1 {
			t.Errorf("%q: files %q, %v", line, rest.Files, err)
		}
		examples++
	}
	if examples != 3 {
		t.Errorf("%d examples", examples)
	}
	mustParse(t, strings.Fields(strings.TrimPrefix(strings.TrimSpace(helpLine(help, "| schtaskhunt")), "| schtaskhunt"))...)
}

func TestTableIsACopy(t *testing.T) {
	Table()[0].Name = "changed"
	if Table()[0].Name != "mode" {
		t.Error("the table can be changed from outside")
	}
}
