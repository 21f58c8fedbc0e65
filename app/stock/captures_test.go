package stock_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/cli"
	"github.com/schtaskhunt/schtaskhunt/app/stock"
)

// datasets are real captures of third parties, beside the checkout.
const datasets = "../../../shared/datasets"

// TestCaptures judges every tree of real captures. What is known to be an attack must be
// left; how many of the others are known is logged, for a person to read what is not.
func TestCaptures(t *testing.T) {
	files, _ := filepath.Glob(datasets + "/*/*")
	trees := 0
	for _, file := range files {
		if !strings.Contains(file, "sysmon") && !strings.HasSuffix(file, ".evtx") || strings.HasSuffix(file, "EXPECTED.json") {
			continue
		}
		counts := map[string]int{}
		for _, run := range runsOf(t, file) {
			v := stock.Windows().Known(run)
			trees++
			counts[v.Kind.String()]++
			if v.Kind == stock.Handler && !v.Folds() {
				counts["hosts that start or speak"]++
			}
			if v.Kind != stock.Known && !v.Folds() {
				t.Logf("%s: %s | %s | %s", filepath.Base(file), run.Account, run.Command, v.String())
			}
			if strings.Contains(file, "gootloader") && (v.Kind != stock.Left || v.Folds()) {
				t.Errorf("Gootloader is taken for Windows' own: %s", v.String())
			}
		}
		if len(counts) > 0 {
			t.Logf("%s: %v", filepath.Base(file), counts)
		}
	}
	if trees == 0 {
		t.Skip("no captures beside the checkout: ", datasets)
	}
}

type row map[string]string

func runsOf(t *testing.T, file string) (runs []stock.Run) {
	t.Helper()
	var out, said bytes.Buffer
	cli.Main([]string{"hunt", "--output", "all", "--format", "json", "--recent", "all", "--lookback", "all", "--max-devices", "0", "--rebuilt", "all", file},
		cli.Streams{In: strings.NewReader(""), Out: &out, Err: &said})
	var roots []row
	children, contacts := map[string][]row{}, map[string][]row{}
	for d := json.NewDecoder(&out); d.More(); {
		var r row
		if err := d.Decode(&r); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		switch {
		case r["row"] == "connection":
			contacts[r["tree_id"]+r["node_id"]] = append(contacts[r["tree_id"]+r["node_id"]], r)
		case r["row"] == "node" && r["depth"] == "1":
			roots = append(roots, r)
		case r["row"] == "node":
			children[r["tree_id"]+r["parent_node_id"]] = append(children[r["tree_id"]+r["parent_node_id"]], r)
		}
	}
	var process func(r row) stock.Process
	process = func(r row) stock.Process {
		p := stock.Process{Image: r["process_path"], Command: r["process"], Account: r["user"]}
		for _, c := range contacts[r["tree_id"]+r["node_id"]] {
			p.Contacts = append(p.Contacts, stock.Contact{Host: c["remote_host"], Address: c["remote_ip"]})
		}
		for _, c := range children[r["tree_id"]+r["node_id"]] {
			p.Children = append(p.Children, process(c))
		}
		return p
	}
	for _, r := range roots {
		runs = append(runs, stock.Run{Process: process(r), Device: r["device"], Scheduled: true, ParentCommand: r["parent_process"]})
	}
	return runs
}
