package keysfirst_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/rounds"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// What a hunt returns must not depend on how its rows are read. The worlds are small and
// crowded, so that ids, process ids, names and times meet in all ways.
func TestKeysFirstFindsTheSame(t *testing.T) {
	hunts, each := rounds.Of(100, 10), 60
	folder, trees, rows, again := t.TempDir(), 0, 0, 0
	for seed := range hunts {
		file := filepath.Join(folder, "worlds.csv")
		var all [][]string
		for world := range each {
			all = append(all, worlds.Crowded(uint64(seed*each+world))...)
		}
		worlds.WriteCSV(t, file, all)
		args := []string{doors.Everything, "recent=1d max_devices=20 internal=include", "recent=all root=/schedule/", "recent=all rebuilt=none",
			"recent=all max_devices=0 root=" + doors.AllRoots, "recent=all root=service,logon rebuilt=all", "recent=all root=service:winmgmt,service,wmi"}[seed%7]
		found, events, read := doors.SameTwice(t, args, file)
		if t.Failed() {
			t.Fatalf("worlds %d, %s", seed, args)
		}
		trees, rows, again = trees+found.Ledger["trees"], rows+events, again+read
	}
	t.Logf("%d trees; %d rows, of which %d were read again", trees, rows, again)
	if trees < hunts*each || again > rows*9/10 || again < rows/20 {
		t.Errorf("%d trees in %d worlds, %d of %d rows read again: these worlds test little", trees, hunts*each, again, rows)
	}
}

// Fleets as Splunk exports them, in several files, with the fields extracted, with the
// events' own texts, and with both.
func TestKeysFirstInFleets(t *testing.T) {
	for _, w := range worlds.All(t) {
		if w.Name == sample.FormatFalcon {
			continue // a plugin reads its events
		}
		for _, fields := range rounds.Some([]string{doors.ExtractedFields, doors.RawFields, doors.BothFields}, 1) {
			t.Run(w.Name+"/"+fields, func(t *testing.T) {
				rows := doors.Indexed(t, fields, worlds.Shuffled(w.Events, 3))
				folder := t.TempDir()
				for i, body := range rows.Chunks(t, len(rows.Rows)/3+1) {
					if i == 1 {
						body = append([]byte("\xef\xbb\xbf"), body...)
					}
					if err := os.WriteFile(filepath.Join(folder, fmt.Sprint(i)), body, 0o600); err != nil {
						t.Fatal(err)
					}
				}
				_, events, read := doors.SameTwice(t, doors.Everything, folder)
				t.Logf("%d of %d rows were read again", read, events)
				if fields == doors.ExtractedFields && w.Name == sample.FormatSysmon && (read == 0 || read > events*3/4) {
					t.Errorf("%d of %d rows were read again", read, events)
				}
			})
		}
	}
}

// A row that is longer than what is read at a time, holds line ends, and is the file's
// last one without an end.
func TestKeysFirstReadsLongRows(t *testing.T) {
	file := filepath.Join(t.TempDir(), "long.csv")
	row := func(id int, command string) []string {
		guid := func(id int) string { return fmt.Sprintf("{5aa6c7d6-0000-6400-1000-00000000%04x}", id) }
		parent := "a.exe"
		if id == 1 {
			parent = "svchost.exe -k netsvcs -p -s Schedule"
		}
		return []string{"1", "A", "2026-11-20 10:00:00.000", fmt.Sprint(id), guid(id), "7", `C:\a.exe`, command, "",
			guid(id - 1), "4", "", parent, "", "", "", strings.Repeat("x", id), ""}
	}
	rows := [][]string{row(1, "root"), row(2, strings.Repeat("y\n\"z\",", 900)), row(3, "short"), row(4, strings.Repeat("z", 2<<20)), row(5, "last")}
	worlds.WriteCSV(t, file, rows)
	found, _, read := doors.SameTwice(t, doors.Everything, file)
	if read != 4 || found.Ledger["nodes"] != 5 {
		t.Errorf("%d rows read again, %d nodes, want 4 and 5", read, found.Ledger["nodes"])
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, whole[:len(whole)-1], 0o600); err != nil {
		t.Fatal(err)
	}
	doors.SameTwice(t, doors.Everything, file)
}

// What changes between the two readings is an error that names the file, never a wrong
// row.
func TestKeysFirstNoticesChanges(t *testing.T) {
	for name, change := range map[string]func(file string) error{
		"cut short": func(file string) error { return os.Truncate(file, 400) },
		"another":   func(file string) error { return os.WriteFile(file, []byte(strings.Repeat("a,b,c\n", 10_000)), 0o600) },
		"gone":      os.Remove,
	} {
		t.Run(name, func(t *testing.T) {
			var rows atomic.Int64
			file := filepath.Join(t.TempDir(), "changing.csv")
			worlds.WriteCSV(t, file, worlds.Crowded(1))
			s, _ := doors.ReadFiles(t, doors.Everything, true, &rows, file)
			if err := change(file); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Finish(); err == nil || strings.Count(err.Error(), "changing.csv") != 1 {
				t.Errorf("error %v, want one that names the file, once", err)
			}
		})
	}
}
