package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sink/view"
)

// hostile are texts by which an attacker would take the page over; %s is an address.
var hostile = []string{
	`</script><script>document.title='owned'</script>`, `<img src="%s/a" onerror="document.title='owned'">`, `"><svg onload=document.title='owned'>`,
	"'-document.title='owned'-'", `{{.About}}`, "<!--<script>", "]]>", "\u2028\u2029", "\u202egnp.exe", "\x00\x1b[2J", "\xff\xfe", "javascript:document.title='owned'",
	`<link rel=stylesheet href="%s/b"><style>@import "%s/c"</style>`, "שלום", "更新", strings.Repeat("A<b>", 25_000),
}

const noon = event.Time(1_795_176_000) * event.Second

// some makes findings with names in turn; every one beacons.
func some(n int, names []string, address string) []*view.Finding {
	var trees []row.Tree
	for i := range n {
		name := strings.ReplaceAll(names[i%len(names)], "%s", address)
		f := &row.Finding{ID: fmt.Sprintf("%016x", i+1), Scored: true, Score: float64(n-i) / 10, TaskName: name, Template: name, Process: name,
			Why: []string{"rare +1.0 " + strings.ReplaceAll(name, "\n", " ")}, Devices: 1, Known: ""}
		call := row.Connection{Edge: "guid", IP: fmt.Sprintf("198.51.100.%d", i%200), Host: name, Port: 443, Class: "public", Count: 2, First: noon, Last: noon + event.Day,
			Beacon: row.Beacon{Judged: true, Score: 0.9, Period: 3600, Count: 24}}
		for r := range 3 {
			trees = append(trees, row.Tree{ID: fmt.Sprintf("t%d.%d", i, r), Device: fmt.Sprintf("PC-%d.%s", i%50, name), Process: name, Verdicts: row.Verdicts{Finding: f, Coverage: []string{"no_dns " + name}},
				Nodes: []row.Node{
					{ID: "a", Depth: 1, Path: name, Process: row.Process{Name: name, Command: name, PID: 4}, User: name, Started: noon},
					{ID: "b", ParentID: "a", Depth: 2, Path: name, Process: row.Process{Name: name, Command: name, PID: 5}, Started: noon, Connections: []row.Connection{call}},
				}})
		}
	}
	return view.Of(row.Build(trees, row.Nodes|row.Connections))
}

func aboutWith(names []string, address string) *view.About {
	a := &view.About{Version: "1.2.3", Ledger: account.Ledger{Events: 12, Devices: 3}}
	for _, name := range names {
		name = strings.ReplaceAll(name, "%s", address)
		a.Inputs = append(a.Inputs, view.Input{Name: name, Bytes: 3, SHA256: "00"}, view.Input{Name: name, LeftOut: name})
		a.Arguments = append(a.Arguments, name)
		a.Messages.Say(account.Warn, "%s", name)
	}
	return a
}

func written(t *testing.T, findings []*view.Finding, about *view.About) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, findings, about); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// Without a browser: the page's elements are the same whatever the names are, and what a
// browser would fetch from elsewhere is not in it.
func TestHostileNamesAddNoElement(t *testing.T) {
	tags := regexp.MustCompile(`<[a-zA-Z!/][^>]*`)
	plain := make([]string, len(hostile))
	for i := range plain {
		plain[i] = fmt.Sprint("name", i)
	}
	want := tags.FindAllString(written(t, some(40, plain, ""), aboutWith(plain, "")), -1)
	page := written(t, some(40, hostile, "http://192.0.2.1"), aboutWith(hostile, "http://192.0.2.1"))
	got := tags.FindAllString(page, -1)
	if len(got) != len(want) {
		t.Errorf("%d tags, want %d", len(got), len(want))
	}
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Fatalf("tag %d is %.200q, want %q", i, got[i], want[i])
		}
	}
	if strings.ContainsAny(page, "\x00\x1b\u202e\u2028") {
		t.Error("a harmful character stands as it is")
	}
	if len(page) > 3_000_000 {
		t.Errorf("%d bytes for 40 findings", len(page))
	}
}

// The data in the page are those of the findings.
func TestDataReadBack(t *testing.T) {
	_, rest, _ := strings.Cut(written(t, some(7, []string{"a <b> & \"c\""}, ""), &view.About{}), `<script type="application/json" id="data">`)
	data, _, _ := strings.Cut(rest, "</script>")
	var got []finding
	if err := json.Unmarshal([]byte(data), &got); err != nil || len(got) != 7 {
		t.Fatalf("%d findings: %v", len(got), err)
	}
	f := got[0]
	if f.Label != "a <b> & \"c\"" || *f.Score != 0.7 || f.RunN != 3 || f.DeviceN != 1 || len(f.Contacts) != 3 || f.Cadence != "60m" || len(f.Tree) != 3 || f.Tree[2].Depth != 0 {
		t.Errorf("%+v", f)
	}
}

// What is cut is told.
func TestLimitsAreSaid(t *testing.T) {
	var trees []row.Tree
	for i := range mostContacts + 7 {
		trees = append(trees, row.Tree{ID: fmt.Sprint("t", i), Device: "PC", Process: "x", Nodes: []row.Node{{ID: "n", Depth: 1, Connections: []row.Connection{{IP: "192.0.2.1", First: noon, Last: noon, Count: 1}}}}})
	}
	trees[0].Nodes = append(trees[0].Nodes, make([]row.Node, mostRows)...)
	d := findingOf(view.Of(row.Build(trees, row.Nodes|row.Connections))[0])
	if len(d.Contacts) != mostContacts || d.Left != 7 || len(d.Tree) != mostRows || d.TreeLeft != 2 || d.RunN != mostContacts+7 || len(d.Runs) != mostRuns {
		t.Errorf("%d contacts and %d left, %d rows and %d left, %d runs, %d named", len(d.Contacts), d.Left, len(d.Tree), d.TreeLeft, d.RunN, len(d.Runs))
	}
	if long := text(strings.Repeat("é", 100_000)); !strings.HasSuffix(long, "… (100000 characters)") || len(long) > 3*mostText {
		t.Errorf("%d bytes", len(long))
	}
}

// Who made the page is let in by sum alone: a change of the script changes the policy.
func TestPolicyAllowsNothingElse(t *testing.T) {
	p := policy()
	for _, never := range []string{"unsafe", "http", "*", "'self'"} {
		if strings.Contains(p, never) {
			t.Errorf("%s is in %s", never, p)
		}
	}
	was := reportJS
	defer func() { reportJS = was }()
	reportJS += " "
	if policy() == p {
		t.Error("the policy does not depend on the script")
	}
}
