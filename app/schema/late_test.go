package schema

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// foreignVendor is a sensor whose events a mapper plugin reads: nobody here knows what its
// one field with everything in it means.
func foreignVendor(by RowsReader) Schema {
	gate := [][]Condition{{{Fields: []string{"odd_kind"}, Test: "present"}}}
	table := func(kind event.Kind, word string) Table {
		return Table{
			Kind: kind, By: by, When: []Condition{{Fields: []string{"odd_kind"}, Test: "is", Values: []string{word}}},
			Rules: []Rule{{To: "whatever", From: []string{"odd_text"}, Via: "nothing"}, {From: []string{"odd_host"}, Optional: true}},
		}
	}
	return Schema{Name: "odd", Gate: gate, Tables: []Table{table(event.ProcessStart, "p"), table(event.ProcessEnd, "e")}}
}

// oddReader reads "device|id|command" out of the one field.
func oddReader(rows []map[string]string) ([]map[string]string, error) {
	out := make([]map[string]string, len(rows))
	for i, r := range rows {
		if r["odd_text"] == "none" {
			continue
		}
		parts := strings.Split(r["odd_text"]+"||", "|")
		out[i] = map[string]string{"device": parts[0], "process_uid": parts[1], "process_command": parts[2], "user": r["odd_host"]}
	}
	return out, nil
}

type moves map[[2]event.Kind]int

func lateReading(t testing.TB, by RowsReader) (*reading, *Set, moves) {
	t.Helper()
	s := with(t, foreignVendor(by))
	r, moved := readingOf(t, s), moves{}
	r.OnLate(func(was, is event.Kind) { moved[[2]event.Kind{was, is}]++ })
	return r, s, moved
}

func TestSomebodyElseReadsEvents(t *testing.T) {
	var batches []int
	r, s, moved := lateReading(t, func(rows []map[string]string) ([]map[string]string, error) {
		batches = append(batches, len(rows))
		return oddReader(rows)
	})
	const n = 2*lateRows + 100
	for i := range n {
		f := fields{"odd_kind": "p", "odd_text": fmt.Sprintf("PC%d|id%d|x.exe %d", i%7, i, i), "odd_host": "bob"}
		if i%100 == 0 {
			f["odd_text"] = "none"
		}
		if kind := r.Read(f.over(s)); kind != event.ProcessStart {
			t.Fatalf("event %d is %v", i, kind)
		}
	}
	if !slices.Equal(batches, []int{lateRows, lateRows}) {
		t.Errorf("before the end: batches of %v", batches)
	}
	r.Flush()
	r.Flush() // has nothing more to do
	if !slices.Equal(batches, []int{lateRows, lateRows, 100}) || len(r.store.Processes) != n-n/100-1 {
		t.Errorf("batches of %v, %d processes of %d", batches, len(r.store.Processes), n)
	}
	if want := (moves{{event.ProcessStart, event.Other}: n/100 + 1}); !maps.Equal(moved, want) {
		t.Errorf("moved %v, want %v", moved, want)
	}
	last := r.store.Processes[len(r.store.Processes)-1]
	if got := r.store.Symbols.String(last.Self.Command); got != fmt.Sprint("x.exe ", n-1) || r.store.Symbols.String(last.User) != "bob" {
		t.Errorf("the last one is %q of %q", got, r.store.Symbols.String(last.User))
	}
	if losses := r.Losses(); len(losses) != 0 {
		t.Errorf("%+v", losses)
	}
}

// What cannot be read is malformed, each event on its own as far as that goes.
func TestEventsThatSomebodyElseCannotRead(t *testing.T) {
	for name, c := range map[string]struct {
		by    RowsReader
		moved moves
		lost  int
		says  string
	}{
		"an error": {
			func([]map[string]string) ([]map[string]string, error) { return nil, errors.New("it crashed") },
			moves{{event.ProcessStart, event.Malformed}: 2, {event.ProcessEnd, event.Malformed}: 1}, 3, "it crashed",
		},
		"too few": {
			func(rows []map[string]string) ([]map[string]string, error) { return rows[1:], nil },
			moves{{event.ProcessStart, event.Malformed}: 2, {event.ProcessEnd, event.Malformed}: 1}, 3, "1 rows came back for 2",
		},
		"a field that there is not": {
			func(rows []map[string]string) ([]map[string]string, error) {
				out, err := oddReader(rows)
				out[0]["proces_id"] = "1"
				return out, err
			},
			moves{{event.ProcessStart, event.Malformed}: 1, {event.ProcessEnd, event.Malformed}: 1}, 2, `"proces_id"`,
		},
		"no device": {
			func(rows []map[string]string) ([]map[string]string, error) {
				out, err := oddReader(rows)
				delete(out[0], "device")
				return out, err
			},
			moves{{event.ProcessStart, event.Malformed}: 1, {event.ProcessEnd, event.Malformed}: 1}, 0, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, s, moved := lateReading(t, c.by)
			for _, kind := range []string{"p", "e", "p"} {
				r.Read(fields{"odd_kind": kind, "odd_text": "PC1|id|x"}.over(s))
			}
			r.Flush()
			loss := r.Losses()[0]
			lost, err := loss.Lost, loss.Err
			if loss.Mapper != "odd" || loss.Lost+loss.Malformed != c.moved[[2]event.Kind{event.ProcessStart, event.Malformed}]+c.moved[[2]event.Kind{event.ProcessEnd, event.Malformed}] {
				t.Errorf("%+v", loss)
			}
			if !maps.Equal(moved, c.moved) || lost != c.lost || (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("moved %v, want %v; lost %d, want %d; %v", moved, c.moved, lost, c.lost, err)
			}
		})
	}
}

// What the map half passes on is read like the whole event, from a column or from text.
func TestAnEventForSomebodyElseIsItsUsedFields(t *testing.T) {
	var got []map[string]string
	r, s, _ := lateReading(t, func(rows []map[string]string) ([]map[string]string, error) {
		for _, row := range rows {
			got = append(got, maps.Clone(row))
		}
		return oddReader(rows)
	})
	whole := fields{"odd_kind": "p", "odd_text": "PC1|id|x", "odd_host": "bob", "user": "unrelated", "CommandLine": "unrelated"}
	text := fields{Raw: `{"odd_kind":"p","odd_text":"PC1|id|x","odd_host":"bob","CommandLine":"unrelated"}`}
	half := fields{"odd_kind": "p", Raw: text[Raw]} // what is not extracted, the text knows
	for _, f := range []fields{whole, text, half} {
		kind, full := r.Recognise(f.over(s))
		checkKind(t, kind, event.ProcessStart)
		reduced := record.New(s.Names())
		for _, slot := range r.Used() {
			reduced.Set(slot, slices.Clone(full.Get(slot)))
		}
		r.Read(f.over(s))
		r.Read(reduced)
	}
	r.Flush()
	want := map[string]string{"odd_kind": "p", "odd_text": "PC1|id|x", "odd_host": "bob"}
	for i, row := range got {
		if !reflect.DeepEqual(row, want) {
			t.Errorf("row %d is %v, want %v", i, row, want)
		}
	}
	if len(got) != 6 {
		t.Errorf("%d rows", len(got))
	}
}

// Canonical fields are set in one order, whatever order a map has.
func TestAnswersDoNotDependOnTheOrderOfTheirFields(t *testing.T) {
	answer := map[string]string{"device": "PC", "process_uid": "1", "url": "https://a.example/x", "remote_host": "b.example", "remote_ip": "192.0.2.1",
		"direction": "outbound", "initiated": "false", "query": "q"}
	delete(answer, "remote_host") // no canonical field of its own
	answer["destination_host"] = "b.example"
	var first facts
	for range 30 {
		s := with(t, Schema{Name: "odd", Gate: [][]Condition{{{Fields: []string{"odd_kind"}, Test: "present"}}}, Tables: []Table{{
			Kind: event.NetworkConnection, By: func(rows []map[string]string) ([]map[string]string, error) {
				return []map[string]string{maps.Clone(answer)}, nil
			},
		}}})
		r := readingOf(t, s)
		r.Read(fields{"odd_kind": "x"}.over(s))
		r.Flush()
		if len(r.store.Connections) != 1 {
			t.Fatal("no connection")
		}
		found := facts{}
		found.connection(r.store, &r.store.Connections[0])
		if first == nil {
			first = found
		}
		if !maps.Equal(found, first) {
			t.Fatalf("%v, then %v", first, found)
		}
	}
}
