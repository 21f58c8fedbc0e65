package app_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// wholeFleet is a fleet large enough for every process id to be given out many times.
func wholeFleet(format string) sample.Config {
	cfg := sample.Config{Devices: 200, Days: 2, Seed: 23, Format: format}
	if testing.Short() {
		cfg.Devices, cfg.Days = 25, 1
	}
	return cfg
}

// Every process of every tree is in its place, and nothing else is: the rows are
// held against what the generator did, process by process and connection by connection.
func TestFleetAgainstTruth(t *testing.T) {
	for _, format := range []string{sample.FormatSysmon, sample.FormatDefender} {
		t.Run(format, func(t *testing.T) {
			w := knowTruth(t, wholeFleet(format))
			if 2*w.reused < len(w.processes) && !testing.Short() {
				t.Errorf("%d of %d process ids are reused: too few to test anything", w.reused, len(w.processes))
			}
			o := hunted(t, everything, w.lines)
			w.checkLedger(t, o)
			nodes := w.checkNodes(t, o)
			w.checkRemotes(t, o, nodes)
		})
	}
}

func (w *truth) checkLedger(t *testing.T, o outcome) {
	t.Helper()
	if o.ledger["events"] != len(w.lines) || o.ledger["duplicate"] != w.copies || o.ledger["other"]+o.ledger["malformed"] != 0 {
		t.Errorf("want %d events, %d of them duplicates, none other: %v", len(w.lines), w.copies, o.ledger)
	}
	if distinct := o.ledger["events"] - o.ledger["duplicate"]; distinct != w.starts+w.ends+w.talks {
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
func (w *truth) checkNodes(t *testing.T, o outcome) map[string]*sample.Process {
	t.Helper()
	rows := o.kind("node")
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
	case integer(r, "depth") != p.Depth || !strings.EqualFold(r.Get("path"), p.Path()):
		return fmt.Sprintf("want depth %d, path %s", p.Depth, p.Path())
	case byTree[r.Get("tree_id")] != p.Root:
		return "want the tree of " + w.key(p.Root)
	case p.Depth > 1 && parent != p.Parent:
		return "want the parent " + w.key(p.Parent)
	case r.Get("process_id") != fmt.Sprint(p.PID) || r.Get("parent_process_id") != fmt.Sprint(p.Parent.PID):
		return fmt.Sprintf("want process ids %d and %d", p.PID, p.Parent.PID)
	case !w.defender() && !strings.EqualFold(r.Get("parent_process_guid"), p.Parent.GUID()):
		return "want the parent's GUID " + p.Parent.GUID()
	}
	return ""
}

// checkRemotes: what names its process is with it, to the last event; what gives a
// process id only is there or not, but with no other process.
func (w *truth) checkRemotes(t *testing.T, o outcome, nodes map[string]*sample.Process) {
	t.Helper()
	rows := o.kind("connection")
	sure, unsure := map[*sample.Process]map[string]int{}, map[*sample.Process]map[string]int{}
	for _, r := range rows {
		counts, p := sure, nodes[r.Get("node_id")]
		if r.Get("edge") == "pid_interval" {
			counts = unsure
		}
		if counts[p] == nil {
			counts[p] = map[string]int{}
		}
		counts[p][remoteOfRow(r)] += integer(r, "connection_count")
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
	if total == 0 || len(unsure) == 0 {
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

// The key that a fleet is written with is found in full, from its files.
func TestPlantedTasksAreFound(t *testing.T) {
	for _, format := range sample.Formats() {
		t.Run(format, func(t *testing.T) {
			cfg := wholeFleet(format)
			cfg.Devices, cfg.Days, cfg.Plants, cfg.Gzip = cfg.Devices/8, 2, 20, true
			dir := t.TempDir()
			sum, err := sample.Generate(cfg, dir)
			if err != nil {
				t.Fatal(err)
			}
			var files []string
			for _, f := range sum.Files {
				files = append(files, filepath.Join(dir, f))
			}
			o := huntedFiles(t, everything, files...)
			if o.ledger["events"] != sum.Events || o.ledger["duplicate"] != sum.Copies {
				t.Errorf("%d events, %d copies were written: %v", sum.Events, sum.Copies, o.ledger)
			}
			checkPlantedNodes(t, o, readKey(t, dir, sample.NodesKeyFile))
			checkPlantedConnections(t, o, readKey(t, dir, sample.KeyFile))
		})
	}
}

func readKey(t *testing.T, dir, name string) (rows []map[string]string) {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil || len(all) < 2 {
		t.Fatalf("%s: %d lines, %v", name, len(all), err)
	}
	for _, line := range all[1:] {
		r := map[string]string{}
		for i, column := range all[0] {
			r[column] = line[i]
		}
		rows = append(rows, r)
	}
	return rows
}

// planted identifies a process in the key and in rows alike; start is the column of
// the key that has it.
func planted(r map[string]string, start string) string {
	return strings.ToLower(r["device"] + "|" + r["process_id"] + "|" + strings.TrimSuffix(strings.TrimRight(r[start], "0"), "."))
}

func plantedRow(r row.Row) string {
	return strings.ToLower(r.Get("device") + "|" + r.Get("process_id") + "|" + r.Get("_time"))
}

func checkPlantedNodes(t *testing.T, o outcome, key []map[string]string) {
	t.Helper()
	found := map[string]row.Row{}
	for _, r := range o.kind("node") {
		found[plantedRow(r)] = r
	}
	for _, k := range key {
		r := found[planted(k, "start")]
		if r == nil {
			t.Errorf("planted process is missing: %v", k)
			continue
		}
		for _, column := range []string{"depth", "path", "process_name", "process", "process_guid", "parent_process_id", "parent_process_guid", "root_process"} {
			unknown := strings.HasSuffix(column, "guid") && k[column] == "" // Defender has none, or an id of its own
			if !unknown && !strings.EqualFold(r.Get(column), k[column]) {
				t.Errorf("planted process %s has %s %q, want %q", planted(k, "start"), column, r.Get(column), k[column])
			}
		}
	}
}

// checkPlantedConnections sums up rows that differ in what the key leaves out.
func checkPlantedConnections(t *testing.T, o outcome, key []map[string]string) {
	t.Helper()
	ofNode := map[string]string{}
	for _, r := range o.kind("node") {
		ofNode[r.Get("node_id")] = plantedRow(r)
	}
	found := map[string]int{}
	for _, r := range o.kind("connection") {
		ip, port := r.Get("remote_ip"), r.Get("remote_port")
		if r.Get("action") == "dns" {
			ip, port = "", ""
		}
		found[plantedRemote(ofNode[r.Get("node_id")], r.Get("edge"), ip, port, r.Get("remote_host"), r.Get("action"))] += integer(r, "connection_count")
	}
	checked := 0
	for _, k := range key {
		if k["tie"] == "pid" {
			continue // not sure by nature; TestFleetAgainstTruth sees that it is with no other
		}
		checked++
		at := plantedRemote(planted(k, "process_start"), k["tie"], k["remote_ip"], k["remote_port"], k["remote_host"], k["action"])
		if got := fmt.Sprint(found[at]); got != k["count"] {
			t.Errorf("planted connection %s: %s events, want %s", at, got, k["count"])
		}
	}
	if checked == 0 {
		t.Error("no planted connections: nothing was tested")
	}
}

func plantedRemote(of ...string) string { return strings.ToLower(strings.Join(of, "|")) }

// By default a hunt shows what is rare and goes out: every planted task that calls
// out is found among few others.
func TestDefaultsShowPlantedTasks(t *testing.T) {
	cfg := wholeFleet(sample.FormatSysmon)
	cfg.Devices, cfg.Days, cfg.Plants, cfg.OneFile = 40, 1, 12, true // more than max_devices by far
	dir := t.TempDir()
	sum, err := sample.Generate(cfg, dir)
	if err != nil {
		t.Fatal(err)
	}
	o := huntedFiles(t, "", filepath.Join(dir, sum.Files[0]))
	shown := map[string]bool{}
	for _, r := range o.kind("connection") {
		shown[strings.ToLower(r.Get("device")+"|"+r.Get("root_process"))] = true
		if r.Get("remote_ip_type") != "public" {
			t.Errorf("a connection inside is shown: %v", r)
		}
	}
	for _, k := range readKey(t, dir, sample.KeyFile) {
		if k["public"] == "t" && k["tie"] != "pid" && !shown[strings.ToLower(k["device"]+"|"+k["root_process"])] {
			t.Errorf("planted task %s is not shown: %v", k["plant"], k)
		}
	}
	if 4*o.ledger["kept"] > o.ledger["trees"] {
		t.Errorf("most of what is ordinary is still there: %v", o.ledger)
	}
}
