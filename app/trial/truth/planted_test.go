package truth_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sample"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/rounds"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// The key that a fleet is written with is found in full, from its files.
func TestPlantedTasksAreFound(t *testing.T) {
	for _, format := range sample.AllFormats() {
		t.Run(format, func(t *testing.T) {
			cfg := worlds.Whole(format)
			cfg.Devices, cfg.Days, cfg.Plants, cfg.Gzip = cfg.Devices/8, float64(rounds.Of(2, 1)), 20, true
			dir := t.TempDir()
			sum, err := sample.Generate(cfg, dir)
			if err != nil {
				t.Fatal(err)
			}
			var files []string
			for _, f := range sum.Files {
				files = append(files, filepath.Join(dir, f))
			}
			o := doors.HuntedFiles(t, worlds.WithMapper(doors.Everything, format), files...)
			if o.Ledger["events"] != sum.Events || o.Ledger["duplicate"] != sum.Copies {
				t.Errorf("%d events, %d copies were written: %v", sum.Events, sum.Copies, o.Ledger)
			}
			checkPlantedNodes(t, o, worlds.ReadKey(t, dir, sample.NodesKeyFile))
			checkPlantedConnections(t, o, worlds.ReadKey(t, dir, sample.KeyFile))
		})
	}
}

// planted identifies a process in the key and in rows alike; start is the column of
// the key that has it.
func planted(r map[string]string, start string) string {
	return strings.ToLower(r["device"] + "|" + r["process_id"] + "|" + strings.TrimSuffix(strings.TrimRight(r[start], "0"), "."))
}

func plantedRow(r row.Row) string {
	return strings.ToLower(r.Get("device") + "|" + r.Get("process_id") + "|" + r.Get("_time"))
}

func checkPlantedNodes(t *testing.T, o doors.Outcome, key []map[string]string) {
	t.Helper()
	found := map[string]row.Row{}
	for _, r := range o.Kind("node") {
		found[plantedRow(r)] = r
	}
	for _, k := range key {
		r := found[planted(k, "start")]
		if r.Kind == 0 {
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
func checkPlantedConnections(t *testing.T, o doors.Outcome, key []map[string]string) {
	t.Helper()
	ofNode := map[string]string{}
	for _, r := range o.Kind("node") {
		ofNode[r.Get("node_id")] = plantedRow(r)
	}
	found := map[string]int{}
	for _, r := range o.Kind("connection") {
		ip, port := r.Get("remote_ip"), r.Get("remote_port")
		if r.Get("action") == "dns" {
			ip, port = "", ""
		}
		found[plantedRemote(ofNode[r.Get("node_id")], r.Get("edge"), ip, port, r.Get("remote_host"), r.Get("action"))] += doors.Integer(r, "connection_count")
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
	cfg := worlds.Whole(sample.FormatSysmon)
	cfg.Devices, cfg.Days, cfg.Plants, cfg.OneFile = 40, 1, 12, true // more than max_devices by far
	dir := t.TempDir()
	sum, err := sample.Generate(cfg, dir)
	if err != nil {
		t.Fatal(err)
	}
	o := doors.HuntedFiles(t, "", filepath.Join(dir, sum.Files[0]))
	shown := map[string]bool{}
	for _, r := range o.Kind("connection") {
		shown[strings.ToLower(r.Get("device")+"|"+r.Get("root_process"))] = true
		if r.Get("remote_ip_type") != "public" {
			t.Errorf("a connection inside is shown: %v", r)
		}
	}
	for _, k := range worlds.ReadKey(t, dir, sample.KeyFile) {
		if k["public"] == "t" && k["tie"] != "pid" && !shown[strings.ToLower(k["device"]+"|"+k["root_process"])] {
			t.Errorf("planted task %s is not shown: %v", k["plant"], k)
		}
	}
	if 4*o.Ledger["kept"] > o.Ledger["trees"] {
		t.Errorf("most of what is ordinary is still there: %v", o.Ledger)
	}
}
