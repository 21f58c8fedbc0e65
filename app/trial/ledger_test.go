package trial_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// ledger is the numbers of a ledger's line, by name.
type ledger map[string]int

var ledgerNames = strings.Fields("events process connection end other malformed duplicate devices " +
	"trees kept nodes connections hidden orphans ambiguous")

// readLedger reads the ledger out of the message that holds it, which every run has
// exactly once.
func readLedger(t testing.TB, messages []string) ledger {
	t.Helper()
	var found ledger
	for _, m := range messages {
		line, isLedger := strings.CutPrefix(m, "INFO schtaskhunt: ")
		if !isLedger {
			continue
		}
		if found != nil {
			t.Fatalf("two ledgers: %q", messages)
		}
		found = ledger{}
		for i, pair := range strings.Fields(line) {
			name, number, _ := strings.Cut(pair, "=")
			n, err := strconv.Atoi(number)
			if err != nil || i >= len(ledgerNames) || name != ledgerNames[i] || n < 0 {
				t.Fatalf("ledger %q: item %d is %q", line, i+1, pair)
			}
			found[name] = n
		}
	}
	if len(found) != len(ledgerNames) {
		t.Fatalf("no whole ledger in %q", messages)
	}
	return found
}

// audit holds the rows of an outcome against its ledger, and the ledger against
// itself. It is run on the outcome of every hunt of these tests.
func (o *outcome) audit(t testing.TB) {
	t.Helper()
	o.ledger = readLedger(t, o.messages)
	l := o.ledger
	if sum := l["process"] + l["connection"] + l["end"] + l["other"] + l["malformed"]; l["events"] != sum {
		t.Errorf("events=%d, but the kinds add up to %d: %v", l["events"], sum, l)
	}
	if l["duplicate"] > l["process"]+l["connection"]+l["end"] || l["kept"] > l["trees"] {
		t.Errorf("ledger counts more of a part than of the whole: %v", l)
	}
	if o.rows == nil {
		return
	}
	for name, counted := range o.sums() {
		if l[name] != counted {
			t.Errorf("ledger has %s=%d, the rows have %d", name, l[name], counted)
		}
	}
}

// sums counts in the rows what the ledger says of them, as far as the kinds of rows
// that are there can tell.
func (o *outcome) sums() map[string]int {
	sums := map[string]int{}
	trees := map[string]bool{}
	perNode, perConnection, connectionRows := 0, 0, 0
	for _, r := range o.rows {
		trees[r.Get("tree_id")] = true
		switch r.Get("row") {
		case "node":
			sums["nodes"]++
			sums["hidden"] += integer(r, "connections_hidden")
			perNode += integer(r, "connection_count")
		case "connection":
			connectionRows++
			perConnection += integer(r, "connection_count")
		case "tree":
			sums["nodes"] += integer(r, "nodes")
			sums["hidden"] += integer(r, "connections_hidden")
			perNode += integer(r, "connection_count")
		}
	}
	if sums["nodes"] > 0 {
		sums["kept"], sums["connections"] = len(trees), perNode
	}
	if connectionRows > 0 {
		sums["connections"] = perConnection
	}
	return sums
}

// integer is a column's value; anything but a number is -1, which no sum survives.
func integer(r row.Row, column string) int {
	n, err := strconv.Atoi(r.Get(column))
	if err != nil {
		return -1
	}
	return n
}

// The ledger's own words for what cannot be used must count what these tests put in.
func TestGarbageIsCountedAndCostsNothingElse(t *testing.T) {
	clean := nastyEvents()
	want := hunted(t, everything, clean)
	for _, g := range garbage() {
		mixed := shuffled(append(append([][]byte{}, clean...), g.events...), 7)
		got := hunted(t, everything, mixed)
		sameRows(t, g.name, got.text, want.text)
		used := func(l ledger) int { return l["process"] + l["connection"] + l["end"] }
		if used(got.ledger) != used(want.ledger) {
			t.Errorf("%s: %d of %d pieces of garbage were used", g.name, used(got.ledger)-used(want.ledger), len(g.events))
		}
		if bad := got.ledger["malformed"] - want.ledger["malformed"]; bad != len(g.events) {
			t.Errorf("%s: %d of %d are malformed", g.name, bad, len(g.events))
		}
	}
}

type heap struct {
	name   string
	events [][]byte
}

func garbage() []heap {
	random := heap{name: "random bytes"}
	dice := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		text := make([]byte, 1+dice.IntN(400))
		for i := range text {
			text[i] = byte(dice.Uint32())
		}
		random.events = append(random.events, text)
	}
	cut := heap{name: "half JSON"}
	for _, e := range nastyEvents()[:20] {
		for _, part := range []int{1, len(e) / 3, len(e) - 1} {
			cut.events = append(cut.events, e[:part])
		}
	}
	deep := heap{name: "deep nesting", events: [][]byte{
		[]byte(strings.Repeat(`{"EventID":`, 100_000)), []byte(strings.Repeat("[", 100_000)),
		[]byte(strings.Repeat("<Event>", 50_000)),
	}}
	empty := heap{name: "bare words", events: [][]byte{[]byte("x"), []byte("null"), []byte("42"), []byte("<"), []byte("\x00")}}
	return []heap{random, cut, deep, empty}
}

// Every row of a chunk is an event, whatever is in it: broken quoting, missing and
// surplus columns, bytes that are no text.
func TestLedgerOfBrokenChunks(t *testing.T) {
	for i, body := range []string{
		"_raw\n\"never closed\n",
		"_raw,EventID\n\"a\"b\",1\n,,,,,,,\n\"\"\n",
		"_raw\r\n\xff\xfe\x00\r\n\"\r\n",
		"ProcessGuid,EventID,Computer\nnot a guid,1,h\n{00000000-0000-0000-0000-000000000000},3,h\n,,\n",
		"_time,_raw\n\n\n\n",
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			run := serve(t, strings.Fields(everything), withBodies([]byte(body), []byte("_raw\nx\n")))
			o := run.outcome(t)
			if len(o.rows) != 0 {
				t.Errorf("rows came out of %q: %s", body, o.text)
			}
			if o.ledger["events"] == 0 {
				t.Errorf("nothing was counted of %q", body)
			}
		})
	}
}

// A chunk without a readable header has no rows to count: the search ends and says so.
func TestChunkWithBrokenHeaderEndsTheSearch(t *testing.T) {
	run := serve(t, strings.Fields(everything), withBodies([]byte("\"_raw\n"), []byte("_raw\nx\n")))
	if len(run.replies) != 1 || !run.replies[0].Finished || !strings.Contains(run.replies[0].Error, "header") {
		t.Errorf("replies are %+v", run.replies)
	}
}

// Random rows under real column names, whole and cut: the sums must hold for any.
func TestLedgerOfRandomRows(t *testing.T) {
	dice := rand.New(rand.NewPCG(5, 6))
	values := []string{"", "-", "1", "3", "5", "22", "h", "{0}", "4242", "svchost.exe -k netsvcs -p -s Schedule", "192.0.2.9",
		"{11111111-1111-1111-1111-111111111111}", "2024-01-01 00:00:00.000", "\"", ",", "\n", "Microsoft-Windows-Sysmon/Operational"}
	columns := strings.Split("EventID,Channel,Computer,UtcTime,ProcessGuid,ProcessId,Image,CommandLine,ParentProcessGuid,"+
		"ParentCommandLine,ParentImage,DestinationIp,DestinationPort,QueryName,Initiated", ",")
	for range 60 {
		rows := make([][]string, 40)
		for i := range rows {
			rows[i] = make([]string, len(columns))
			for j := range columns {
				rows[i][j] = values[dice.IntN(len(values))]
			}
		}
		body := table{columns, rows}.body(t)
		body = body[:len(body)-dice.IntN(len(body)/4)]
		serve(t, strings.Fields(everything), withBodies(body)).outcome(t)
	}
}

var hexID = regexp.MustCompile(`^[0-9a-f]{16}$`)

// Ids are 16 hex digits, a parent's id is that of a node above in the same tree, and
// rows of one tree stand together.
func TestIdsHoldTogether(t *testing.T) {
	o := hunted(t, everything, nastyEvents())
	nodes, left := map[string]string{}, map[string]bool{}
	last := ""
	for _, r := range o.rows {
		tree, node, parent := r.Get("tree_id"), r.Get("node_id"), r.Get("parent_node_id")
		if !hexID.MatchString(tree) || !hexID.MatchString(node) {
			t.Errorf("ids %q and %q", tree, node)
		}
		if tree != last && left[tree] {
			t.Errorf("tree %s comes in pieces", tree)
		}
		left[last], last = true, tree
		if depth := integer(r, "depth"); (depth == 1) != (parent == "") || (depth > 1 && nodes[parent] != tree) {
			t.Errorf("node %s of depth %d has the parent %q in tree %q", node, depth, parent, nodes[parent])
		}
		nodes[node] = tree
	}
	if len(nodes) == 0 {
		t.Fatal("no rows: nothing was tested")
	}
}
