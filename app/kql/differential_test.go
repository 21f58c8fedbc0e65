//go:build oracle

package kql

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// The differential test compares this package with two other implementations of the
// query: its own text run by Microsoft's parser and binder (all 126 columns), and its
// translation to SQL (27 columns, and the Sysmon form).
//
//	go test -tags oracle -run Differential ./app/kql
//
// The implementations are third-party code beside the checkout, in ../shared/oracle or
// wherever KQL_ORACLE points. They need node, npm and python3.

const (
	fuzzCases    = 48
	fuzzEvents   = 150
	realisticRun = 100_000

	recordedCases  = 4
	recordedEvents = 70
)

func TestDifferential(t *testing.T) {
	oracle := oracleCopy(t)
	var cases []*differentialCase
	for seed := range fuzzCases {
		cases = append(cases, fuzzCase(t, oracle, 1000+seed, fuzzEvents))
	}
	if os.Getenv("KQL_RECORD") != "" {
		cases = cases[:0]
		for seed := range recordedCases {
			cases = append(cases, fuzzCase(t, oracle, 3+seed, recordedEvents))
		}
		ask(t, oracle, cases)
		for seed, c := range cases {
			copyFiles(t, c.Dir, filepath.Join("testdata", "generated", strconv.Itoa(3+seed)))
		}
		return
	}
	cases = append(cases, realisticCase(t, oracle))
	ask(t, oracle, cases)
	rows := make(map[string]int)
	for _, c := range cases {
		for _, a := range c.answers {
			rows[a.file] += compareAnswer(t, c.Dir, a)
		}
	}
	for file, n := range rows {
		if n < 200 {
			t.Errorf("only %d rows of %s were compared: the generated cases are too empty to tell anything", n, file)
		}
	}
	t.Logf("%d cases, rows compared by answer: %v", len(cases), rows)
}

func fuzzCase(t *testing.T, oracle string, seed, events int) *differentialCase {
	dir := filepath.Join(oracle, "fuzz", strconv.Itoa(seed))
	runTool(t, oracle, "python3", "gen.py", "--mode", "fuzz", "--processes", strconv.Itoa(events), "--network-ratio", "1.5",
		"--out", dir, "--seed", strconv.Itoa(seed))
	toSysmon(t, oracle, dir)
	return newFuzzCase(dir)
}

func realisticCase(t *testing.T, oracle string) *differentialCase {
	c := &differentialCase{Dir: filepath.Join(oracle, "realistic")}
	runTool(t, oracle, "python3", "gen.py", "--mode", "realistic", "--processes", strconv.Itoa(realisticRun), "--out", c.Dir, "--seed", "7")
	toSysmon(t, oracle, c.Dir)
	c.full("nomatch")
	c.sql("sql", map[string]any{}, func(*Options) {})
	c.sysmonSQL()
	return c
}

func toSysmon(t *testing.T, oracle, dir string) {
	runTool(t, oracle, "python3", "to_sysmon.py", filepath.Join(dir, "processes.csv"), filepath.Join(dir, "network.csv"),
		filepath.Join(dir, "eid1.csv"), filepath.Join(dir, "eid3.csv"))
	// The generator names one device in two ways; Sysmon events have but the name.
	connections := bytes.ReplaceAll(content(t, dir, "eid3.csv"), []byte(".corp,"), []byte(".corp.local,"))
	if err := os.WriteFile(filepath.Join(dir, "eid3.csv"), connections, 0o600); err != nil {
		t.Fatal(err)
	}
}

// ask has all cases answered in one process: loading Microsoft's parser takes seconds.
func ask(t *testing.T, oracle string, cases []*differentialCase) {
	list, err := json.Marshal(cases)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(oracle, "cases.json"), list, 0o600); err != nil {
		t.Fatal(err)
	}
	runTool(t, oracle, "node", "answers.mjs", "cases.json")
}

// oracleCopy copies the oracle to a folder of its own and installs what it needs.
func oracleCopy(t *testing.T) string {
	source := os.Getenv("KQL_ORACLE")
	if source == "" {
		source = filepath.Join("..", "..", "..", "shared", "oracle")
	}
	if _, err := os.Stat(filepath.Join(source, "kqlrun.mjs")); errors.Is(err, os.ErrNotExist) {
		t.Skipf("the oracle is not at %s; set KQL_ORACLE to its folder", source)
	}
	for _, tool := range []string{"node", "npm", "python3"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the oracle needs %s, which is not installed", tool)
		}
	}
	dir := t.TempDir()
	copyFiles(t, source, dir)
	copyFiles(t, filepath.Join("testdata", "differential"), dir)
	if out, err := execute(dir, "npm", "install", "--no-package-lock", "--no-audit", "--no-fund"); err != nil {
		t.Skipf("npm could not install what the oracle needs: %v\n%s", err, out)
	}
	return dir
}

func copyFiles(t *testing.T, from, to string) {
	entries, err := os.ReadDir(from)
	if err == nil {
		err = os.MkdirAll(to, 0o750)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Type().IsRegular() {
			if err := os.WriteFile(filepath.Join(to, e.Name()), content(t, from, e.Name()), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func runTool(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	if out, err := execute(dir, name, args...); err != nil {
		t.Fatal(err, string(out))
	}
}

func execute(dir, name string, args ...string) ([]byte, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		return out, fmt.Errorf("running %s %v: %w", name, args, err)
	}
	return out, nil
}
