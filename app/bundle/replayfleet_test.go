//go:build bench

package bundle_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/sample/realistic"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
	"github.com/schtaskhunt/schtaskhunt/app/source"
)

// timed is one event as the macro for Sysmon passes it on.
type timed struct {
	at   time.Time // when it was logged
	cell []string
}

// index is where a fleet's events lie, day by day, in the fields of a macro. Days that no
// search asks for any more are let go: a fleet's two weeks have no room beside its hunts.
type index struct {
	t      *testing.T
	dir    string
	fields []string
	days   map[string][]timed // by the date in the file's name, newest first
}

// makeIndex generates a fleet with a long tail and churn, whose channels begin in its last
// week.
func makeIndex(t *testing.T, devices int, seed uint64, fields []string) *index {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "fleet")
	_, err := realistic.Generate(realistic.Config{Devices: devices, Days: 14, Seed: seed, Tail: 0.25, Fresh: 7, Gzip: true}, dir)
	if err != nil {
		t.Fatal(err)
	}
	return &index{t, dir, fields, map[string][]timed{}}
}

const day = 24 * time.Hour

// between returns the events that were logged from one time to another, newest first, as
// Splunk sends them.
func (x *index) between(from, to time.Time) (rows [][]string) {
	x.t.Helper()
	asked := map[string]bool{}
	for at := to.Truncate(day); !at.Before(from.Truncate(day)); at = at.Add(-day) {
		name := at.Format(time.DateOnly)
		asked[name] = true
		if _, there := x.days[name]; !there {
			x.days[name] = x.read(name)
		}
		for _, e := range x.days[name] {
			if !e.at.Before(from) && e.at.Before(to) {
				rows = append(rows, e.cell)
			}
		}
	}
	for name := range x.days {
		if !asked[name] {
			delete(x.days, name)
		}
	}
	return rows
}

// read reads the events of one day.
func (x *index) read(name string) (list []timed) {
	x.t.Helper()
	rec := record.New(schema.Names())
	_, err := source.Each(filepath.Join(x.dir, "events-"+name+".jsonl.gz"), func(e source.Event) error {
		if err := e.Fill(rec); err != nil {
			return err
		}
		row, err := x.row(rec, string(e.Text))
		list = append(list, row)
		return err
	})
	if err != nil {
		x.t.Fatal(err)
	}
	if !slices.IsSortedFunc(list, func(a, b timed) int { return b.at.Compare(a.at) }) {
		x.t.Fatalf("%s is not newest first", name)
	}
	return list
}

// extracted are fields that the add-on for Sysmon takes from what the sample calls otherwise.
var extracted = map[string]string{"EventCode": "EventID", "EventRecordID": "RecordNumber", "SystemTime": "TimeCreated", "host": "Computer"}

// row is an event in the fields of the macro: its text only where it is the Task
// Scheduler's, as schtaskhunt_lean leaves it.
func (x *index) row(rec *record.Record, text string) (timed, error) {
	get := func(name string) string {
		if slot := rec.Names().Slot(name); slot != record.NoSlot {
			return strings.Clone(string(rec.Get(slot)))
		}
		return ""
	}
	at, err := time.Parse(time.RFC3339Nano, get("TimeCreated"))
	if err != nil {
		return timed{}, fmt.Errorf("reading when an event was logged: %w", err)
	}
	row := timed{at, make([]string, len(x.fields))}
	for i, name := range x.fields {
		switch {
		case name == "_time":
			row.cell[i] = fmt.Sprintf("%.6f", float64(at.UnixMicro())/1e6)
		case name == "_raw":
			if strings.Contains(get("Channel"), "TaskScheduler") {
				row.cell[i] = text
			}
		case extracted[name] != "":
			row.cell[i] = get(extracted[name])
		default:
			row.cell[i] = get(name)
		}
	}
	return row, nil
}
