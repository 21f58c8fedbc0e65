package schema

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// join puts two rows side by side as KQL does: what both have gets a number in the right one.
func join(left, right map[string]any) map[string]any {
	row := maps.Clone(left)
	for name, v := range right {
		if _, both := left[name]; both {
			name += "1"
		}
		row[name] = v
	}
	return row
}

// readAll returns the kinds of the events in a row, and how many of each were added.
func (r *reading) readAll(rec *record.Record) (kinds []event.Kind, processes, connections int) {
	r.store.Processes, r.store.Connections = r.store.Processes[:0], r.store.Connections[:0]
	kinds = append(kinds, r.Read(rec))
	kinds = append(kinds, r.Also()...)
	return kinds, len(r.store.Processes), len(r.store.Connections)
}

// Both events of a joined row are those that their rows give by themselves, whichever of
// them is the left one.
func TestBothEventsOfAJoinedRow(t *testing.T) {
	process, connection := defenderProcess(), defenderConnection("ConnectionSuccess")
	connection["InitiatingProcessId"], connection["ReportId"] = 4321, 99
	alone := func(m map[string]any) facts {
		_, f := newReading(t).read(text(jsonText(m)))
		return f
	}
	for name, row := range map[string]map[string]any{"process first": join(process, connection), "connection first": join(connection, process)} {
		r := newReading(t)
		kinds, processes, connections := r.readAll(text(jsonText(row)).record())
		if slices.Sort(kinds); !slices.Equal(kinds, []event.Kind{event.ProcessStart, event.NetworkConnection}) || processes != 1 || connections != 1 {
			t.Fatalf("%s: kinds %v, %d processes, %d connections", name, kinds, processes, connections)
		}
		p, c := facts{}, facts{}
		p.process(r.store, &r.store.Processes[0])
		c.connection(r.store, &r.store.Connections[0])
		for _, f := range []facts{p, c} {
			maps.DeleteFunc(f, func(_, v string) bool { return v == "" })
		}
		checkFacts(t, p, alone(process))
		checkFacts(t, c, alone(connection))
	}
}

// Two starts side by side: a column that the right one leaves empty is not the left one's.
func TestTwoStartsInARow(t *testing.T) {
	left, right := defenderProcess(), defenderProcess()
	right["ProcessId"], right["ReportId"], right["ProcessCommandLine"], right["SHA256"], right["SHA1"], right["MD5"] = 5555, 7, "", "", "", ""
	r := newReading(t)
	kinds, processes, _ := r.readAll(text(jsonText(join(left, right))).record())
	if len(kinds) != 2 || processes != 2 {
		t.Fatalf("kinds %v, %d processes", kinds, processes)
	}
	second := facts{}
	second.process(r.store, &r.store.Processes[1])
	if second["pid"] != "5555" || second["command"] != "" || second["hash"] != "" {
		t.Errorf("the right event is %v", second)
	}
}

// A row that an outer join left half empty has one event.
func TestHalfEmptyJoinedRow(t *testing.T) {
	row := join(defenderProcess(), defenderConnection("ConnectionSuccess"))
	for name := range row {
		if strings.HasSuffix(name, "1") && name != "SHA1" {
			row[name] = ""
		}
	}
	if kinds, processes, connections := newReading(t).readAll(text(jsonText(row)).record()); len(kinds) != 1 || processes != 1 || connections != 0 {
		t.Errorf("kinds %v, %d processes, %d connections", kinds, processes, connections)
	}
}

// The map half keeps what the further events of a row are made of.
func TestUsedOfAJoinedRow(t *testing.T) {
	r := newReading(t)
	rec := text(jsonText(join(defenderProcess(), defenderConnection("ConnectionSuccess")))).record()
	_, full := r.Recognise(rec)
	reduced := record.New(Names())
	for _, s := range usedSlots(r.Reader) {
		reduced.Set(s, slices.Clone(full.Get(s)))
	}
	if kinds, processes, connections := r.readAll(reduced); len(kinds) != 2 || processes != 1 || connections != 1 {
		t.Errorf("kinds %v, %d processes, %d connections", kinds, processes, connections)
	}
}

// The export of a device's timeline has the same columns with blanks in their names.
func TestTimelineOfADevice(t *testing.T) {
	for _, c := range []struct {
		row  map[string]any
		kind event.Kind
	}{{defenderProcess(), event.ProcessStart}, {defenderConnection("ConnectionSuccess"), event.NetworkConnection}} {
		_, want := newReading(t).read(text(jsonText(c.row)))
		row := map[string]string{}
		for name, v := range c.row {
			if v != nil {
				row[timelineName(name)] = strings.Trim(jsonText(v), `"`)
			}
		}
		for name, v := range row {
			row[name] = strings.NewReplacer(`\"`, `"`, `\\`, `\`, `\u0026`, "&", `\u003c`, "<", `\u003e`, ">").Replace(v)
		}
		kind, found := newReading(t).readRecord(csvRow(t, row))
		checkKind(t, kind, c.kind)
		checkFacts(t, found, want)
	}
	for column, want := range map[string]string{"InitiatingProcessParentFileName": "Initiating Process Parent File Name", "Timestamp": "Event Time", "RemoteIP": "Remote IP"} {
		if got := timelineName(column); got != want {
			t.Errorf("%s is %q, want %q", column, got, want)
		}
	}
}

// A report of many starts is a start, one of many connections a connection with their number.
func TestAggregatedReports(t *testing.T) {
	start := defenderProcess()
	start["ActionType"] = "ProcessCreatedAggregatedReport"
	checkEvent(t, text(jsonText(start)), event.ProcessStart, defenderProcessFacts)
	connection := defenderConnection("ConnectionFailedAggregatedReport")
	connection["AdditionalFields"] = `{"uniqueEventsAggregated":17}`
	_, found := newReading(t).read(text(jsonText(connection)))
	if found["weight"] != "17" {
		t.Errorf("weight %q", found["weight"])
	}
}
