package schema

import (
	"slices"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// greedy is a mapper that recognises whatever has one of the fields, and makes something else
// of it, by rules or by rows.
func greedy(kind event.Kind, names []string, byRows bool) Schema {
	s := Schema{Name: "greedy"}
	for _, name := range names {
		s.Gate = append(s.Gate, []Condition{{Fields: []string{name}, Test: "present"}})
	}
	table := Table{Kind: kind, Rules: []Rule{
		{To: "device", From: names}, {To: "process_uid", From: names}, {To: "process_command", From: names}, {To: "query", From: names}, {To: "destination_port", From: names, Optional: true},
	}}
	if byRows {
		table.By = func(rows []map[string]string) ([]map[string]string, error) {
			for i := range rows {
				rows[i] = map[string]string{"device": "stolen", "process_uid": "stolen", "query": "stolen.example", "process_command": "stolen"}
			}
			return rows, nil
		}
	}
	s.Tables = []Table{table}
	return s
}

// However greedy a mapper is, what the program reads by itself is read as without it: out of
// columns, out of the event's own text, and out of a message.
func TestAGreedyMapperTakesNothing(t *testing.T) {
	var names []string
	for _, f := range fixtures() {
		for name := range f {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	for _, kind := range []event.Kind{event.ProcessStart, event.ProcessEnd, event.NameLookup} {
		for _, byRows := range []bool{false, true} {
			s := with(t, greedy(kind, names, byRows))
			plain, more := newReading(t), readingOf(t, s)
			used := 0
			for _, f := range fixtures() {
				wanted, found := plain.read(f)
				if !inUse(wanted) {
					continue
				}
				used++
				got, facts := more.readRecord(f.over(s))
				if checkKind(t, got, wanted); more.aside != nil || more.mapper != "" {
					t.Fatalf("the mapper took %v", f)
				}
				checkFacts(t, facts, found)
			}
			more.Flush()
			if used < 10 || more.Cut() != plain.Cut() {
				t.Errorf("%d events; %d are cut, want %d", used, more.Cut(), plain.Cut())
			}
		}
	}
}
