package truth_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sample"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// Every process of every tree is in its place, and nothing else is: the rows are
// held against what the generator did, process by process and connection by connection.
func TestFleetAgainstTruth(t *testing.T) {
	for _, format := range []string{sample.FormatSysmon, sample.FormatDefender, sample.FormatFalcon} {
		t.Run(format, func(t *testing.T) {
			w := knowTruth(t, worlds.Whole(format))
			if 2*w.reused < len(w.processes) && !testing.Short() {
				t.Errorf("%d of %d process ids are reused: too few to test anything", w.reused, len(w.processes))
			}
			o := doors.Hunted(t, worlds.WithMapper(doors.Everything, format), w.lines)
			w.checkLedger(t, o)
			nodes := w.checkNodes(t, o)
			w.checkRemotes(t, o, nodes)
		})
	}
}

func (w *truth) checkLedger(t *testing.T, o doors.Outcome) {
	t.Helper()
	if o.Ledger["events"] != len(w.lines) || o.Ledger["duplicate"] != w.copies || o.Ledger["other"]+o.Ledger["malformed"] != 0 {
		t.Errorf("want %d events, %d of them duplicates, none other: %v", len(w.lines), w.copies, o.Ledger)
	}
	if distinct := o.Ledger["events"] - o.Ledger["duplicate"]; distinct != w.starts+w.ends+w.talks {
		t.Errorf("%d distinct events, want %d starts, %d ends, %d connections", distinct, w.starts, w.ends, w.talks)
	}
}

// faults gathers what is wrong: a count, and the first few in words.
type faults struct {
	n     int
	words []string
}

func (f *faults) add(format string, args ...any) {
	if f.n++; f.n <= 3 {
		f.words = append(f.words, fmt.Sprintf(format, args...))
	}
}

func (f *faults) report(t *testing.T, what string, of int) {
	t.Helper()
	if f.n > 0 {
		t.Errorf("%s: %d of %d:\n%s", what, f.n, of, strings.Join(f.words, "\n"))
	}
}

// checkNodes returns the process of each node row by node id.
func (w *truth) checkNodes(t *testing.T, o doors.Outcome) map[string]*sample.Process {
	t.Helper()
	rows := o.Kind("node")
	nodes, byTree := map[string]*sample.Process{}, map[string]*sample.Process{}
	found := map[*sample.Process]bool{}
	var wrong, missing faults
	for _, r := range rows {
		p := w.of(r)
		if p == nil || found[p] {
			wrong.add("no such process, or twice: %v", r)
			continue
		}
		found[p], nodes[r.Get("node_id")] = true, p
		if p.Depth == 1 {
			byTree[r.Get("tree_id")] = p
		}
		if said := w.misplaced(r, p, nodes, byTree); said != "" {
			wrong.add("%s: %v", said, r)
		}
	}
	expected := 0
	for key, p := range w.processes {
		if !w.inTree(p) {
			continue
		}
		if expected++; !found[p] {
			missing.add("%s %s, logged %t", key, p.Path(), p.Logged)
		}
	}
	wrong.report(t, "processes in the wrong place", len(rows))
	missing.report(t, "processes missing", expected)
	if len(rows) != expected || expected == 0 {
		t.Errorf("%d processes in trees, want %d", len(rows), expected)
	}
	return nodes
}

// misplaced says what a node row has wrong. A node's parent comes before it.
func (w *truth) misplaced(r row.Row, p *sample.Process, nodes, byTree map[string]*sample.Process) string {
	switch parent := nodes[r.Get("parent_node_id")]; {
	case p.Depth == 0:
		return "outside of trees in truth"
	case doors.Integer(r, "depth") != p.Depth || !strings.EqualFold(r.Get("path"), p.Path()):
		return fmt.Sprintf("want depth %d, path %s", p.Depth, p.Path())
	case byTree[r.Get("tree_id")] != p.Root:
		return "want the tree of " + w.key(p.Root)
	case p.Depth > 1 && parent != p.Parent:
		return "want the parent " + w.key(p.Parent)
	case r.Get("process_id") != fmt.Sprint(p.PID) || r.Get("parent_process_id") != fmt.Sprint(p.Parent.PID):
		return fmt.Sprintf("want process ids %d and %d", p.PID, p.Parent.PID)
	case !w.defender() && !w.falcon() && !strings.EqualFold(r.Get("parent_process_guid"), p.Parent.GUID()):
		return "want the parent's GUID " + p.Parent.GUID()
	}
	return ""
}

// checkRemotes: what names its process is with it, to the last event; what gives a
// process id only is there or not, but with no other process.
func (w *truth) checkRemotes(t *testing.T, o doors.Outcome, nodes map[string]*sample.Process) {
	t.Helper()
	rows := o.Kind("connection")
	sure, unsure := map[*sample.Process]map[string]int{}, map[*sample.Process]map[string]int{}
	for _, r := range rows {
		counts, p := sure, nodes[r.Get("node_id")]
		if r.Get("edge") == "pid_interval" {
			counts = unsure
		}
		if counts[p] == nil {
			counts[p] = map[string]int{}
		}
		counts[p][remoteOfRow(r)] += doors.Integer(r, "connection_count")
	}
	var wrong, foreign faults
	total := 0
	for _, p := range nodes {
		for remote := range union(sure[p], w.sure[p]) {
			if total++; sure[p][remote] != w.sure[p][remote] {
				wrong.add("%s to %s: %d, want %d", w.key(p), remote, sure[p][remote], w.sure[p][remote])
			}
		}
		for remote, n := range unsure[p] {
			if n > w.unsure[p][remote] {
				foreign.add("%s to %s: %d, of which its own are %d", w.key(p), remote, n, w.unsure[p][remote])
			}
		}
	}
	wrong.report(t, "connections of processes in trees", total)
	foreign.report(t, "connections tied to a process that did not make them", total)
	if total == 0 || len(unsure) == 0 && !w.falcon() {
		t.Errorf("%d remote ends, %d processes with connections tied by process id: too few to test anything", total, len(unsure))
	}
}

func union(a, b map[string]int) map[string]bool {
	all := map[string]bool{}
	for _, m := range []map[string]int{a, b} {
		for name := range m {
			all[name] = true
		}
	}
	return all
}
