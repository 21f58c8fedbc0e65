package damage_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// The ledger's own words for what cannot be used must count what these tests put in.
func TestGarbageIsCountedAndCostsNothingElse(t *testing.T) {
	clean := worlds.Nasty()
	want := doors.Hunted(t, doors.Everything, clean)
	for _, g := range garbage() {
		mixed := worlds.Shuffled(append(append([][]byte{}, clean...), g.events...), 7)
		got := doors.Hunted(t, doors.Everything, mixed)
		doors.SameRows(t, g.name, got.Text, want.Text)
		used := func(l doors.Ledger) int { return l["process"] + l["connection"] + l["end"] }
		if used(got.Ledger) != used(want.Ledger) {
			t.Errorf("%s: %d of %d pieces of garbage were used", g.name, used(got.Ledger)-used(want.Ledger), len(g.events))
		}
		if bad := got.Ledger["malformed"] - want.Ledger["malformed"]; bad != len(g.events) {
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
	for _, e := range worlds.Nasty()[:20] {
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
			run := doors.Serve(t, strings.Fields(doors.Everything), doors.WithBodies([]byte(body), []byte("_raw\nx\n")))
			o := run.Outcome(t)
			if len(o.Rows) != 0 {
				t.Errorf("rows came out of %q: %s", body, o.Text)
			}
			if o.Ledger["events"] == 0 {
				t.Errorf("nothing was counted of %q", body)
			}
		})
	}
}

// A chunk without a readable header has no rows to count: the search ends and says so.
func TestChunkWithBrokenHeaderEndsTheSearch(t *testing.T) {
	run := doors.Serve(t, strings.Fields(doors.Everything), doors.WithBodies([]byte("\"_raw\n"), []byte("_raw\nx\n")))
	if len(run.Replies) != 1 || !run.Replies[0].Finished || !strings.Contains(run.Replies[0].Error, "header") {
		t.Errorf("replies are %+v", run.Replies)
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
		body := doors.Table{Header: columns, Rows: rows}.Body(t)
		body = body[:len(body)-dice.IntN(len(body)/4)]
		doors.Serve(t, strings.Fields(doors.Everything), doors.WithBodies(body)).Outcome(t)
	}
}

var hexID = regexp.MustCompile(`^[0-9a-f]{16}$`)

// Ids are 16 hex digits, a parent's id is that of a node above in the same tree, and
// rows of one tree stand together.
func TestIdsHoldTogether(t *testing.T) {
	o := doors.Hunted(t, doors.Everything, worlds.Nasty())
	nodes, left := map[string]string{}, map[string]bool{}
	last := ""
	for _, r := range o.Rows {
		tree, node, parent := r.Get("tree_id"), r.Get("node_id"), r.Get("parent_node_id")
		if !hexID.MatchString(tree) || !hexID.MatchString(node) {
			t.Errorf("ids %q and %q", tree, node)
		}
		if tree != last && left[tree] {
			t.Errorf("tree %s comes in pieces", tree)
		}
		left[last], last = true, tree
		if depth := doors.Integer(r, "depth"); (depth == 1) != (parent == "") || (depth > 1 && nodes[parent] != tree) {
			t.Errorf("node %s of depth %d has the parent %q in tree %q", node, depth, parent, nodes[parent])
		}
		nodes[node] = tree
	}
	if len(nodes) == 0 {
		t.Fatal("no rows: nothing was tested")
	}
}
