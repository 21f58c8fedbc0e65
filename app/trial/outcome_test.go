package trial_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/engine"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sink"
)

// everything are the options that hide nothing: every tree, every connection.
const everything = "recent=all lookback=all max_devices=0 internal=include rebuilt=all"

// outcome is what came out of one hunt, however it was run.
type outcome struct {
	columns  []string
	rows     []row.Row
	text     string   // the rows as CSV, under their header
	messages []string // "LEVEL text", in order
	ledger   ledger
}

// parse reads options written as in a search, none of which has a blank in it.
func parse(t testing.TB, args string) command.Options {
	t.Helper()
	o, err := command.Parse(strings.Fields(args))
	if err != nil {
		t.Fatalf("options %s: %v", args, err)
	}
	return o
}

// spread deals events out over the lanes of an engine in turn.
type spread struct {
	engine.Engine
	lanes []engine.Lane
	next  int
}

func spreadOver(t testing.TB, e engine.Engine, err error) *spread {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	s := &spread{Engine: e, lanes: make([]engine.Lane, 3)}
	for i := range s.lanes {
		if s.lanes[i], err = e.Lane(); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// lane returns the lane for the next event.
func (s *spread) lane() engine.Lane {
	s.next++
	return s.lanes[s.next%len(s.lanes)]
}

func newHunt(t testing.TB, args string) *spread {
	t.Helper()
	return newHuntWith(t, args, "")
}

// newHuntWith is newHunt with a list of indicators for enrich=lists.
func newHuntWith(t testing.TB, args, list string) *spread {
	t.Helper()
	o := parse(t, args)
	if !o.NeedsPlugins() {
		h, err := engine.Start(engine.Config{Options: o})
		return spreadOver(t, h, err)
	}
	opened, err := engine.OpenPlugins(o, findInside(list))
	if err != nil {
		t.Fatal(err)
	}
	h, err := engine.Start(engine.Config{Options: o, Plugins: opened})
	return spreadOver(t, h, err)
}

// hunted hunts in events given by their texts.
func hunted(t testing.TB, args string, events [][]byte) outcome {
	t.Helper()
	h := newHunt(t, args)
	for _, e := range events {
		_, _ = h.lane().AddText(e) // broken events are in the ledger
	}
	return finished(t, h, len(events))
}

// finished ends a hunt that got so many events, and audits its ledger.
func finished(t testing.TB, h *spread, events int) outcome {
	t.Helper()
	result, err := h.Finish()
	if err != nil {
		t.Fatal(err)
	}
	body, err := sink.Body(result.Columns, result.Rows)
	if err != nil {
		t.Fatalf("writing rows: %v", err)
	}
	o := outcome{columns: result.Columns, rows: result.Rows, text: string(body)}
	for _, m := range result.Messages {
		o.messages = append(o.messages, m.Level+" "+m.Text)
	}
	o.audit(t)
	if line := "INFO " + result.Ledger.String(); o.messages[len(o.messages)-1] != line {
		t.Errorf("the last message is not the ledger: %q, want %q", o.messages, line)
	}
	if o.ledger["events"] != events {
		t.Errorf("ledger counts %d events, %d were added", o.ledger["events"], events)
	}
	return o
}

// kind returns the rows of one kind: node, connection or tree.
func (o outcome) kind(name string) (rows []row.Row) {
	for _, r := range o.rows {
		if r.Get("row") == name {
			rows = append(rows, r)
		}
	}
	return rows
}

// sameRows fails when the rows are not the same bytes, and shows the first that is not.
func sameRows(t testing.TB, what, got, want string) {
	t.Helper()
	if got == want {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(g), len(w)) {
		if at(g, i) != at(w, i) {
			t.Errorf("%s: %d lines, want %d; line %d is\n%s\nwant\n%s", what, len(g), len(w), i+1, at(g, i), at(w, i))
			return
		}
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(missing)"
}

// linesOf splits a text into its lines, which do not alias.
func linesOf(text []byte) [][]byte {
	return bytes.Split(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"))
}
