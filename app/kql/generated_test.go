package kql

import (
	"os"
	"path/filepath"
	"testing"
)

// answer is one answer to ask for, and the options that give it here.
type answer struct {
	file    string
	sysmon  bool
	options func(*Options)
}

// differentialCase is a generated set of events and the answers to compare.
type differentialCase struct {
	Dir     string           `json:"dir"`
	Full    []map[string]any `json:"full,omitempty"`
	SQL     []map[string]any `json:"sql,omitempty"`
	answers []answer
}

func (c *differentialCase) full(nullKeys string) {
	file := "full_" + nullKeys + ".csv"
	c.Full = append(c.Full, map[string]any{"nullKeys": nullKeys, "out": file})
	c.answers = append(c.answers, answer{file: file, options: func(o *Options) {
		o.AllColumns, o.NullKeysMatch = true, nullKeys == "match"
	}})
}

func (c *differentialCase) sql(name string, options map[string]any, set func(*Options)) {
	options["out"] = name + ".csv"
	c.SQL = append(c.SQL, options)
	c.answers = append(c.answers, answer{file: name + ".csv", options: set})
}

func (c *differentialCase) sysmonSQL() {
	c.SQL = append(c.SQL, map[string]any{"out": "sysmon.csv", "sql": "sysmon.sql", "input": []string{"eid1.csv", "eid3.csv"}})
	c.answers = append(c.answers, answer{file: "sysmon.csv", sysmon: true, options: func(*Options) {}})
}

// newFuzzCase asks for every option that the other implementations have.
func newFuzzCase(dir string) *differentialCase {
	c := &differentialCase{Dir: dir}
	c.full("nomatch")
	c.full("match")
	c.sql("sql", map[string]any{}, func(*Options) {})
	c.sql("sql_match", map[string]any{"null-keys": "match"}, func(o *Options) { o.NullKeysMatch = true })
	c.sql("sql_devices", map[string]any{"max-devices": 1, "recency": "36h"}, func(o *Options) { o.MaxDevices, o.Recent = 1, o.Recent*3/2 })
	c.sql("sql_lists", map[string]any{"whitelist": `["Z","-A"]`, "whitelist-folders": `["X\\b"]`, "url-whitelist": `["evil","c2.EXAMPLE"]`},
		func(o *Options) {
			o.AllowCommand, o.AllowPath, o.URLs = []string{"Z", "-A"}, []string{`X\b`}, []string{"evil", "c2.EXAMPLE"}
		})
	c.sysmonSQL()
	return c
}

// compareAnswer runs the query and returns the number of rows that were the same.
func compareAnswer(t *testing.T, dir string, a answer) (rows int) {
	t.Helper()
	want := content(t, dir, a.file)
	o := original()
	a.options(&o)
	inputs := []string{"processes.csv", "network.csv"}
	if a.sysmon {
		inputs = []string{"eid1.csv", "eid3.csv"}
	}
	q := New(o)
	for _, input := range inputs {
		addCSV(t, q, content(t, dir, input))
	}
	columns, got, _ := q.Finish()
	text := asCSV(t, columns, got)
	if a.sysmon {
		text = sysmonResult(t, columns, got, want)
	}
	if text != string(want) {
		t.Errorf("%s: %s differs", dir, a.file)
		compareLines(t, text, string(want))
	}
	return len(got)
}

// The folders hold generated events, made to collide: few names, ids and times, nulls,
// duplicates, letter case, and the answers of the other two implementations to them.
// TestDifferential makes them anew with KQL_RECORD=1.
func TestGeneratedCases(t *testing.T) {
	folders, err := os.ReadDir("testdata/generated")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		t.Run(folder.Name(), func(t *testing.T) {
			c := newFuzzCase(filepath.Join("testdata/generated", folder.Name()))
			for _, a := range c.answers {
				if rows := compareAnswer(t, c.Dir, a); rows == 0 && a.file != "sql_devices.csv" {
					t.Errorf("%s has no rows, and so tests nothing", a.file)
				}
			}
		})
	}
}
