package query_test

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/engine"
	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
)

// now is the instant that the examples and generated cases of the query are of.
const queryNow = "now=2026-11-21T12:00:00Z"

// answer is the rows of a run, with a name for each cell.
type answer struct {
	columns []string
	rows    [][]string
}

// run runs an engine over CSV texts.
func run(t *testing.T, args []string, texts ...[]byte) answer {
	t.Helper()
	o, err := command.Parse(append(args, queryNow))
	if err != nil {
		t.Fatal(err)
	}
	started, err := engine.Start(engine.Config{Options: o})
	engine := doors.SpreadOver(t, started, err)
	rec, rows := record.New(engine.Names()), record.NewRows()
	for _, text := range texts {
		if err := rows.Reset(text); err != nil {
			t.Fatal(err)
		}
		for rows.Next(rec) {
			_, _ = engine.Turn().Add(rec) // what is wrong with an event is in the ledger
		}
	}
	result, err := engine.Finish()
	if err != nil {
		t.Fatal(err)
	}
	out := answer{columns: result.Columns}
	for _, r := range result.Rows {
		out.rows = append(out.rows, r.Values)
	}
	return out
}

func (a answer) get(row []string, column string) string {
	if i := slices.Index(a.columns, column); i >= 0 {
		return row[i]
	}
	panic("no column " + column)
}

// csvOf reads the two tables of a case.
func csvOf(t *testing.T, dir string) [][]byte {
	t.Helper()
	var texts [][]byte
	for _, name := range []string{"processes.csv", "network.csv"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text)
	}
	return texts
}

// huntPairs is the connections of processes that the hunt returns, for comparison with
// the query's: device, process id, remote side.
func huntPairs(t *testing.T, texts [][]byte, args ...string) map[string]bool {
	hunted := run(t, append(args, "output=connections", "internal=include", "rarity=command"), texts...) // as the query counts
	found := make(map[string]bool)
	for _, r := range hunted.rows {
		device, _, _ := strings.Cut(hunted.get(r, "device"), ".")
		found[strings.Join([]string{device, hunted.get(r, "process_id"), hunted.get(r, "remote_ip"), hunted.get(r, "remote_port"),
			hunted.get(r, "action")}, "|")] = true
	}
	return found
}

// levelNames are the query's names for the processes of a path, the root first.
var levelNames = []string{"InitiatingProcessG3Parent", "InitiatingProcessG2Parent", "InitiatingProcessG1Parent", "InitiatingProcessParent",
	"InitiatingProcess", ""}

// checkSubset checks that the hunt finds every pair of process and connection that
// the query returns. It may lack, and this counts, what it refuses to believe: the
// query's joins without a creation time, paths through an event that starts no
// process, and paths through a process whose start events contradict each other.
func checkSubset(t *testing.T, texts [][]byte, args ...string) (rows, excepted int) {
	t.Helper()
	found := huntPairs(t, texts, args...)
	doubtful := doubtfulProcesses(t, texts[0])
	q := run(t, append(args, "mode=kql", "columns=all"), texts...)
	for _, r := range q.rows {
		rows++
		device, _, _ := strings.Cut(q.get(r, "DeviceName"), ".")
		ip := q.get(r, "RemoteIP")
		if addr, err := netip.ParseAddr(ip); err == nil {
			ip = addr.Unmap().String()
		}
		pair := strings.Join([]string{device, q.get(r, "N_InitiatingProcessId"), ip, q.get(r, "RemotePort"), q.get(r, "ActionType")}, "|")
		switch {
		case found[pair]:
		case q.get(r, "N_InitiatingProcessCreationTime") == "" || passes(q, r, q.get(r, "DeviceId"), doubtful):
			excepted++
		default:
			t.Errorf("%s: the query has %s of %s, the hunt has not", strings.Join(args, " "), pair, q.get(r, "N_InitiatingProcessFileName"))
		}
	}
	return rows, excepted
}

// passes reports whether a path goes through one of the processes.
func passes(q answer, r []string, device string, processes map[string]bool) bool {
	for _, level := range levelNames {
		id, created := level+"Id", level+"CreationTime"
		if level == "" {
			id, created = "ProcessId", "ProcessCreationTime"
		}
		if processes[device+"|"+q.get(r, id)+"|"+q.get(r, created)] {
			return true
		}
	}
	return false
}

// doubtfulProcesses lists the processes that several start events tell different names
// or parents of, and those of events that start none.
func doubtfulProcesses(t *testing.T, processes []byte) map[string]bool {
	t.Helper()
	rows, doubtful := record.NewRows(), make(map[string]bool)
	if err := rows.Reset(processes); err != nil {
		t.Fatal(err)
	}
	columns := rows.Columns()
	said := make(map[string]string)
	for {
		values, ok := rows.Values()
		if !ok {
			return doubtful
		}
		get := func(name string) string { return string(values[slices.Index(columns, name)]) }
		id := get("DeviceId") + "|" + get("ProcessId") + "|" + get("ProcessCreationTime")
		says := strings.ToLower(get("FileName")) + "|" + get("InitiatingProcessId") + "|" + get("InitiatingProcessCreationTime")
		if before, again := said[id]; (again && before != says) || get("ActionType") != "ProcessCreated" {
			doubtful[id] = true
		}
		said[id] = says
	}
}

// For every quirk of the query: what it loses, the hunt finds, by default or with the
// option that stands beside it. The ports tell the connections apart.
func TestTheHuntFindsWhatTheQueryLoses(t *testing.T) {
	quirks, err := filepath.Glob("../../kql/testdata/quirks/*")
	if err != nil || len(quirks) < 23 {
		t.Fatalf("%d quirks, %v", len(quirks), err)
	}
	// What a hunt with its defaults does not show, and why.
	options := map[string][]string{
		"q09-prevalence": {"max_devices=0"}, // on six devices, or a command line that every device has
		// A template that all of six devices have is not rare; each command is.
		"q10-unique-arguments": {"rarity=command"},
		"q12-private":          {"internal=include"},
	}
	unshown := map[string][]string{
		"q08-scheduler-spelling": {"33"}, // a plain netsvcs host runs other services too; root= shows it
		"q15-null-keys":          {"82"}, // a process without a parent: nothing says that a task started it
		"q17-scheduler-itself":   {"85"}, // the scheduler is no task
		"q20-action-types":       {"95"}, // reached by an OpenProcess event, which starts nothing
	}
	for _, dir := range quirks {
		name := filepath.Base(dir)
		t.Run(name, func(t *testing.T) {
			texts := csvOf(t, dir)
			hunted := run(t, append(options[name], "output=connections"), texts...)
			shown := make(map[string]bool)
			for _, r := range hunted.rows {
				shown[hunted.get(r, "remote_port")] = true
			}
			for _, port := range ports(t, texts[1]) {
				if want := !slices.Contains(unshown[name], port); shown[port] != want {
					t.Errorf("port %s: shown %t, want %t", port, shown[port], want)
				}
			}
			checkSubset(t, texts)
		})
	}
}

// ports lists the remote ports of a network table.
func ports(t *testing.T, network []byte) (list []string) {
	t.Helper()
	rows := record.NewRows()
	if err := rows.Reset(network); err != nil {
		t.Fatal(err)
	}
	at := slices.Index(rows.Columns(), "RemotePort")
	for values, ok := rows.Values(); ok; values, ok = rows.Values() {
		list = append(list, string(values[at]))
	}
	return list
}

// The worked examples: the query through Splunk's protocol, newest first and in
// chunks of any size, gives what it gives directly.
func TestTheQueryThroughTheProtocol(t *testing.T) {
	for _, example := range []string{"../../kql/testdata/ex1", "../../kql/testdata/ex2"} {
		texts := csvOf(t, example)
		want := run(t, []string{"mode=kql"}, texts...)
		if len(want.rows) == 0 {
			t.Fatalf("%s: no rows", example)
		}
		checkProtocol(t, example, texts, want)
	}
}

// checkProtocol runs the query through Splunk's protocol, newest first, and compares.
func checkProtocol(t *testing.T, name string, texts [][]byte, want answer, sizes ...int) {
	t.Helper()
	events := merged(t, texts)
	at := slices.Index(events.Header, "Timestamp")
	slices.SortStableFunc(events.Rows, func(a, b []string) int { return strings.Compare(b[at], a[at]) })
	if sizes == nil {
		sizes = []int{1, 7, 50_000}
	}
	for _, size := range sizes {
		s := doors.Serve(t, []string{"mode=kql", queryNow}, doors.WithBodies(events.Chunks(t, size)...))
		last := s.Replies[len(s.Replies)-1]
		if got := doors.ReadTable(t, last.Body); s.Info.StreamingPreop != "" || fmt.Sprint(got.Rows) != fmt.Sprint(want.rows) {
			t.Errorf("%s in chunks of %d: %d rows, want %d; preop %q", name, size, len(got.Rows), len(want.rows), s.Info.StreamingPreop)
		}
	}
}

// merged returns the rows of several tables under one header, as Splunk has them.
func merged(t *testing.T, texts [][]byte) doors.Table {
	t.Helper()
	var out doors.Table
	at := make(map[string]int)
	for _, text := range texts {
		part := doors.ReadTable(t, text)
		for _, c := range part.Header {
			if _, known := at[c]; !known {
				at[c] = len(out.Header)
				out.Header = append(out.Header, c)
			}
		}
		for _, values := range part.Rows {
			row := make([]string, len(at), 64)
			for i, v := range values {
				row[at[part.Header[i]]] = v
			}
			out.Rows = append(out.Rows, row)
		}
	}
	for i := range out.Rows {
		out.Rows[i] = append(out.Rows[i], make([]string, len(out.Header)-len(out.Rows[i]))...)
	}
	return out
}
