// Package doors runs a hunt through any of its doors, which are events given one by one, files, and
// Splunk's protocol with and without the map half, and holds what comes out against its ledger.
package doors

import (
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/engine"
	"github.com/schtaskhunt/schtaskhunt/app/sink"
)

// Parse reads options written as in a search, none of which has a blank in it.
func Parse(t testing.TB, args string) command.Options {
	t.Helper()
	o, err := command.Parse(strings.Fields(args))
	if err != nil {
		t.Fatalf("options %s: %v", args, err)
	}
	return o
}

// Spread deals events out over the lanes of an engine in turn.
type Spread struct {
	engine.Engine
	lanes []engine.Lane
	next  int
}

// SpreadOver opens three lanes of an engine, which ends with the test.
func SpreadOver(t testing.TB, e engine.Engine, err error) *Spread {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	s := &Spread{Engine: e, lanes: make([]engine.Lane, 3)}
	t.Cleanup(func() { _ = s.Close() })
	for i := range s.lanes {
		if s.lanes[i], err = e.Lane(); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// Turn returns the lane for the next event.
func (s *Spread) Turn() engine.Lane {
	s.next++
	return s.lanes[s.next%len(s.lanes)]
}

func newHunt(t testing.TB, args string) *Spread {
	t.Helper()
	return newHuntWith(t, args, "")
}

// newHuntWith is newHunt with a list of indicators for enrich=lists.
func newHuntWith(t testing.TB, args, list string) *Spread {
	t.Helper()
	o := Parse(t, args)
	if !o.NeedsPlugins() {
		h, err := engine.Start(engine.Config{Options: o})
		return SpreadOver(t, h, err)
	}
	opened, err := engine.OpenPlugins(o, findInside(list))
	if err != nil {
		t.Fatal(err)
	}
	h, err := engine.Start(engine.Config{Options: o, Plugins: opened})
	return SpreadOver(t, h, err)
}

// Hunted hunts in events given by their texts.
func Hunted(t testing.TB, args string, events [][]byte) Outcome {
	t.Helper()
	h := newHunt(t, args)
	for _, e := range events {
		_, _ = h.Turn().AddText(e) // broken events are in the ledger
	}
	return finished(t, h, len(events))
}

// HuntedWith hunts with a list of indicators.
func HuntedWith(t testing.TB, args, list string, events [][]byte) Outcome {
	t.Helper()
	h := newHuntWith(t, args, list)
	for _, e := range events {
		_, _ = h.Turn().AddText(e)
	}
	return finished(t, h, len(events))
}

// Close ends the engine and lets go of it: a test may hunt hundreds of times, and what they held
// would be there until its end.
func (s *Spread) Close() error {
	e := s.Engine
	if e == nil {
		return nil
	}
	s.Engine, s.lanes = nil, nil
	return e.Close()
}

// finished ends a hunt that got so many events, and audits its ledger.
func finished(t testing.TB, h *Spread, events int) Outcome {
	t.Helper()
	defer func() { _ = h.Close() }()
	result, err := h.Finish()
	if err != nil {
		t.Fatal(err)
	}
	body, err := sink.Body(result.Columns, result.Rows)
	if err != nil {
		t.Fatalf("writing rows: %v", err)
	}
	o := Outcome{Columns: result.Columns, Rows: result.Rows, Text: string(body)}
	for _, m := range result.Messages {
		o.Messages = append(o.Messages, m.Level+" "+m.Text)
	}
	o.Audit(t)
	if line := "INFO " + result.Ledger.String(); o.Messages[len(o.Messages)-1] != line {
		t.Errorf("the last message is not the ledger: %q, want %q", o.Messages, line)
	}
	if o.Ledger["events"] != events {
		t.Errorf("ledger counts %d events, %d were added", o.Ledger["events"], events)
	}
	return o
}
