package kql

import (
	"encoding/csv"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// row is one event by column; empty columns are left out.
type row map[string]string

// exampleRows returns the events of ex2 and their tables.
func exampleRows(tb testing.TB) (processes, network []row) {
	return rowsOf(tb, "testdata/ex2/processes.csv"), rowsOf(tb, "testdata/ex2/network.csv")
}

func rowsOf(tb testing.TB, file string) (out []row) {
	for _, r := range records(tb, string(content(tb, file))) {
		for name, value := range r {
			if value == "" {
				delete(r, name)
			}
		}
		out = append(out, r)
	}
	return out
}

// add gives the query one event with the given fields.
func add(q *Query, fields row) (event.Kind, error) { return addTo(q.ownLane(), fields) }

func addTo(l *Lane, fields row) (event.Kind, error) {
	rec := record.New(Names())
	for name, value := range fields {
		rec.Set(Names().Slot(name), []byte(value))
	}
	return l.Add(rec)
}

func prefixed(prefix string, r row) row {
	out := row{}
	for name, value := range r {
		out[prefix+name] = value
	}
	return out
}

// eventHub writes a row as the Event Hub does: numbers are numbers, nothing is null.
func eventHub(tb testing.TB, table string, r row) string {
	tb.Helper()
	properties := map[string]any{}
	for _, name := range RequiredFields(false) {
		if column, inEnvelope := strings.CutPrefix(name, "properties."); inEnvelope {
			properties[column] = nil
		}
	}
	for name, value := range r {
		properties[name] = value
		if n, err := strconv.Atoi(value); err == nil && strings.HasSuffix(name, "Id") && name != "DeviceId" {
			properties[name] = n
		}
	}
	text, err := json.Marshal(map[string]any{
		"time": "2026-11-21T12:00:00Z", "operationName": "Publish", "category": "AdvancedHunting-" + table, "properties": properties,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

// Whatever the way in which the events come, the result is the same.
func TestTransports(t *testing.T) {
	processes, network := exampleRows(t)
	type way struct {
		name string
		add  func(q *Query, table string, r row) (event.Kind, error)
	}
	category := func(table string, r row) row { r["category"] = "AdvancedHunting-" + table; return r }
	ways := []way{
		{"Event Hub text", func(q *Query, table string, r row) (event.Kind, error) {
			return q.AddText([]byte(eventHub(t, table, r)))
		}},
		{"Event Hub text in Splunk, nothing extracted", func(q *Query, table string, r row) (event.Kind, error) {
			return add(q, row{"_raw": eventHub(t, table, r)})
		}},
		{"Event Hub text, some columns extracted", func(q *Query, table string, r row) (event.Kind, error) {
			return add(q, row{"_raw": eventHub(t, table, r), "category": "AdvancedHunting-" + table, "properties.DeviceId": r["DeviceId"]})
		}},
		{"columns of the Event Hub", func(q *Query, table string, r row) (event.Kind, error) {
			return add(q, category(table, prefixed("properties.", r)))
		}},
		{"columns without a category", func(q *Query, _ string, r row) (event.Kind, error) { return add(q, prefixed("properties.", r)) }},
		{"columns with null as text", func(q *Query, table string, r row) (event.Kind, error) {
			fields := prefixed("properties.", r)
			for _, name := range append(headerOf(t, "testdata/ex2/processes.csv"), "RemoteUrl", "RemoteIPType") {
				if fields["properties."+name] == "" {
					fields["properties."+name] = "null"
				}
			}
			return add(q, category(table, fields))
		}},
		{"older add-on", func(q *Query, table string, r row) (event.Kind, error) {
			fields := prefixed("body.properties.", r)
			fields["body.category"] = "AdvancedHunting-" + table
			return add(q, fields)
		}},
		{"JSON lines of bare columns", func(q *Query, _ string, r row) (event.Kind, error) {
			text, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			return q.AddText(text)
		}},
	}
	for _, all := range []bool{false, true} {
		want := string(content(t, "testdata/ex2/want.csv"))
		if all {
			want = string(content(t, "testdata/ex2/want_all.csv"))
		}
		for _, w := range ways {
			t.Run(w.name+"/"+strconv.FormatBool(all), func(t *testing.T) {
				o := original()
				o.AllColumns = all
				q := New(o)
				for _, r := range processes {
					if kind, err := w.add(q, "DeviceProcessEvents", r); kind != event.ProcessStart || err != nil {
						t.Fatalf("%v: kind %d, error %v", r, kind, err)
					}
				}
				for _, r := range network {
					if kind, err := w.add(q, "DeviceNetworkEvents", r); kind != event.NetworkConnection || err != nil {
						t.Fatalf("%v: kind %d, error %v", r, kind, err)
					}
				}
				columns, rows, _ := q.Finish()
				compareLines(t, asCSV(t, columns, rows), want)
			})
		}
	}
}

// In one stream both tables share a header, and the order of events is anyone's.
func TestMergedAndShuffledStream(t *testing.T) {
	processes, network := exampleRows(t)
	want := string(content(t, "testdata/ex2/want.csv"))
	all := append(slices.Clone(processes), network...)
	header := slices.Concat(headerOf(t, "testdata/ex2/processes.csv"), []string{"RemoteIP", "RemotePort", "RemoteUrl", "RemoteIPType", "Protocol", "LocalIP"})
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 1))
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		rng.Shuffle(len(header), func(i, j int) { header[i], header[j] = header[j], header[i] })
		got, _ := resultOf(t, original(), mergedCSV(t, header, all))
		compareLines(t, got, want)
	}
}

func mergedCSV(tb testing.TB, header []string, rows []row) []byte {
	tb.Helper()
	var b strings.Builder
	w := csv.NewWriter(&b)
	lines := [][]string{header}
	for _, r := range rows {
		line := make([]string, len(header))
		for i, name := range header {
			line[i] = r[name]
		}
		lines = append(lines, line)
	}
	if err := w.WriteAll(lines); err != nil {
		tb.Fatal(err)
	}
	return []byte(b.String())
}

func TestTableOfARow(t *testing.T) {
	base := row{"Timestamp": "2026-11-21T08:00:00Z", "DeviceId": "d", "InitiatingProcessFileName": "a.exe", "InitiatingProcessId": "4"}
	cases := []struct {
		name string
		more row
		want event.Kind
	}{
		{"ProcessCreated", row{"ActionType": "ProcessCreated"}, event.ProcessStart},
		{"OpenProcess, which the query does not leave out", row{"ActionType": "OpenProcess", "ProcessId": "7"}, event.ProcessStart},
		{"a process with an ActionType of tomorrow", row{"ActionType": "ProcessForked", "ProcessId": "7"}, event.ProcessStart},
		{"a process without an ActionType", row{"ProcessId": "7"}, event.ProcessStart},
		{"a process with a name only", row{"FileName": "b.exe"}, event.ProcessStart},
		{"a connection", row{"ActionType": "ConnectionSuccess"}, event.NetworkConnection},
		{"a connection that stands for many", row{"ActionType": "ConnectionSuccessAggregatedReport"}, event.NetworkConnection},
		{"an inspected connection", row{"ActionType": "TelnetConnectionInspected"}, event.NetworkConnection},
		{"a connection without an ActionType", row{"RemoteIP": "203.0.113.1"}, event.NetworkConnection},
		{"a connection to nowhere without an ActionType", row{}, event.NetworkConnection},
		{"a process that another one's memory is read of", row{"ActionType": "OpenProcessApiCall", "ProcessId": "7", "FileName": "lsass.exe"}, event.Other},
		{"a firewall's event", row{"ActionType": "FirewallOutboundConnectionBlocked", "RemoteIP": "203.0.113.1"}, event.Other},
		{"a logon", row{"ActionType": "LogonSuccess", "RemoteIP": "203.0.113.1"}, event.Other},
		{"another table by its category", row{"category": "AdvancedHunting-DeviceFileEvents", "FileName": "b.exe"}, event.Other},
		{"the category goes before the ActionType", row{"category": "AdvancedHunting-DeviceProcessEvents", "ActionType": "ConnectionSuccess"}, event.ProcessStart},
		{"another program's category", row{"category": "web", "ActionType": "ConnectionSuccess"}, event.NetworkConnection},
		{"no time", row{"ActionType": "ProcessCreated", "Timestamp": "soon"}, event.Malformed},
	}
	for _, c := range cases {
		fields := row{}
		for _, r := range []row{base, c.more} {
			for name, value := range r {
				fields[name] = value
			}
		}
		kind, err := add(New(original()), fields)
		if kind != c.want || (err != nil) != (c.want == event.Malformed) {
			t.Errorf("%s: kind %d, error %v; want kind %d", c.name, kind, err, c.want)
		}
	}
}

// A word is no null in a CSV of Defender's own.
func TestNullIsAWordInACSV(t *testing.T) {
	for prefix, want := range map[string]string{"": "null", "properties.": ""} {
		q := New(original())
		for _, r := range []string{"testdata/ex1/processes.csv", "testdata/ex1/network.csv"} {
			for _, fields := range rowsOf(t, r) {
				if fields["RemoteUrl"] == "notcorel.com" {
					fields["RemoteUrl"] = "null"
				}
				if _, err := add(q, prefixed(prefix, fields)); err != nil {
					t.Fatal(err)
				}
			}
		}
		_, rows, _ := q.Finish()
		i := slices.IndexFunc(rows, func(r []string) bool { return r[2] == "192.0.2.50" })
		if i < 0 || rows[i][1] != want {
			t.Errorf("with prefix %q, the URL null is not %q", prefix, want)
		}
	}
}
