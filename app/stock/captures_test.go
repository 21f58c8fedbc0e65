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

// mostLeft is how many findings may be left in a capture, beside what is folded.
const mostLeft = 5

// TestCaptures hunts in each capture of Sysmon by itself. What is known to be an attack must
// stand first, little else may be left beside what is Windows' own, and the hunt knows what
// judging each tree by its rows alone knows. What is left is logged, for a person to read.
func TestCaptures(t *testing.T) {
	files, _ := filepath.Glob(datasets + "/*/*")
	trees := 0
	for _, file := range files {
		if !strings.Contains(file, "/sysmon/") && !strings.HasSuffix(file, ".evtx") || strings.HasSuffix(file, "EXPECTED.json") {
			continue
		}
		findings := findingsOf(t, file)
		counts, left := map[string]int{}, []*finding(nil)
		for _, f := range findings {
			f.judge(t, filepath.Base(file), counts)
			trees += len(f.runs)
			if !f.folds {
				left = append(left, f)
			}
		}
		if len(counts) > 0 {
			t.Logf("%s: %v, %d findings left", filepath.Base(file), counts, len(left))
		}
		if len(left) > mostLeft {
			t.Errorf("%s: %d findings are left, want %d at most", filepath.Base(file), len(left), mostLeft)
		}
		if strings.Contains(file, "gootloader") && (len(findings) == 0 || !strings.Contains(findings[0].runs[0].Command, "PROOFO~1.JS") || findings[0].folds) {
			t.Errorf("%s: Gootloader is not the first", filepath.Base(file))
		}
	}
	if trees == 0 {
		t.Skip("no captures beside the checkout: ", datasets)
	}
}

// finding is the trees of one finding, judged by themselves.
type finding struct {
	row   row // of its first root
	runs  []stock.Run
	folds bool
}

// judge compares what the hunt says of a finding with what its trees come to.
func (f *finding) judge(t *testing.T, file string, counts map[string]int) {
	t.Helper()
	known, folds := "windows", true
	for _, run := range f.runs {
		v := stock.Windows().Known(run)
		counts[v.Kind.String()]++
		if v.Column() == "" {
			known = ""
		}
		if !v.Folds() {
			folds = false
			t.Logf("%s, %s bits: %s | %s | %s", file, f.row["score"], run.Account, run.Command, v.String())
		}
	}
	f.folds = strings.HasPrefix(f.row["why"], "known ")
	if f.row["known"] != known || f.folds != folds {
		t.Errorf("%s: %s is known=%q (folds: %t), its trees say %q (%t)", file, f.row["root_process"], f.row["known"], f.folds, known, folds)
	}
}

type row map[string]string

// findingsOf hunts in a file and returns the findings in their order.
func findingsOf(t *testing.T, file string) (findings []*finding) {
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
			one := stock.Contact{Host: c["remote_host"], Address: c["remote_ip"]}
			if c["action"] != "dns" {
				one.Host = "" // whoever owns an address names it
			}
			p.Contacts = append(p.Contacts, one)
		}
		for _, c := range children[r["tree_id"]+r["node_id"]] {
			p.Children = append(p.Children, process(c))
		}
		return p
	}
	at := map[string]*finding{}
	for _, r := range roots {
		f := at[r["finding_id"]]
		if f == nil {
			f = &finding{row: r}
			at[r["finding_id"]], findings = f, append(findings, f)
		}
		run := stock.Run{Process: process(r), Device: r["device"], Scheduled: true, ParentCommand: r["parent_process"]}
		if r["task_edge"] == "task_pid" {
			run.Task = r["task_name"]
		}
		f.runs = append(f.runs, run)
	}
	return findings
}
