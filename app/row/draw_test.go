package row

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

const noon = event.Time(1_700_000_000) * event.Second

// family is a tree of several levels: branches, last children, connections between.
func family() *Tree {
	node := func(depth int, name string, pid uint32, command string, connections ...Connection) Node {
		return Node{ID: name, Depth: depth, Process: Process{Name: name, PID: pid, Command: command}, Edge: "guid", Started: noon, Connections: connections}
	}
	public := Connection{Edge: "guid", IP: "93.184.216.34", Port: 443, Host: "c2.example", Class: "public", Transport: "tcp", Direction: "outbound",
		Count: 3, First: noon, Last: noon + 60*event.Second}
	lookup := Connection{Edge: "guid", Host: "c2.example", Class: "public", Direction: "outbound", Action: "dns", Answers: "93.184.216.34 10.0.0.1",
		Count: 1, First: noon, Last: noon}
	inbound := Connection{Edge: "pid_interval", IP: "2001:db8::1", Port: 80, Class: "reserved", Transport: "udp", Direction: "inbound", Count: 1}
	t := &Tree{ID: "t", Device: "PC", Process: "root /x", Devices: 2, Nodes: []Node{
		node(1, "root.exe", 10, "root /x", lookup, public),
		node(2, "a.exe", 11, "a"),
		node(3, "b.exe", 12, "b", inbound),
		node(4, "c.exe", 0, ""),
		node(3, "d.exe", 13, "d"),
		node(2, "e.exe", 14, "e"),
		node(3, "", 15, "f"),
	}}
	t.Nodes[2].Hidden = 7
	t.Nodes[4].Edge = "pid_interval"
	t.Nodes[6].Edge = "parent_fields"
	t.Nodes[0].Edge = "parent_fields" // of a root that is the rule
	return t
}

const drawnFamily = `root.exe (10)  root /x
│  -> dns c2.example = 93.184.216.34 10.0.0.1  dns  public  1x  2023-11-14 22:13:20
│  -> 93.184.216.34:443 c2.example  tcp  public  3x  2023-11-14 22:13:20 .. 2023-11-14 22:14:20
├─ a.exe (11)  a
│  ├─ b.exe (12)  b  [7 hidden]
│  │  │  <- [2001:db8::1]:80  udp  reserved  1x  (no time)  [pid_interval]
│  │  └─ c.exe
│  └─ d.exe (13)  d  [pid_interval]
└─ e.exe (14)  e
   └─ (unknown) (15)  f  [parent_fields]`

func TestDraw(t *testing.T) {
	if got := family().Draw(); got != drawnFamily {
		t.Errorf("drawn\n%s\nwant\n%s", got, drawnFamily)
	}
	if got := Draw(nil, 10); got != "" {
		t.Errorf("no rows are drawn as %q", got)
	}
}

func TestDrawCutsCommands(t *testing.T) {
	tree := &Tree{Nodes: []Node{{Depth: 1, Process: Process{Name: "x", Command: strings.Repeat("ä", 20)}}}}
	rows := Build([]Tree{*tree}, Nodes)
	for width, want := range map[int]string{1: "…", 2: "ä…", 19: strings.Repeat("ä", 18) + "…", 20: strings.Repeat("ä", 20), 21: strings.Repeat("ä", 20)} {
		if got := Draw(rows, width); got != "x  "+want+"\n" {
			t.Errorf("in %d characters: %q", width, got)
		}
	}
}

// A chain of any length is one line a process, and no line grows with it.
func TestDrawLongChain(t *testing.T) {
	const n = 100_000
	rows := make([]Row, n)
	for i := range rows {
		rows[i] = blank(Nodes | Connections)
		rows[i] = rows[i].with("row", "node")
		rows[i] = rows[i].with("depth", strconv.Itoa(i+1))
		rows[i] = rows[i].with("process_name", "x.exe")
	}
	lines := strings.Split(strings.TrimSuffix(Draw(rows, 10), "\n"), "\n")
	if len(lines) != n {
		t.Fatalf("%d lines", len(lines))
	}
	for i, line := range lines {
		if utf8.RuneCountInString(line) > 3*deepest+40 {
			t.Fatalf("line %d has %d characters", i, utf8.RuneCountInString(line))
		}
		if told := strings.Contains(line, fmt.Sprintf("… depth %d x.exe", i+1)); told != (i+1 > deepest) {
			t.Fatalf("line %d is %q", i, line)
		}
	}
}

// openSlowly asks for every branch whether a later sibling of the ancestor follows.
func openSlowly(depths []int, at, depth int) bool {
	for _, later := range depths[at+1:] {
		if later <= depth {
			return later == depth
		}
	}
	return false
}

func TestBranchesAgainstTheSlowOnes(t *testing.T) {
	const most = 5
	for code := range 1 << 12 { // every tree of 7 processes whose depth goes up or down by these steps
		depths := []int{1}
		for bits := code; len(depths) < 7; bits >>= 2 {
			depths = append(depths, min(most, max(1, depths[len(depths)-1]+1-bits&3)))
		}
		rows := make([]Row, len(depths))
		for i, d := range depths {
			rows[i] = blank(Nodes | Connections)
			rows[i] = rows[i].with("row", "node")
			rows[i] = rows[i].with("depth", strconv.Itoa(d))
		}
		for i, open := range openBranches(rows) {
			for d := 1; d <= depths[i]; d++ {
				if want := openSlowly(depths, i, d); open.at(d) != want {
					t.Fatalf("depths %v: process %d is open at %d: %v", depths, i, d, !want)
				}
			}
		}
	}
}

// hostile are texts that would change what the reader sees.
var hostile = []string{
	"\x1b[2J\x1b[31mred", "a\nb", "a\rb", "a\tb", "a\x00b", "\x7f", "\u0085", "\u009b31m",
	"evil\u202eexe.txt", "\u200b", "\u200d", "\u2066x\u2069", "\ufeff", "\u2028", "\u2029", "\u00ad", "\u115f", "\u3164", "\ufe0f", "\u034f",
	"\U000e0041", "\ue000", "\xff\xfe", "\xc3(", "\xed\xa0\x80",
}

func TestNothingHarmfulIsDrawn(t *testing.T) {
	for _, text := range hostile {
		for _, column := range HeaderOf(Nodes | Connections).Names {
			if column == "row" || column == "depth" {
				continue
			}
			for _, kind := range []string{"node", "connection"} {
				for _, action := range []string{"", "dns"} {
					r := blank(Nodes | Connections)
					r = r.with("row", kind)
					r = r.with("depth", "2")
					r = r.with("remote_port", "443")
					r = r.with("action", action)
					r = r.with(column, "x"+text+"y")
					checkHarmless(t, column, text, strings.TrimSuffix(Draw([]Row{r}, 300), "\n"))
				}
			}
		}
	}
}

func checkHarmless(t *testing.T, column, text, drawn string) {
	t.Helper()
	if !utf8.ValidString(drawn) {
		t.Errorf("%s %q: not UTF-8: %q", column, text, drawn)
	}
	for _, c := range drawn {
		if !unicode.IsPrint(c) || unicode.Is(unicode.Variation_Selector, c) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, c) {
			t.Errorf("%s %q: %U is drawn: %q", column, text, c, drawn)
		}
	}
}

func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"": "", `cmd.exe /c "dir"`: `cmd.exe /c "dir"`, "größe 文件 ñ": "größe 文件 ñ", "\ufffd": "\ufffd",
		"a\nb": `a\nb`, "\x1b[2J": `\x1b[2J`, "evil\u202eexe": `evil\u202eexe`, "\xff!": `\xff!`, "\x05\xc3": `\x05\xc3`, "\U000e0041": `\U000e0041`,
	} {
		if got := Printable(text); got != want {
			t.Errorf("Printable(%q) = %q, want %q", text, got, want)
		}
	}
}

func FuzzPrintable(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := Printable(text)
		for _, c := range got {
			if harmful(c) {
				t.Fatalf("Printable(%q) = %q", text, got)
			}
		}
		if !utf8.ValidString(got) || Printable(got) != got {
			t.Fatalf("Printable(%q) = %q, and again %q", text, got, Printable(got))
		}
		if cut := Clip(got, 7); utf8.RuneCountInString(cut) > 7 {
			t.Fatalf("Clip(%q, 7) = %q", got, cut)
		}
	})
}

// Rows may come back from Splunk with anything in them.
func TestDrawNonsense(t *testing.T) {
	for _, depth := range []string{"", "0", "-1", "x", "99999999999999999999", "1e9"} {
		r := blank(Nodes | Connections)
		r = r.with("row", "node")
		r = r.with("depth", depth)
		if got := Draw([]Row{r, r, NewHeader([]string{"row"}).Row([]string{"connections?"}), {}}, 10); strings.Count(got, "\n") != 2 {
			t.Errorf("depth %q is drawn as %q", depth, got)
		}
	}
}

// blank is a row of those kinds without a value.
func blank(kinds Kind) Row {
	h := HeaderOf(kinds)
	return h.Row(make([]string, len(h.Names)))
}

// with is the row with another value.
func (r Row) with(column, value string) Row {
	values := slices.Clone(r.Values)
	values[r.header.Index(column)] = value
	return r.header.Row(values)
}

// What stands beneath a process is its own: its connections, and then what it started,
// with an unbroken line down to each.
func TestDrawingsLeadFromParentToChild(t *testing.T) {
	rows := family().appendRows(nil, Nodes|Connections)
	lines := Lines(rows, 50)
	if len(lines) != len(rows) {
		t.Fatalf("%d lines of %d rows", len(lines), len(rows))
	}
	at := make(map[string]int) // the line of the last node of a depth
	for i, line := range lines {
		depth := atoi(line.Row.Get("depth"))
		lead := []rune(line.Lead)
		switch {
		case line.Row.Kind == Connections:
			if j := at[strconv.Itoa(depth)]; lines[j].Row.Get("node_id") != line.Row.Get("node_id") {
				t.Errorf("%q stands beneath %q", line.Text, lines[j].Text)
			}
			continue
		case depth > 1:
			branch := 3 * (depth - 2)
			if r := lead[branch]; r != '├' && r != '└' {
				t.Errorf("no branch at %d of %q", branch, line.Lead)
			}
			for j := at[strconv.Itoa(depth-1)] + 1; j < i; j++ {
				if r := []rune(lines[j].Lead + " ")[branch]; r != '│' && r != '├' {
					t.Errorf("the line down to %q is broken at %q", line.Text, lines[j].Lead+lines[j].Text)
				}
			}
		}
		at[strconv.Itoa(depth)] = i
	}
}
