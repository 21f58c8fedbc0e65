package screen

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sink/view"
)

var record = flag.Bool("record", false, "write the screens in testdata anew; read the difference")

const noon = event.Time(1_795_176_000) * event.Second

// odd are the names that break tables: wide, combining, joined, right to left, and what
// would move a cursor.
var odd = []string{
	`C:\Users\anna\AppData\Roaming\Notes\sync.js`, "更新プログラム管理サービス", "naïve café", "👩‍👩‍👧‍👦 family 🇦🇹 flag ❤️",
	"שלום עולם", "مرحبا", "a\x1b[2J\x1b[H\u202eexe.txt\u202c\r\nb\tc\u0000", "\u200bzero\ufeff", "\xff\xfe", strings.Repeat("A", 300),
}

func finding(id, name string, score float64, devices int, remote string) *row.Finding {
	return &row.Finding{
		ID: id, Scored: true, Score: score, Template: name, Process: name, Devices: devices, Known: "",
		Why: []string{fmt.Sprintf("rare %+.1f on %d of 1000 devices", score-2, devices), "destination +2.0 " + remote + " is called by tasks on 1 of 1000 devices"},
	}
}

// trees are three findings: a beacon on one device, a tree with branches on two, one with
// odd names.
func trees() []row.Tree {
	call := func(ip, host string, n int) row.Connection {
		return row.Connection{Edge: "guid", IP: ip, Host: host, Port: 443, Class: "public", Transport: "tcp", Direction: "outbound", Count: n,
			First: noon - event.Day, Last: noon, Beacon: row.Beacon{Judged: true, Score: 0.97, Period: 1800, Count: n}}
	}
	node := func(depth int, id, parent, name, command string, calls ...row.Connection) row.Node {
		return row.Node{ID: id, ParentID: parent, Depth: depth, Path: name, Edge: "guid", User: `NT AUTHORITY\SYSTEM`, Started: noon,
			Process: row.Process{Name: name, Command: command, PID: uint32(1000 + len(id) + depth)}, Connections: calls}
	}
	tree := func(id, device string, f *row.Finding, nodes ...row.Node) row.Tree {
		return row.Tree{ID: id, Device: device, Process: f.Process, Devices: f.Devices, Nodes: nodes, Verdicts: row.Verdicts{Finding: f, Coverage: []string{"no_dns"}}}
	}
	beacon := finding("00000000000000a1", `C:\ProgramData\kestrel\kestrelsvc.exe -k kestrel -q`, 22.5, 1, "45.168.219.136")
	branch := finding("00000000000000b2", `C:\Windows\System32\regsvr32.exe /s /n /u /i:"C:\ProgramData\juniper.sct" scrobj.dll`, 10.6, 2, "juniper.test")
	strange := finding("00000000000000c3", odd[1]+` "`+odd[3]+`" `+odd[4], 5.1, 3, odd[6])
	strangeTask := row.Task{Name: `\` + odd[1] + `\` + odd[6]}
	list := []row.Tree{
		tree("t1", "DUB-SRV0002.corp.example", beacon, node(1, "a", "", "kestrelsvc.exe", beacon.Process, call("45.168.219.136", "", 45))),
		tree("t2", "DUB-SRV0002.corp.example", beacon, node(1, "b", "", "kestrelsvc.exe", beacon.Process, call("185.69.81.43", "", 3))),
		tree("t3", "DUB-NB0005.corp.example", branch,
			node(1, "c", "", "regsvr32.exe", branch.Process),
			node(2, "d", "c", "rundll32.exe", `rundll32.exe javascript:"\..\mshtml,RunHTMLApplication ";alert('juniper')`),
			node(3, "e", "d", "cmd.exe", `C:\Windows\system32\cmd.exe /c C:\ProgramData\juniper\run.cmd "a b"`),
			node(4, "f", "e", "powershell.exe", "powershell.exe -enc "+strings.Repeat("SQBFAFgA", 60), call("45.154.77.243", "files.juniper.test", 2)),
			node(5, "g", "f", "chrome_helper.exe", "chrome_helper.exe https://45.170.193.203/", call("2001:db8::1", "", 1)),
			node(4, "h", "e", "conhost.exe", `\??\C:\Windows\system32\conhost.exe 0xffffffff -ForceV1`)),
		tree("t4", "VIE-SRV0003.corp.example", branch, node(1, "i", "", "regsvr32.exe", branch.Process, call("45.154.77.243", "files.juniper.test", 1))),
	}
	strangeNodes := []row.Node{node(1, "j", "", odd[1], odd[6])}
	for i, name := range odd {
		n := node(2+i%3, fmt.Sprint("k", i), "j", name, name+" "+name, call("203.0.113.9", name, 1))
		n.User = name
		strangeNodes = append(strangeNodes, n)
	}
	last := tree("t5", odd[3], strange, strangeNodes...)
	last.Task = strangeTask
	return append(list, last)
}

var about = view.About{
	Version: "1.2.3", Inputs: []view.Input{{Name: "a.xml", Bytes: 1_234_567}, {Name: "b.png", Bytes: 9, LeftOut: "a picture"}},
	Ledger: account.Ledger{Events: 1_234_567, Malformed: 3, Devices: 1000, Trees: 90_210, Kept: 5},
}

func drawn(t *testing.T, trees []row.Tree, o Options) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, view.Of(row.Build(trees, row.Nodes|row.Connections)), &about, o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestScreens compares whole screens with those in testdata.
func TestScreens(t *testing.T) {
	for _, width := range []int{60, 80, 120, 200} {
		for name, color := range map[string]Color{"plain": NoColor, "sixteen": SixteenColors, "true": TrueColor} {
			got := drawn(t, trees(), Options{Width: width, Color: color})
			file := filepath.Join("testdata", fmt.Sprintf("%d-%s.txt", width, name))
			if *record {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil || got != string(want) {
				t.Errorf("%s is not what is drawn (%v): go test ./app/sink/screen -record, and read the difference", file, err)
			}
		}
	}
}

// TestCauseOnScreen compares a screen with a tree that a service made start.
func TestCauseOnScreen(t *testing.T) {
	list := trees()[:1]
	list[0].Cause = &row.Cause{What: "service", Name: "Kestrel", At: noon - event.Day, By: `CORP\mira`, MakerID: "x", Events: []string{"7045#12", "4697#7"}, Certainty: "likely",
		Maker: row.Process{Name: "sc.exe", Command: `sc create Kestrel binPath= "C:\ProgramData\kestrel\kestrelsvc.exe -k kestrel -q"`, PID: 9}}
	var out bytes.Buffer
	if err := Write(&out, view.Of(row.Build(list, row.Nodes|row.Connections|row.Causes)), &about, Options{Width: 120, Color: NoColor}); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", "120-cause.txt")
	if *record {
		if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(file); err != nil || out.String() != string(want) {
		t.Errorf("%s is not what is drawn (%v): go test ./app/sink/screen -record, and read the difference", file, err)
	}
}

var painted = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// However wide the screen and whatever the names: no line is wider than the screen, no
// character moves the cursor, and colours change no text.
func TestNothingBreaksTheScreen(t *testing.T) {
	for width := 60; width <= 220; width += 7 {
		for details := range Details(3) {
			for _, last := range []bool{false, true} {
				plain := drawn(t, trees(), Options{Width: width, Details: details, Last: last})
				for line := range strings.SplitSeq(plain, "\n") {
					if w := widthOf(line); w > width {
						t.Errorf("%d columns on a screen of %d: %q", w, width, line)
					}
					if strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsGraphic(r) }) {
						t.Errorf("%q", line)
					}
				}
				for _, color := range []Color{SixteenColors, TrueColor} {
					if got := painted.ReplaceAllString(drawn(t, trees(), Options{Width: width, Details: details, Last: last, Color: color}), ""); got != plain {
						t.Fatalf("colours change the text at %d", width)
					}
				}
			}
		}
	}
}

// A chain of any depth, deeper than the screen is wide.
func TestDeepTree(t *testing.T) {
	tree := trees()[0]
	for i := range 90 {
		n := tree.Nodes[0]
		n.ID, n.Depth, n.Process.Name = fmt.Sprint("n", i), i+2, "程序.exe"
		tree.Nodes = append(tree.Nodes, n)
	}
	for line := range strings.SplitSeq(drawn(t, []row.Tree{tree}, Options{Width: 60}), "\n") {
		if w := widthOf(line); w > 60 {
			t.Errorf("%d columns: %q", w, line)
		}
	}
}

// Pieces of any text are never wider than they may be, and wrapping loses nothing while
// there are lines left.
func TestWidths(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	alphabet := []rune("ab \\ \\\":./程序👩e\u0301שم")
	for range 3000 {
		text := make([]rune, dice.IntN(60))
		for i := range text {
			text[i] = alphabet[dice.IntN(len(alphabet))]
		}
		s, width := string(text), 2+dice.IntN(40)
		if got := fit(s, width); widthOf(got) > width {
			t.Fatalf("fit(%q, %d) = %q", s, width, got)
		}
		if a, b := head(s, width), tail(s, width); widthOf(a) > width || widthOf(b) > width || !strings.HasPrefix(s, a) || !strings.HasSuffix(s, b) {
			t.Fatalf("head and tail of %q, %d: %q, %q", s, width, a, b)
		}
		lines := wrap(s, width, 1000)
		for _, line := range lines {
			if widthOf(line) > width {
				t.Fatalf("wrap(%q, %d) = %q", s, width, lines)
			}
		}
		if squeeze(strings.Join(lines, "")) != squeeze(s) {
			t.Fatalf("wrap(%q, %d) = %q", s, width, lines)
		}
	}
}

func squeeze(s string) string { return strings.ReplaceAll(s, " ", "") }

func TestFit(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  string
	}{
		{`C:\ProgramData\kestrel\kestrelsvc.exe -k`, 60, `C:\ProgramData\kestrel\kestrelsvc.exe -k`},
		{`C:\ProgramData\kestrel\kestrelsvc.exe -k`, 30, `C:\…\kestrelsvc.exe -k`},
		{`C:\ProgramData\kestrel\kestrelsvc.exe -k`, 20, `kestrelsvc.exe -k`},
		{`C:\Windows\System32\cmd.exe /c C:\a\b\1.cmd`, 18, `cmd.exe /c 1.cmd`},
		{`"C:\Program Files\One Two\three four.exe" -x`, 30, `"C:\…\three four.exe" -x`},
		{`"C:\Program Files\One Two\three four.exe" -x`, 20, `three four.exe -x`},
		{`"C:\Windows\system32\wscript.EXE" "C:\a b\c d\e f.js" x`, 30, `wscript.EXE e f.js x`},
		{`"plain.exe" -k`, 30, `"plain.exe" -k`},
		{`abcdefghij`, 5, `ab…ij`},
		{`程序程序程序`, 5, `程…序`},
	} {
		if got := fit(c.text, c.width); got != c.want {
			t.Errorf("fit(%q, %d) = %q, want %q", c.text, c.width, got, c.want)
		}
	}
}

// Where the end is what is seen, the highest finding and the summary stand there.
func TestLast(t *testing.T) {
	got := drawn(t, trees(), Options{Width: 80, Last: true})
	first, best, summary := strings.Index(got, "#3  "), strings.Index(got, "#1  "), strings.Index(got, "1,234,567 events")
	if first < 0 || first > best || best > summary {
		t.Errorf("#3 at %d, #1 at %d, the summary at %d", first, best, summary)
	}
}

// What the other runs had is summed up, and however many destinations they had, it is
// said how many are left out.
func TestOtherRunsAreSummedUp(t *testing.T) {
	list := trees()[:2]
	for i := range 20 {
		one := trees()[1]
		one.ID = fmt.Sprint("more", i)
		one.Nodes[0].Connections[0].IP = fmt.Sprintf("198.51.100.%d", i)
		list = append(list, one)
	}
	got := strings.Join(strings.Fields(drawn(t, list, Options{Width: 120})), " ")
	if !strings.Contains(got, "and 21 more runs since 2026-11-20 12:00:00, also to 185.69.81.43:443 3x,") || !strings.Contains(got, ", 13 more") {
		t.Error(got)
	}
	if strings.Contains(drawn(t, trees()[:2], Options{Width: 120, Details: All}), "more run") {
		t.Error("all runs are drawn, and others are told of")
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, os.ErrClosed }

func TestWriteErrors(t *testing.T) {
	findings := view.Of(row.Build(trees(), row.Nodes|row.Connections))
	if err := Write(full{}, findings, &about, Options{Width: 80}); err == nil {
		t.Error("a full disk is no error")
	}
	if err := Brief(full{}, findings, &about, 3, Options{Width: 80}); err == nil {
		t.Error("a full disk is no error")
	}
}

// Of a host's name whose it is stays: short labels go first, and a long one does not. Nothing
// is wider than it may be, and an address keeps both ends.
func TestHostsFit(t *testing.T) {
	for _, x := range []struct {
		name  string
		width int
		want  string
	}{
		{"cdn.pebble.example", 18, "cdn.pebble.example"},
		{"cdn.pebble.example", 17, "…pebble.example"},
		{"a.b.c.d.pebble.example", 17, "…d.pebble.example"},
		{"cdn.a-rather-long-name.example", 14, "a-rather-long…"},
		{"185.220.44.10:443", 12, fit("185.220.44.10:443", 12)},
		{"185.220.44.10", 9, fit("185.220.44.10", 9)},
		{"2a0b:f4c2:9::6bb8", 12, fit("2a0b:f4c2:9::6bb8", 12)},
		{"https://a.example/b.c", 12, fit("https://a.example/b.c", 12)},
		{"vm1252.juniper-hosting.example", 16, "juniper-hosting…"},
		{"d111111abcdef8.cloudfront.net", 17, fit("d111111abcdef8.cloudfront.net", 17)},
		{"www.long-company-name.co.uk", 17, fit("…long-company-name.co.uk", 17)},
		{"例え.テスト.example", 17, "…テスト.example"},
		{"", 5, ""}, {"...", 2, fit("...", 2)},
	} {
		if got := fitHost(x.name, x.width); got != x.want || widthOf(got) > x.width {
			t.Errorf("%s in %d: %q, want %q", x.name, x.width, got, x.want)
		}
	}
}

// cuttable are characters of which some are shown as escapes, and words that are escapes
// already: all digits are theirs.
var cuttable = []string{"\u202e", "\u2066", "\u200f", "\x01", "\xfe", `\u202d`, "k", "m", "z", " ", `\`, `"`, ".", "程", "e\u0301"}

// escapes are what is shown of the former.
var escapes = regexp.MustCompile(`\\u202[de]|\\u2066|\\u200f|\\x01|\\xfe`)

// However a text is shortened, what is left of an escape is the whole of it: no digit stands
// without its backslash.
func TestNoEscapeIsCut(t *testing.T) {
	dice := rand.New(rand.NewPCG(4, 1))
	isTorn := func(shown string) bool {
		return strings.ContainsAny(escapes.ReplaceAllString(shown, ""), "0123456789uxdf")
	}
	for range 20_000 {
		var text strings.Builder
		for range dice.IntN(40) {
			text.WriteString(cuttable[dice.IntN(len(cuttable))])
		}
		s, width := text.String(), 1+dice.IntN(40)
		for _, shown := range append(wrap(s, max(2, width), 3), fit(s, width), fit(row.Printable(s), width), fitHost(s, width), row.Printable(row.Clip(s, width)), row.Clip(row.Printable(s), width)) {
			if isTorn(shown) {
				t.Fatalf("%q in %d columns is %s", s, width, shown)
			}
			if strings.ContainsFunc(shown, func(r rune) bool { return !unicode.IsGraphic(r) }) {
				t.Fatalf("%q in %d columns is %q", s, width, shown)
			}
		}
	}
	turned := finding("00000000000000d4", "C:\\Users\\anna\\Downloads\\invoice_\u202efdp.exe -k \u202e\u202e\u202e", 5, 1, "\u202emoc.example")
	tree := trees()[0]
	tree.Finding, tree.Process, tree.Device = turned, turned.Process, "WS\u202e1"
	tree.Nodes[0].Process.Name, tree.Nodes[0].Process.Command = "invoice_\u202efdp.exe", strings.Repeat("\u202e", 99)
	for width := 60; width < 130; width++ {
		shown := drawn(t, []row.Tree{tree}, Options{Width: width})
		if all, whole := strings.Count(shown, "202e"), strings.Count(shown, `\u202e`); all != whole || whole == 0 {
			t.Fatalf("on %d columns %d of %d escapes are whole:\n%s", width, whole, all, shown)
		}
	}
}
