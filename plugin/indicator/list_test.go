package indicator

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/schtaskhunt/schtaskhunt/plugin"
)

// read makes a set of one list, with 75 as the score of entries without one.
func read(t testing.TB, name, text string) (*Set, *Report) {
	t.Helper()
	b := NewBuilder(Options{Score: 75})
	if err := b.AddList(name, strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	return b.Build(), b.Report()
}

func lookUp(s *Set, value string) plugin.Verdict {
	kind := plugin.Domain
	switch {
	case strings.Contains(value, " "):
		kind = plugin.CommandLine
	case len(value) == 64:
		kind = plugin.SHA256
	}
	return s.Lookup(plugin.Indicator{Kind: kind, Value: value})
}

// expect checks verdicts, each written as "value: score label source"; and that the
// set has no others.
func expect(t *testing.T, s *Set, verdicts ...string) {
	t.Helper()
	if s.Len() != len(verdicts) {
		t.Errorf("%d entries, want %d", s.Len(), len(verdicts))
	}
	for _, line := range verdicts {
		value, want, _ := strings.Cut(line, ": ")
		v := lookUp(s, value)
		if got := fmt.Sprint(v.Score, " ", v.Label, " ", v.Source); got != want {
			t.Errorf("%s is %q, want %q", value, got, want)
		}
	}
}

var hash = strings.Repeat("0123456789abcdef", 4)

func TestPlainList(t *testing.T) {
	set, report := read(t, "feeds/drop.v2.txt", "\ufeff# a comment\r\n; another\n\n203.0.113.7\r\n198.51.100.0/24 ; SBL123\n"+
		"evil[.]example\t# defanged\nhxxps://c2.test:8443/gate\n"+strings.ToUpper(hash)+"\n  2001:db8::/48  \nno such thing\n203.0.113.0/33\nlast.example")
	expect(t, set, "203.0.113.7: 75  drop.v2", "198.51.100.9: 75  drop.v2", "www.evil.example: 75  drop.v2", "c2.test: 75  drop.v2",
		hash+": 75  drop.v2", "2001:db8::1: 75  drop.v2", "last.example: 75  drop.v2")
	problems := []string{
		`feeds/drop.v2.txt:10: "no such thing" is no address, network, domain, URL or SHA-256`,
		`feeds/drop.v2.txt:11: "203.0.113.0/33": it is no address, network or range of addresses`,
	}
	if !slices.Equal(report.Problems, problems) || report.Bad != 2 || report.Entries != 7 {
		t.Errorf("report %+v", report)
	}
}

func TestCSVList(t *testing.T) {
	set, report := read(t, "list.csv", `# made by hand
 "Indicator Value" ,Type,Confidence,Description,Feed,extra
203.0.113.7,ip-dst,90,"beacon, first",ours,x
evil.example,Domain Name,,,
https://c2.test/a,URL,10.5,gate,theirs,
`+hash+`,FileHash-SHA256,100,"says ""loader""",
"cmd.exe /c  evil",command_line,60,runs evil,ours
"powershell* -enc *",process_command_line,,,
198.51.100.0/25,,,guessed,
d41d8cd98f00b204e9800998ecf8427e,md5,100,,
d41d8cd98f00b204e9800998ecf8427f,MD5,100,,
x.example,domain,101,,
y.example,domain,NaN,,
z.example,domain,much,,
"open.example,domain,,,
,domain,,,
"a"b,domain
w.example,domain
`)
	expect(t, set, "203.0.113.7: 90 beacon, first ours", "evil.example: 75  list", "c2.test: 10.5 gate theirs", hash+`: 100 says "loader" list`,
		"CMD.EXE /c evil: 60 runs evil ours", "powershell.exe -nop -enc AAAA: 75  list", "198.51.100.1: 75 guessed list", "w.example: 75  list")
	want := []string{
		"list.csv:12: score 101 is not between 0 and 100", "list.csv:13: score NaN is not between 0 and 100", `list.csv:14: score "much" is no number`,
		"list.csv:15: " + errQuote.Error(), "list.csv:16: the row has no indicator", "list.csv:17: " + errQuote.Error(),
		"1 left out: csv type MD5", "1 left out: csv type md5",
	}
	if lines := report.Lines(); !slices.Equal(lines, want) {
		t.Errorf("report says %q", lines)
	}
}

// Columns may stand in any order, between any of the usual signs, and be called what
// people call them.
func TestCSVHeaders(t *testing.T) {
	for _, text := range []string{
		"indicator,type,score,label,source\nevil.example,domain,5,l,s\n", "source;label;score;kind;VALUE\ns;l;5;fqdn;evil.example\n",
		"ioc_value\tioc_type\tconfidence level\tmalware\tprovider\nevil.example\thostname\t5\tl\ts\n",
		"indicator,value,source,feed,label,score\nevil.example,ignored.example,s,other,l,5\n",
	} {
		set, report := read(t, "x.csv", text)
		expect(t, set, "evil.example: 5 l s")
		if lines := report.Lines(); len(lines) > 0 {
			t.Errorf("%q: %q", text, lines)
		}
	}
}

func TestListWithoutIndicators(t *testing.T) {
	for _, text := range []string{"", "\n# nothing\n", "indicator,type\n", "{}", "[]", "[{}]", `{"objects":[]}`} {
		set, report := read(t, "empty", text)
		if want := []string{"nothing in empty could be used as an indicator"}; set.Len() != 0 || !slices.Equal(report.Warnings, want) {
			t.Errorf("%q: %d entries, %q", text, set.Len(), report.Warnings)
		}
	}
}

func TestLongLines(t *testing.T) {
	long := "long.example # " + strings.Repeat("x", 100<<10)
	tooLong := "toolong.example # " + strings.Repeat("x", maxLine)
	set, report := read(t, "long", long+"\n"+tooLong+"\n"+tooLong+tooLong+"\nlast.example")
	expect(t, set, "long.example: 75  long", "last.example: 75  long")
	if report.Bad != 2 || !strings.HasPrefix(report.Problems[1], "long:3: the line is longer than 262144 bytes") {
		t.Errorf("report %+v", report)
	}
}

func TestReportIsBounded(t *testing.T) {
	var text strings.Builder
	text.WriteString("indicator,type\n")
	for i := range 1000 {
		fmt.Fprintf(&text, "x,type%d%s\nbad value\n", i, strings.Repeat("x", 100))
	}
	_, report := read(t, "bad.csv", text.String())
	if report.Bad != 1000 || len(report.Problems) != maxProblems || len(report.Left) != maxReasons+1 {
		t.Errorf("%d bad, %d problems, %d reasons", report.Bad, len(report.Problems), len(report.Left))
	}
	left := 0
	for reason, n := range maps.All(report.Left) {
		if left += n; len(reason) > 100 {
			t.Errorf("reason %q", reason)
		}
	}
	if lines := report.Lines(); left != 1000 || lines[maxProblems] != "980 more entries could not be read" {
		t.Errorf("%d left out; %q", left, lines[maxProblems])
	}
}

func TestReadErrorsAreErrors(t *testing.T) {
	broken := errors.New("disk on fire")
	for _, text := range []string{"", "evil.example\n", "indicator\nx.example\n", `{"objects":[`, `{"response":[{"Event":{"Attribute":[{"type":"domain",`} {
		b := NewBuilder(Options{})
		err := b.AddList("feed", io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken)))
		if !errors.Is(err, broken) || !strings.Contains(err.Error(), "reading feed: ") {
			t.Errorf("%q: error %v", text, err)
		}
	}
}

func TestPatternsOfCommandsAreFew(t *testing.T) {
	var text strings.Builder
	text.WriteString("indicator,type\n")
	for i := range maxPatterns + 5 {
		fmt.Fprintf(&text, "evil%d*,command\n", i)
	}
	set, report := read(t, "p.csv", text.String())
	if set.Len() != maxPatterns || report.Bad != 5 || !strings.Contains(report.Problems[0], "more than 1000 patterns") {
		t.Errorf("%d patterns, report %+v", set.Len(), report)
	}
}
