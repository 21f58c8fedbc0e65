package plugins

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
	"github.com/schtaskhunt/schtaskhunt/plugin"
	"github.com/schtaskhunt/schtaskhunt/plugin/host"
)

// fake is a plugin that needs no process.
type fake struct {
	mapping plugin.Mapping
	mapErr  error
	rows    func(table string, rows []plugin.Row) ([]plugin.Row, error)
	enrich  func(batch []plugin.Indicator) ([]plugin.Verdict, error)
	closed  atomic.Int32
}

func (*fake) Info() plugin.Info                                 { return plugin.Info{Name: "fake"} }
func (f *fake) Mapping(context.Context) (plugin.Mapping, error) { return f.mapping, f.mapErr }
func (f *fake) Close() error                                    { f.closed.Add(1); return nil }
func (f *fake) Enrich(_ context.Context, batch []plugin.Indicator) ([]plugin.Verdict, error) {
	return f.enrich(batch)
}

func (f *fake) MapRows(_ context.Context, table string, rows []plugin.Row) ([]plugin.Row, error) {
	return f.rows(table, rows)
}

// installed makes fakes installed plugins.
func installed(fakes map[string]*fake) Installed {
	return Installed{Start: func(name string, _ func(string)) (Running, error) {
		if f, there := fakes[name]; there {
			return f, nil
		}
		return nil, fmt.Errorf("plugin %s: it ended before the handshake", name)
	}}
}

func mapping(kind plugin.Kind, byPlugin bool) plugin.Mapping {
	is := plugin.Condition{Fields: []string{"odd"}, Test: plugin.TestPresent}
	return plugin.Mapping{Gate: [][]plugin.Condition{{is}}, Unknown: "?", Tables: []plugin.Table{{
		Name: "odd events", Kind: kind, ByPlugin: byPlugin, When: []plugin.Condition{is},
		Rules: []plugin.Rule{{To: "device", From: []string{"odd"}}, {To: "process_uid", Else: []string{"odd_id"}}},
	}}}
}

func read(t *testing.T, s *schema.Set, event map[string]string) (*schema.Reader, string) {
	t.Helper()
	sink := newSink()
	r, err := s.NewReader(sink)
	if err != nil {
		t.Fatal(err)
	}
	rec := record.New(s.Names())
	for name, value := range event {
		rec.Set(s.Names().Slot(name), []byte(value))
	}
	r.Read(rec)
	r.Flush()
	return r, sink.devices()
}

type sink struct{ *event.Store }

func newSink() sink { return sink{event.NewStore()} }

func (s sink) devices() (list string) {
	for _, p := range s.Processes {
		list += s.Symbols.String(p.Device) + ";"
	}
	return list
}

// A mapper that gives data only is not needed any more when it has been asked.
func TestMapper(t *testing.T) {
	f := &fake{mapping: mapping(plugin.ProcessStart, false)}
	o := installed(map[string]*fake{"odd": f}).Open([]string{"odd"})
	o.closing.Wait()
	if f.closed.Load() != 1 {
		t.Errorf("closed %d times", f.closed.Load())
	}
	if _, devices := read(t, o.Schemas(), map[string]string{"odd": "PC1", "odd_id": "7"}); devices != "pc1;" || o.Err() != nil {
		t.Errorf("devices %q, %v", devices, o.Err())
	}
	if !slices.Contains(o.Schemas().RequiredFields(true), "odd_id") {
		t.Error("its fields are not asked for")
	}
	o.Close()
	if said, warnings := o.Messages(); len(said)+len(warnings) > 0 {
		t.Errorf("%q, %q", said, warnings)
	}
}

// One that reads rows stays.
func TestRowMapper(t *testing.T) {
	f := &fake{mapping: mapping(plugin.ProcessStart, true)}
	f.rows = func(table string, rows []plugin.Row) ([]plugin.Row, error) {
		out := make([]plugin.Row, len(rows))
		for i, r := range rows {
			out[i] = plugin.Row{"device": table + " " + r["odd"], "process_uid": "1"}
		}
		return out, nil
	}
	o := installed(map[string]*fake{"odd": f}).Open([]string{"odd"})
	if _, devices := read(t, o.Schemas(), map[string]string{"odd": "PC1"}); devices != "odd events pc1;" {
		t.Errorf("devices %q", devices)
	}
	f.rows = func(string, []plugin.Row) ([]plugin.Row, error) { return nil, errors.New("plugin odd: it ended") }
	r, devices := read(t, o.Schemas(), map[string]string{"odd": "PC1"})
	if devices != "" {
		t.Errorf("devices %q", devices)
	}
	o.Lost(r.Losses()) // of each lane
	o.Lost(r.Losses())
	if _, warnings := o.Messages(); !slices.Equal(warnings, []string{"plugin odd: it ended: because of it, malformed counts 2 events that mapper=odd was to read"}) {
		t.Errorf("warnings %q", warnings)
	}
	if f.closed.Load() != 0 {
		t.Error("it was closed too early")
	}
	o.Close()
	o.Close()
	if f.closed.Load() == 0 {
		t.Error("it was not closed")
	}
}

// A mapper that fails costs its own events, and a warning that names it.
func TestMappersThatFail(t *testing.T) {
	good := &fake{mapping: mapping(plugin.ProcessStart, false)}
	rule := mapping(plugin.ProcessStart, false)
	rule.Tables[0].Rules[0].Via = "guess"
	for name, c := range map[string]struct {
		bad  *fake
		says string
	}{
		"start":     {nil, "plugin bad: it ended before the handshake"},
		"mapping":   {&fake{mapErr: errors.New("plugin bad: it took too long")}, "plugin bad: it took too long"},
		"transform": {&fake{mapping: rule}, `plugin bad: its mapping cannot be used: schema bad: field "device" has no transform "guess"`},
		"kind":      {&fake{mapping: mapping("rumour", false)}, `plugin bad: its mapping cannot be used: table odd events: there is no kind of event "rumour"`},
	} {
		t.Run(name, func(t *testing.T) {
			fakes := map[string]*fake{"good": good, "bad": c.bad}
			if c.bad == nil {
				delete(fakes, "bad")
			}
			o := installed(fakes).Open([]string{"bad", "good"})
			_, warnings := o.Messages()
			if len(warnings) != 1 || !strings.HasPrefix(warnings[0], c.says) || !strings.HasSuffix(warnings[0], ": events that only it reads are counted as other") {
				t.Errorf("warnings %q", warnings)
			}
			if o.Err() == nil || !strings.Contains(o.Err().Error(), c.says) {
				t.Errorf("error %v", o.Err())
			}
			if _, devices := read(t, o.Schemas(), map[string]string{"odd": "PC1", "odd_id": "7"}); devices != "pc1;" {
				t.Errorf("the good one does not work: %q", devices)
			}
			o.Close()
			if c.bad != nil && c.bad.closed.Load() != 1 {
				t.Errorf("closed %d times", c.bad.closed.Load())
			}
		})
	}
}

func tree() []row.Tree {
	return []row.Tree{{Nodes: []row.Node{{Connections: []row.Connection{{IP: "192.0.2.1"}, {Host: "c2.example"}}}}}}
}

func scores(trees []row.Tree) (out []float64) {
	for _, c := range trees[0].Nodes[0].Connections {
		out = append(out, c.Verdict.Score)
	}
	return out
}

// Several enrichers together give the best; one that fails is unknown.
func TestEnrichers(t *testing.T) {
	all := func(score float64) *fake {
		return &fake{enrich: func(batch []plugin.Indicator) ([]plugin.Verdict, error) {
			out := make([]plugin.Verdict, len(batch))
			for i := range out {
				out[i].Score = score
				if batch[i].Kind == plugin.IP {
					out[i] = plugin.Verdict{}
				}
			}
			return out, nil
		}}
	}
	crash := &fake{enrich: func([]plugin.Indicator) ([]plugin.Verdict, error) {
		return nil, fmt.Errorf("plugin crash: %w (exit status 5)", host.ErrCrash)
	}}
	fakes := map[string]*fake{"low": all(10), "high": all(60), "crash": crash}
	o := installed(fakes).Open(nil)
	o.StartEnrichers([]string{"low", "gone", "high", "crash"})
	trees := tree()
	o.Judge(trees)
	if got := scores(trees); !slices.Equal(got, []float64{0, 60}) {
		t.Errorf("scores %v", got)
	}
	said, warnings := o.Messages()
	wantSaid := []string{"enrich=low: something is known of 1 of 2 indicators", "enrich=high: something is known of 1 of 2 indicators"}
	wantWarnings := []string{"plugin gone: it ended before the handshake: nothing is known through it of 2 of 2 indicators",
		"plugin crash: it ended (exit status 5): nothing is known through it of 2 of 2 indicators"}
	if !slices.Equal(said, wantSaid) || !slices.Equal(warnings, wantWarnings) {
		t.Errorf("said %q\nwarned %q", said, warnings)
	}
	o.Close()
	for name, f := range fakes {
		if f.closed.Load() != 1 {
			t.Errorf("%s was closed %d times", name, f.closed.Load())
		}
	}
}

// A run that ends does not wait for a plugin that starts; that one ends by itself.
func TestCloseWhileAnEnricherStarts(t *testing.T) {
	f, begin := &fake{}, make(chan struct{})
	in := Installed{Start: func(string, func(string)) (Running, error) { <-begin; return f, nil }}
	o := in.Open(nil)
	o.StartEnrichers([]string{"slow"})
	o.Close()
	if f.closed.Load() != 0 {
		t.Fatal("it was closed before it started")
	}
	close(begin)
	for deadline := time.Now().Add(10 * time.Second); f.closed.Load() == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it was not closed")
		}
	}
}

// Most runs name no plugin.
func TestNoPlugins(t *testing.T) {
	var o *Opened
	o.StartEnrichers(nil)
	trees := tree()
	o.Judge(trees)
	o.Lost(nil)
	o.Close()
	if said, warnings := o.Messages(); len(said)+len(warnings) > 0 || o.Schemas() != schema.BuiltIn() || o.Err() != nil {
		t.Error("no plugins are not nothing")
	}
}
