package command

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// Help for a narrow terminal fits it, but for command lines, and says the same.
func TestNarrowHelp(t *testing.T) {
	page := Page{
		Name: "hunt", Line: "hunts in events that came from somewhere, of which there are many, which is why this line is long enough to be broken twice at sixty", Usage: []string{"hunt FILE..."}, Options: true,
		About:    "It is said in lines of a hundred columns that are broken by hand, as are those of all pages, so that\nthey have to be broken anew.\n  a line that stands in\n",
		Flags:    append(slices.Clone(huntFlags), Flag{Name: "a-long-flag", Value: "of|so|many|values|that|it|stands|above", Default: "of", Help: "what a long flag is for, said at some length"}),
		Examples: []string{"schtaskhunt hunt --recent 24h --allow-dest corel.com,10.0.0.0/8 --format csv --max-devices 7 export.csv"},
	}
	for _, help := range []func(width int) string{page.Help, func(width int) string { return Help(width, page) }} {
		wide := help(0)
		if help(helpWidth) != wide || help(200) != wide {
			t.Error("where all fits something is changed")
		}
		for _, width := range []int{60, 80, 99} {
			narrow := help(width)
			for line := range strings.Lines(narrow) {
				if line = strings.TrimSuffix(line, "\n"); utf8.RuneCountInString(line) > width && !strings.Contains(line, Name+" ") && len(strings.Fields(line)) > 2 {
					t.Errorf("%d columns: %q", width, line)
				}
			}
			if got, want := wordsOf(narrow), wordsOf(wide); !slices.Equal(got, want) {
				i := 0
				for i < min(len(got), len(want)) && got[i] == want[i] {
					i++
				}
				t.Errorf("%d columns: %q are the words in order, want %q", width, got[i:], want[i:])
			}
		}
	}
	if got := page.Help(80); !strings.Contains(got, "\n  --chunk-rows <n>\n      rows in a chunk (default 50000)\n") ||
		!strings.Contains(got, "\n  --a-long-flag of|so|many|values|that|it|stands|above\n      what a long flag is for, said at some length (default of)\n") || !strings.Contains(got, "as are those\nof all pages, so that they have to") {
		t.Errorf("it is\n%s", got)
	}
}

// wordsOf are the words of help, sorted, without those that say what a default is.
func wordsOf(help string) []string {
	words := strings.Fields(strings.NewReplacer("(default ", "", ")", "", "(", "").Replace(strings.Join(strings.Fields(help), " ")))
	slices.Sort(words)
	return words
}
