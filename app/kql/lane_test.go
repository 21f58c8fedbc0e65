package kql

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/kql/read"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// fixtures are folders of events, with the files of one sensor.
var fixtures = []struct{ folder, processes, network string }{
	{"ex1", "processes.csv", "network.csv"},
	{"ex2", "processes.csv", "network.csv"},
	{"ex2", "sysmon_process.csv", "sysmon_network.csv"},
	{"generated/3", "processes.csv", "network.csv"},
	{"generated/3", "eid1.csv", "eid3.csv"},
	{"generated/4", "processes.csv", "network.csv"},
	{"quirks/q02-ghosts", "processes.csv", "network.csv"},
}

// The result does not tell over which lanes the events came, nor in what order.
func TestLanesDoNotMatter(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, f := range fixtures {
		for name, o := range laneOptions() {
			t.Run(f.folder+"/"+f.processes+"/"+name, func(t *testing.T) {
				dir := filepath.Join("testdata", f.folder)
				texts := [][]byte{content(t, dir, f.processes), content(t, dir, f.network)}
				want, wantReport := resultOf(t, o, texts...)
				for _, lanes := range []int{1, 2, 5} {
					got, report := overLanes(t, o, lanes, random, texts)
					compareLines(t, got, want)
					if report != wantReport {
						t.Errorf("%d lanes: report %+v, want %+v", lanes, report, wantReport)
					}
				}
			})
		}
	}
}

func laneOptions() map[string]Options {
	all, match, open := original(), original(), original()
	all.AllColumns = true
	match.NullKeysMatch = true
	open.Now, open.Recent = 0, 0
	return map[string]Options{"27": original(), "all": all, "match": match, "open": open}
}

// overLanes deals every row to a lane, in a new order, and reads the lanes side by side.
func overLanes(t *testing.T, o Options, lanes int, random *rand.Rand, texts [][]byte) (string, Report) {
	t.Helper()
	type eventRow struct{ text, row int }
	hands := make([][]eventRow, lanes)
	for i, text := range texts {
		for row := range len(splitRows(t, text)) {
			hand := random.IntN(lanes)
			hands[hand] = append(hands[hand], eventRow{i, row})
		}
	}
	q := New(o)
	var readers sync.WaitGroup
	for _, hand := range hands {
		random.Shuffle(len(hand), func(i, j int) { hand[i], hand[j] = hand[j], hand[i] })
		lane := q.Lane()
		readers.Go(func() {
			for _, one := range hand {
				addRow(t, lane, texts[one.text], one.row)
			}
		})
	}
	readers.Wait()
	columns, rows, report := q.Finish()
	return asCSV(t, columns, rows), report
}

// splitRows returns the rows of a CSV text, without its header.
func splitRows(t *testing.T, text []byte) (list [][]byte) {
	t.Helper()
	rows := record.NewRows()
	if err := rows.Reset(text); err != nil {
		t.Fatal(err)
	}
	for rows.Skip() {
		list = append(list, rows.Row())
	}
	return list
}

// addRow adds one row of a CSV text to a lane.
func addRow(t *testing.T, lane *read.Lane, text []byte, row int) {
	rows, rec := record.NewRows(), record.New(Names())
	if err := rows.Reset(text); err != nil {
		t.Error(err)
	}
	for range row {
		rows.Skip()
	}
	if !rows.Next(rec) {
		t.Errorf("row %d is missing: %v", row, rows.Err())
		return
	}
	if _, err := lane.Add(rec); err != nil {
		t.Error(err)
	}
}

// More rows than a page has, in several lanes: the indexes of the rows behind a page
// that is not full have gaps before them.
func TestLanesOfManyPages(t *testing.T) {
	text := []byte("Timestamp,DeviceId,ActionType,FileName,ProcessId,ProcessCommandLine,ProcessCreationTime,InitiatingProcessFileName,InitiatingProcessId,InitiatingProcessCommandLine,InitiatingProcessCreationTime,RemoteIP\n")
	const at = "2026-11-21T08:00:00Z"
	const trees = 1500
	for i := range trees {
		text = fmt.Appendf(text, "%s,d%d,ProcessCreated,a%d.exe,5,a %d,%s,svchost.exe,1,%s,%s,\n", at, i%3, i, i, at, taskSchedulerRuns, at)
		for level := range 5 {
			text = fmt.Appendf(text, "%s,d%d,ProcessCreated,a%d.exe,%d,b,%s,a%d.exe,%d,a,%s,\n", at, i%3, i, level+6, at, i, level+5, at)
		}
		text = fmt.Appendf(text, "%s,d%d,ConnectionSuccess,,,,,a%d.exe,%d,,%s,192.0.2.1\n", at, i%3, i, 5+i%6, at)
	}
	list := splitRows(t, text)
	header := text[:len(text)-sumOf(list)]
	for _, lanes := range []int{1, 3} {
		q := New(original())
		open := make([]*read.Lane, lanes)
		for i := range open {
			open[i] = q.Lane()
		}
		rec, rows := record.New(Names()), record.NewRows()
		if err := rows.Reset(header); err != nil {
			t.Fatal(err)
		}
		for i, row := range list {
			if rows.Continue(row); rows.Next(rec) {
				_, _ = open[i*7%lanes].Add(rec)
			}
		}
		_, result, report := q.Finish()
		want := Stages{
			Processes: 6 * trees, Scheduled: trees, Prevalence: trees, Roots: trees, RecentRoots: trees, Paths: trees,
			Patterns: trees, Nodes: 6 * trees, Connections: trees, Rows: trees,
		}
		if report.Defender != want || len(result) != trees {
			t.Errorf("%d lanes: %+v and %d rows, want %+v", lanes, report.Defender, len(result), want)
		}
	}
}

func sumOf(rows [][]byte) (n int) {
	for _, row := range rows {
		n += len(row)
	}
	return n
}

// A query may be given fewer events than it has lanes for, or none.
func TestIdleLanes(t *testing.T) {
	q := New(original())
	for range 3 {
		q.Lane()
	}
	if columns, rows, report := q.Finish(); len(columns) == 0 || len(rows) != 0 || report.Total() != (Stages{}) {
		t.Errorf("%d columns, %d rows, report %+v", len(columns), len(rows), report)
	}
}
