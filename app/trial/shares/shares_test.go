package shares_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/schtaskhunt/schtaskhunt/app/sample/realistic"
	"github.com/schtaskhunt/schtaskhunt/app/standin"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/executable"
)

// shares hunts in shares of a fleet, twice: for the censuses, then with their union.
type shares struct {
	app    string // the Splunk app's folder, with lookups in it
	binary string
	run    func(options string) string // rows as CSV
}

func newShares(t *testing.T) *shares {
	t.Helper()
	s := &shares{app: filepath.Join(t.TempDir(), "schtaskhunt")}
	s.binary = filepath.Join(s.app, "bin", "schtaskhunt.exe")
	for _, folder := range []string{"bin", "lookups"} {
		if err := os.MkdirAll(filepath.Join(s.app, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Rename(executable.Built(t), s.binary); err != nil {
		t.Fatal(err)
	}
	return s
}

// outputsOfShares are the kinds of rows that shares are compared by.
var outputsOfShares = []string{"all", "findings"}

// union returns the rows of n shares by output, in the order of their texts.
func (s *shares) union(t *testing.T, options string, n int, lookup string) (all map[string]string) {
	t.Helper()
	var censuses []byte
	for i := range n {
		_, rows, _ := strings.Cut(s.run(fmt.Sprintf("%s output=census shard=%d/%d", options, i+1, n)), "\n")
		censuses = append(censuses, rows...)
	}
	header := "_time,row,run,kind,task,key,devices,device_days,first_seen,detail\n"
	writeLookup(t, filepath.Join(s.app, "lookups", "fleet.csv"), append([]byte(header), censuses...))
	all = make(map[string]string)
	for _, output := range outputsOfShares {
		var parts []string
		for i := range n {
			parts = append(parts, fmt.Sprintf("%s output=%s shard=%d/%d baseline=%s", options, output, i+1, n, lookup))
		}
		all[output] = s.sorted(t, parts...)
	}
	return all
}

// sorted are the rows of hunts, in the order of their texts.
func (s *shares) sorted(t *testing.T, hunts ...string) string {
	t.Helper()
	var all []string
	for _, options := range hunts {
		all = append(all, linesIn(t, s.run(options))...)
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// same compares the rows of so many shares, or so many, with those of one hunt.
func (s *shares) same(t *testing.T, name, options, lookup string, want map[string]string, shares ...int) {
	t.Helper()
	for _, n := range shares {
		got := s.union(t, options, n, lookup)
		for _, output := range outputsOfShares {
			doors.SameRows(t, fmt.Sprintf("output=%s of %d shares %s", output, n, name), got[output], want[output])
		}
	}
}

// writeLookup writes a census as it is, and packed.
func writeLookup(t *testing.T, path string, text []byte) {
	t.Helper()
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{path: text, path + ".zst": z.EncodeAll(text, nil)} {
		if err := os.WriteFile(name, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// linesIn are the rows of a table, one line each, without its header.
func linesIn(t *testing.T, text string) (rows []string) {
	t.Helper()
	for _, r := range doors.ReadTable(t, []byte(text)).Rows {
		rows = append(rows, strings.Join(r, "\x1f"))
	}
	return rows
}

// Hunted in shares, in Splunk with and without the map half or in files, a fleet gives the
// rows of one hunt, byte for byte.
func TestSharesGiveTheRowsOfOne(t *testing.T) {
	s := newShares(t)
	dir := t.TempDir()
	sum, err := realistic.Generate(realistic.Config{Devices: 20, Days: 1, Seed: 5, Tail: 0.4, Fresh: 1, Format: "sysmon", OneFile: true}, dir)
	if err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(dir, sum.Files[0])
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	events := doors.Indexed(t, doors.RawFields, bytes.Split(bytes.TrimSpace(text), []byte("\n")))
	standin.SortNewestFirst(events.Header, events.Rows)
	options := "recent=4h lookback=1d max_devices=2 now=" + fmt.Sprint(newest(t, events))

	s.run = func(options string) string {
		cmd := exec.CommandContext(t.Context(), s.binary, append(executable.HuntFlags(options), "--quiet", log)...)
		cmd.Dir = filepath.Join(s.app, "lookups")
		var errs bytes.Buffer
		cmd.Stderr = &errs
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v\n%s", options, err, errs.String())
		}
		return string(out)
	}
	want := make(map[string]string)
	for _, output := range outputsOfShares {
		want[output] = s.sorted(t, options+" output="+output)
		if n := strings.Count(want[output], "\n"); n < 10 {
			t.Fatalf("one hunt gives %d rows with output=%s", n, output)
		}
	}
	s.same(t, "of files", options, "fleet.csv.zst", want, 1, 2, 3, 8)
	for indexers, n := range map[int]int{0: 2, 2: 3} { // each share is up to six programs there
		s.run = func(options string) string { return s.inSplunk(t, events, options, indexers) }
		s.same(t, fmt.Sprintf("in Splunk, %d indexers", indexers), options, "fleet.csv", want, n)
	}
}

func (s *shares) inSplunk(t *testing.T, events doors.Table, options string, indexers int) string {
	t.Helper()
	result, err := standin.Run(t.Context(), standin.Config{Binary: s.binary, Command: "schtaskhunt", Args: strings.Fields(options),
		Header: events.Header, Rows: events.Rows, Indexers: indexers})
	if err != nil || result.Error != "" || result.Stderr != "" {
		t.Fatalf("%s: %v, error %q, stderr %q", options, err, result.Error, result.Stderr)
	}
	if len(result.Rows) == 0 {
		return "nothing\n"
	}
	n := len(result.Header)
	for n > 0 && strings.HasPrefix(result.Header[n-1], "__mv_") {
		n--
	}
	rows := make([][]string, len(result.Rows))
	for i := range rows {
		rows[i] = result.Rows[i][:n]
	}
	return string(doors.Table{Header: result.Header[:n], Rows: rows}.Body(t))
}

// newest is a second behind the newest event.
func newest(t *testing.T, events doors.Table) (last int) {
	t.Helper()
	at := slices.Index(events.Header, "_time")
	for _, r := range events.Rows {
		whole, _, _ := strings.Cut(r[at], ".")
		n, err := strconv.Atoi(whole)
		if err != nil {
			t.Fatal(err)
		}
		last = max(last, n+1)
	}
	return last
}
