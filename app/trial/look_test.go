package trial_test

import (
	"encoding/csv"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/engine"

	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/sample"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
	"github.com/schtaskhunt/schtaskhunt/app/source"
	"github.com/schtaskhunt/schtaskhunt/app/tree/roots"
	"github.com/schtaskhunt/schtaskhunt/app/trial/rounds"
)

// counting counts the rows that are read again.
type counting struct {
	engine.RowsAgain
	rows *atomic.Int64
}

func (c counting) Row(at record.Place, rec *record.Record) error {
	c.rows.Add(1)
	return c.RowsAgain.Row(at, rec)
}

// readFiles reads files into a hunt. With again, rows are read for their keys first, and
// rows counts those that are read in full later.
func readFiles(t testing.TB, args string, again bool, rows *atomic.Int64, files ...string) (s *spread, events int) {
	t.Helper()
	from, config := source.Source{Names: schema.Names()}, engine.Config{Options: parse(t, args)}
	if again {
		from.Files = &source.Files{}
		config.Again = func() engine.RowsAgain { return counting{from.Files.Again(), rows} }
	}
	h, err := engine.Start(config)
	s = spreadOver(t, h, err)
	rec := record.New(h.Names())
	for _, file := range files {
		_, err := from.Batches(file, func(b *source.Batch) error {
			lane := s.lane()
			return b.Each(func(e source.Event) error {
				events++
				if e.Text != nil {
					_, _ = lane.AddText(e.Text)
				} else if err := e.Fill(rec); err != nil {
					lane.AddMalformed()
				} else {
					_, _ = lane.Add(rec)
				}
				return nil
			})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return s, events
}

// sameTwice hunts in files, once with all rows read in full at once and once with keys
// read first, and returns how many rows had to be read in full then.
func sameTwice(t *testing.T, args string, files ...string) (found outcome, events, read int) {
	t.Helper()
	var rows atomic.Int64
	s, events := readFiles(t, args, false, nil, files...)
	want := finished(t, s, events)
	_ = s.Close()
	s, again := readFiles(t, args, true, &rows, files...)
	got := finished(t, s, again)
	_ = s.Close()
	sameRows(t, "keys first", got.text, want.text)
	if got, want := got.lasting(), want.lasting(); !slices.Equal(got, want) {
		t.Errorf("keys first: messages\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	return want, events, int(rows.Load())
}

// lasting are the messages without those that say what the hunt took.
func (o outcome) lasting() []string {
	return slices.DeleteFunc(slices.Clone(o.messages), func(m string) bool {
		return strings.Contains(m, "schtaskhunt effort:") || strings.Contains(m, " MB were taken")
	})
}

// What a hunt returns must not depend on how its rows are read. The worlds are small and
// crowded, so that ids, process ids, names and times meet in all ways.
func TestKeysFirstFindsTheSame(t *testing.T) {
	hunts, each := rounds.Of(100, 10), 60
	folder, trees, rows, again := t.TempDir(), 0, 0, 0
	for seed := range hunts {
		file := filepath.Join(folder, "worlds.csv")
		var all [][]string
		for world := range each {
			all = append(all, crowdedWorld(uint64(seed*each+world))...)
		}
		writeCSV(t, file, all)
		args := []string{everything, "recent=1d max_devices=20 internal=include", "recent=all root=/schedule/", "recent=all rebuilt=none",
			"recent=all max_devices=0 root=" + allRoots, "recent=all root=service,logon rebuilt=all", "recent=all root=service:winmgmt,service,wmi"}[seed%7]
		found, events, read := sameTwice(t, args, file)
		if t.Failed() {
			t.Fatalf("worlds %d, %s", seed, args)
		}
		trees, rows, again = trees+found.ledger["trees"], rows+events, again+read
	}
	t.Logf("%d trees; %d rows, of which %d were read again", trees, rows, again)
	if trees < hunts*each || again > rows*9/10 || again < rows/20 {
		t.Errorf("%d trees in %d worlds, %d of %d rows read again: these worlds test little", trees, hunts*each, again, rows)
	}
}

// allRoots are all presets of root=.
var allRoots = strings.Join(roots.Names(), ",")

// crowdedColumns are what the events of crowdedWorld have.
var crowdedColumns = []string{
	"EventCode", "Computer", "UtcTime", "EventRecordID", "ProcessGuid", "ProcessId", "Image", "CommandLine", "User",
	"ParentProcessGuid", "ParentProcessId", "ParentImage", "ParentCommandLine", "SourceIp", "DestinationIp", "DestinationPort", "QueryName", "Initiated",
}

// crowdedWorld returns rows of events on a few devices, in which few values come again
// and again, and many are missing.
func crowdedWorld(seed uint64) [][]string {
	r := rand.New(rand.NewPCG(seed, 7))
	pick := func(values ...string) string { return values[r.IntN(len(values))] }
	ids := 3 + r.IntN(60)
	guid := func(none float64) string {
		if r.Float64() < none {
			if seed%6 == 0 && r.IntN(3) == 0 {
				return "odd"
			}
			return pick("{00000000-0000-0000-0000-000000000000}", "", "-")
		}
		id := fmt.Sprintf("{5aa6c7d6-0000-6400-1000-00000000%04x}", r.IntN(ids))
		if r.IntN(8) == 0 {
			id = strings.ToUpper(strings.Trim(id, "{}"))
		}
		return id
	}
	lost := []float64{0, 0, 0.02, 0.3}[r.IntN(4)]
	image := func() string {
		return pick(`C:\Windows\System32\svchost.exe`, `C:\Windows\System32\cmd.exe`, `C:\x\a.exe`, `C:\Windows\System32\taskeng.exe`,
			`C:\Windows\System32\services.exe`, `C:\Windows\explorer.exe`, `C:\j\java.exe`, "<unknown process>", "", "-")
	}
	command := func() string {
		return pick(`C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule`, `svchost.exe -k netsvcs -p -s Winmgmt`, "svchost.exe -k netsvcs",
			"a.exe -x", "java catalina", "explorer.exe /NoUACCheck", "cmd /c \"a,b\"\nc", "", "-", "cmd.exe")
	}
	device := func() string {
		name := pick("A", "a", "b.corp", "B.corp", "C", "C", "C", "C", "C", "")
		if name == "" {
			return ""
		}
		name = fmt.Sprint(name, seed)
		if seed%5 == 0 { // a machine under several names
			name += pick("", "", ".x.example", ".x.example.", ".Y.example"[:r.IntN(2)*10])
		}
		return name
	}
	clock := func() string {
		day, second := 10+r.IntN(3)*r.IntN(2), r.IntN(20)
		switch {
		case seed%7 != 0 || r.IntN(6) > 0:
			return fmt.Sprintf("2026-11-%02d 10:00:%02d.000", day, second)
		case r.IntN(4) == 0:
			return fmt.Sprintf("00:%02d.0", second) // what a spreadsheet leaves of it
		}
		return fmt.Sprintf("11/%02d/2026 10:00:%02d", day, second)
	}
	parent := func(text string) string { // Sysmon loses all of a service but its process id
		if seed%4 == 0 && r.IntN(3) == 0 {
			return pick("-", "")
		}
		return text
	}
	var rows [][]string
	for range 2 + r.IntN(60) {
		if len(rows) > 0 && r.IntN(12) == 0 {
			rows = append(rows, rows[r.IntN(len(rows))])
			continue
		}
		rows = append(rows, []string{
			pick("1", "1", "1", "1", "3", "3", "5", "22", "7"), device(),
			clock(), pick("", "", "", "1", "2", fmt.Sprint(r.IntN(1000))),
			guid(lost), pick("1", "2", fmt.Sprint(r.IntN(40)), fmt.Sprint(r.IntN(400)), "0x1f", "1.0"), image(), command(), pick("u", "", "v"),
			guid(2 * lost), pick("1", "2", "", fmt.Sprint(r.IntN(40))), parent(pick(image(), "")), parent(pick(command(), "")),
			pick("10.0.0.1", "10.0.0.1", "", "-"), pick("9.9.9.9", "10.1.1.1", "8.8.8.8", "8.8.8.8", "", "host"), pick("443", "80", "135", "445", "5985", ""), pick("a.example", "b.example", ""), pick("true", "false", "false", "", "-"),
		})
	}
	return rows
}

func writeCSV(t testing.TB, file string, rows [][]string) {
	t.Helper()
	writeCSVOf(t, file, crowdedColumns, rows)
}

func writeCSVOf(t testing.TB, file string, columns []string, rows [][]string) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	w := csv.NewWriter(f)
	if err := errors.Join(w.Write(columns), w.WriteAll(rows), w.Error(), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// Fleets as Splunk exports them, in several files, with the fields extracted, with the
// events' own texts, and with both.
func TestKeysFirstInFleets(t *testing.T) {
	for _, w := range worlds(t) {
		if w.name == sample.FormatFalcon {
			continue // a plugin reads its events
		}
		for _, fields := range rounds.Some([]string{extractedFields, rawFields, bothFields}, 1) {
			t.Run(w.name+"/"+fields, func(t *testing.T) {
				rows := indexed(t, fields, shuffled(w.events, 3))
				folder := t.TempDir()
				for i, body := range rows.chunks(t, len(rows.rows)/3+1) {
					if i == 1 {
						body = append([]byte("\xef\xbb\xbf"), body...)
					}
					if err := os.WriteFile(filepath.Join(folder, fmt.Sprint(i)), body, 0o600); err != nil {
						t.Fatal(err)
					}
				}
				_, events, read := sameTwice(t, everything, folder)
				t.Logf("%d of %d rows were read again", read, events)
				if fields == extractedFields && w.name == sample.FormatSysmon && (read == 0 || read > events*3/4) {
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
	writeCSV(t, file, rows)
	found, _, read := sameTwice(t, everything, file)
	if read != 4 || found.ledger["nodes"] != 5 {
		t.Errorf("%d rows read again, %d nodes, want 4 and 5", read, found.ledger["nodes"])
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, whole[:len(whole)-1], 0o600); err != nil {
		t.Fatal(err)
	}
	sameTwice(t, everything, file)
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
			writeCSV(t, file, crowdedWorld(1))
			s, _ := readFiles(t, everything, true, &rows, file)
			if err := change(file); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Finish(); err == nil || strings.Count(err.Error(), "changing.csv") != 1 {
				t.Errorf("error %v, want one that names the file, once", err)
			}
		})
	}
}
