package kql

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/source"
)

// captures is the folder of real captures beside the checkout. They are third-party
// data and no part of this project.
func captures(t *testing.T) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "datasets")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the real captures are not beside the checkout, in ../shared/datasets")
	}
	return dir
}

// kinds counts the kinds of the events of a file, as the query sees them.
func kinds(t *testing.T, q *Query, file string) map[event.Kind]int {
	t.Helper()
	counts, rec := make(map[event.Kind]int), record.New(Names())
	_, err := source.Each(file, func(e source.Event) error {
		var kind event.Kind
		if e.Text != nil {
			kind, _ = q.AddText(e.Text)
		} else if err := e.Fill(rec); err == nil {
			kind, _ = q.Add(rec)
		}
		counts[kind]++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return counts
}

func TestKindsOfRealSysmonEvents(t *testing.T) {
	dir := filepath.Join(captures(t), "sysmon")
	var expected map[string]struct {
		Events map[string]int `json:"ev"`
	}
	if err := json.Unmarshal(content(t, dir, "EXPECTED.json"), &expected); err != nil {
		t.Fatal(err)
	}
	for file, want := range expected {
		o := Default()
		o.Lookback, o.Recent = 0, 0
		q := New(o)
		got := kinds(t, q, filepath.Join(dir, file))
		if got[event.ProcessStart] != want.Events["S1"] || got[event.NetworkConnection] != want.Events["S3"] {
			t.Errorf("%s: %v, want %d process events and %d connections", file, got, want.Events["S1"], want.Events["S3"])
		}
		_, rows, report := q.Finish()
		t.Logf("%s: %d rows; %s; unreadable %d", file, len(rows), report, report.Unreadable)
	}
}

func TestKindsOfRealDefenderEvents(t *testing.T) {
	dir := filepath.Join(captures(t), "defender")
	q := New(Default())
	if got := kinds(t, q, filepath.Join(dir, "mde_proc_cs1.deviceprocessevents.jsonl")); got[event.ProcessStart] != 1564 || len(got) != 1 {
		t.Errorf("one device's processes: %v, want 1564 process events", got)
	}
	q = New(Default())
	got := kinds(t, q, filepath.Join(dir, "advanced_hunting_test.csv"))
	// Two rows of each ActionType: ProcessCreated, and 16 of DeviceNetworkEvents.
	if got[event.ProcessStart] != 2 || got[event.NetworkConnection] != 32 || got[event.Malformed] != 0 {
		t.Errorf("an export of all tables: %v, want 2 process events and 32 connections", got)
	}
	if _, _, report := q.Finish(); report.Unreadable != 0 {
		t.Errorf("%d values are unreadable", report.Unreadable)
	}
}
