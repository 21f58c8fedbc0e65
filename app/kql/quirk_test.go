package kql

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// quirk is a small set of events that shows what the query does. Every connection
// that a hunter may want has its own port.
type quirk struct {
	folder string
	rows   string // port x pattern_count of each row, worked out by hand; sorted
	lost   []int  // ports of connections that the query does not return
}

var quirks = []quirk{
	{"q01-ties", "2x2", []int{1}},
	{"q02-ghosts", "3x2", []int{4}},
	{"q03-repeated", "5x1 5x1 5x1", nil},
	{"q04-latest-only", "", []int{6, 7}},
	{"q05-recency-of-root", "10x1", []int{8, 9}},
	{"q06-letter-case", "13x1", []int{11, 12}},
	{"q07-depth", "20x1 21x1 22x1 23x1 24x1 25x1", []int{26, 27}},
	{"q08-scheduler-spelling", "30x1", []int{31, 32, 33, 34, 35, 36, 37}},
	{"q09-prevalence", "42x1 42x1 42x1 42x1 42x1", []int{41, 43}},
	{"q10-unique-arguments", "50x1 50x1 50x1 50x1 50x1 50x1", nil},
	{"q11-lists-of-words", "65x1 66x1", []int{60, 61, 62, 63, 64, 67}},
	{"q12-private", "72x1 73x1 74x1 75x1 76x1", []int{70, 71}},
	{"q13-pattern-count-of-paths", "80x6", nil},
	{"q14-duplicates", "81x2 81x2", nil},
	{"q15-null-keys", "", []int{82}},
	{"q16-process-id-only", "83x1", []int{84}},
	{"q17-scheduler-itself", "86x1", []int{85}},
	{"q18-broken-chain", "87x1", []int{88}},
	{"q19-event-time", "89x1 91x1", []int{90}},
	{"q20-action-types", "92x1 93x1 95x1", []int{94}},
	{"q21-column-names", "96x1", nil},
	{"q22-ticks", "97x1", []int{98, 99}},
	{"q23-row-per-connection", "443x1 443x1 443x1 443x1 443x1", nil},
}

func TestEveryQuirkIsTheQuerysOwn(t *testing.T) {
	for _, q := range quirks {
		t.Run(q.folder, func(t *testing.T) {
			dir := "testdata/quirks/" + q.folder
			network := content(t, dir, "network.csv")
			got, _ := resultOf(t, original(), content(t, dir, "processes.csv"), network)
			compareLines(t, got, string(content(t, dir, "want.csv")))
			rows := records(t, got)
			if got := portsByCount(rows); got != q.rows {
				t.Errorf("rows %q, want %q", got, q.rows)
			}
			if got := lostPorts(rows, records(t, string(network))); !slices.Equal(got, q.lost) {
				t.Errorf("lost ports %v, want %v", got, q.lost)
			}
		})
	}
}

func TestNullKeysMatchOnRequest(t *testing.T) {
	o := original()
	o.NullKeysMatch = true
	dir := "testdata/quirks/q15-null-keys"
	got, _ := resultOf(t, o, content(t, dir, "processes.csv"), content(t, dir, "network.csv"))
	compareLines(t, got, string(content(t, dir, "want_null_keys_match.csv")))
}

func TestAllColumnsOfTheMisleadingNames(t *testing.T) {
	o := original()
	o.AllColumns = true
	dir := "testdata/quirks/q21-column-names"
	got, _ := resultOf(t, o, content(t, dir, "processes.csv"), content(t, dir, "network.csv"))
	compareLines(t, got, string(content(t, dir, "want_all.csv")))
	row := records(t, got)[0]
	for name, want := range map[string]string{
		"InitiatingProcessFileName":  "", // the process on level 4, which there is none of
		"InitiatingProcessFileName2": "second.exe", "N_InitiatingProcessFileName": "second.exe",
		"Timestamp": "2026-11-21T08:00:00.0000000Z", "Timestamp2": "2026-11-21T08:00:05.0000000Z",
	} {
		if row[name] != want {
			t.Errorf("%s is %q, want %q", name, row[name], want)
		}
	}
}

func TestEveryQuirkFolderIsTested(t *testing.T) {
	entries, err := os.ReadDir("testdata/quirks")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.ContainsFunc(quirks, func(q quirk) bool { return q.folder == e.Name() }) {
			t.Errorf("no test reads %s", e.Name())
		}
	}
}

// records returns the rows of a CSV text by column.
func records(tb testing.TB, text string) (out []map[string]string) {
	tb.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	for _, row := range rows[1:] {
		m := make(map[string]string)
		for i, name := range rows[0] {
			m[name] = row[i]
		}
		out = append(out, m)
	}
	return out
}

func portsByCount(rows []map[string]string) string {
	var out []string
	for _, r := range rows {
		out = append(out, fmt.Sprintf("%sx%s", r["RemotePort"], r["pattern_count"]))
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// lostPorts returns the ports of connections that have no row.
func lostPorts(rows, connections []map[string]string) (lost []int) {
	for _, c := range connections {
		found := slices.ContainsFunc(rows, func(r map[string]string) bool { return r["RemotePort"] == c["RemotePort"] })
		if port, err := strconv.Atoi(c["RemotePort"]); err == nil && !found {
			lost = append(lost, port)
		}
	}
	slices.Sort(lost)
	return slices.Compact(lost)
}
