package plugintest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/schtaskhunt/schtaskhunt/plugin"
	"github.com/schtaskhunt/schtaskhunt/plugin/host"
)

// The test binary is also the plugins that the checks are tried on: under the name
// of one it does what that one does.
func TestMain(m *testing.M) {
	if p, isPlugin := bad[filepath.Base(os.Args[0])]; isPlugin {
		plugin.Serve(plugin.Info{Name: "bad", Version: p.version}, p.plugin)
	}
	os.Exit(m.Run())
}

// bad has plugins with the checks that must find something: none for the good ones.
var bad = map[string]struct {
	version string
	plugin  any
	found   []string
}{
	"good-enricher": {"1", enricherFunc(honest), nil},
	"no-version":    {"", enricherFunc(honest), []string{"handshake"}},
	"moody":         {"1", enricherFunc(moody), []string{"the same answers again", "answers do not depend on the batch", "big batch", "hostile indicators", "calls at the same time", "cancelled call"}},
	"by-place":      {"1", enricherFunc(byPlace), []string{"answers do not depend on the batch", "big batch"}},
	"by-process":    {"1", enricherFunc(byProcess), []string{"the same answers again"}},
	"strict":        {"1", enricherFunc(strict), []string{"hostile indicators"}},
	"needs-one":     {"1", enricherFunc(needsOne), []string{"empty batch"}},
	"small":         {"1", enricherFunc(small), []string{"big batch", "cancelled call"}},
	"one-at-a-time": {"1", enricherFunc(oneAtATime), []string{"calls at the same time"}},
	"gives-up":      {"1", enricherFunc(givesUp), []string{"cancelled call"}},

	"good-mapper":   {"1", rowMapper{honestRow}, nil},
	"by-place-rows": {"1", rowMapper{rowByPlace}, []string{"rows do not depend on the batch", "big batch"}},
	"strict-rows":   {"1", rowMapper{strictRow}, []string{"hostile rows"}},
}

func TestChecksFindWhatIsBad(t *testing.T) {
	self, err := os.ReadFile(executable(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range bad {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // nearly all of it is waiting for processes to end
			program := filepath.Join(t.TempDir(), name)
			if err := os.WriteFile(program, self, 0o755); err != nil {
				t.Fatal(err)
			}
			var found []string
			kind := host.KindEnricher
			_, isMapper := p.plugin.(plugin.Mapper)
			if isMapper {
				kind = host.KindMapper
			}
			g, err := newTarget(program, kind, nil, func(string, ...any) {})
			if err != nil {
				t.Fatal(err)
			}
			if isMapper {
				found = run(mapperChecks, g, tables{"rows": {{"a": "1"}, {"a": "2"}, {"b": "3"}}})
			} else {
				found = run(enricherChecks, g, indicators{{Kind: plugin.IP, Value: "1"}, {Kind: plugin.Domain, Value: "22"}, {Kind: plugin.IP, Value: "333"}})
			}
			slices.Sort(found)
			slices.Sort(p.found)
			if !slices.Equal(found, p.found) {
				t.Errorf("found %q, want %q", found, p.found)
			}
		})
	}
}

func TestSamplesMustFitTheMapping(t *testing.T) {
	program := filepath.Join(t.TempDir(), "good-mapper")
	self, err := os.ReadFile(executable(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(program, self, 0o755); err != nil {
		t.Fatal(err)
	}
	g, err := newTarget(program, host.KindMapper, nil, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	for _, samples := range []tables{nil, {"rows": {{}}}, {"rows": {{}, {}}, "other": {{}, {}}}, {"rows": {{}, {}}, "data": {{}, {}}}} {
		if samplesFit(g, samples) == nil {
			t.Errorf("%v is found to fit", samples)
		}
	}
}

func executable(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// run returns the names of the checks that find something.
func run[S any](checks []check[S], g target, samples S) (found []string) {
	for _, c := range checks {
		if err := c.run(g, samples); err != nil {
			found = append(found, c.name)
		}
	}
	return found
}

type enricherFunc func(context.Context, indicators) ([]plugin.Verdict, error)

func (f enricherFunc) Enrich(ctx context.Context, batch indicators) ([]plugin.Verdict, error) {
	return f(ctx, batch)
}

// score gives short values a verdict.
func score(batch indicators, of func(i int) float64) []plugin.Verdict {
	out := make([]plugin.Verdict, len(batch))
	for i := range batch {
		out[i].Score = of(i)
	}
	return out
}

func honest(_ context.Context, batch indicators) ([]plugin.Verdict, error) {
	return score(batch, func(i int) float64 { return float64(min(len(batch[i].Value), 100)) }), nil
}

var calls atomic.Int64

func moody(_ context.Context, batch indicators) ([]plugin.Verdict, error) {
	n := calls.Add(1)
	return score(batch, func(int) float64 { return float64(n % 100) }), nil
}

func byPlace(_ context.Context, batch indicators) ([]plugin.Verdict, error) {
	return score(batch, func(i int) float64 { return float64(i % 7) }), nil
}

func byProcess(_ context.Context, batch indicators) ([]plugin.Verdict, error) {
	return score(batch, func(int) float64 { return float64(os.Getpid() % 101) }), nil
}

func strict(ctx context.Context, batch indicators) ([]plugin.Verdict, error) {
	for _, i := range batch {
		if !utf8.ValidString(i.Value) {
			return nil, fmt.Errorf("%q is no UTF-8", i.Value)
		}
	}
	return honest(ctx, batch)
}

func needsOne(ctx context.Context, batch indicators) ([]plugin.Verdict, error) {
	if len(batch) == 0 {
		return nil, errors.New("nothing to do")
	}
	return honest(ctx, batch)
}

func small(ctx context.Context, batch indicators) ([]plugin.Verdict, error) {
	if len(batch) > 1000 {
		os.Exit(1)
	}
	return honest(ctx, batch)
}

// oneAtATime fails when calls overlap, which it takes some time for. Big batches it
// lets be: one that was cancelled may still be at work in the plugin when the host has
// gone on to the next call, which is no fault that the check of calls at once has found.
func oneAtATime(ctx context.Context, batch indicators) ([]plugin.Verdict, error) {
	if len(batch) == bigBatch {
		return honest(ctx, batch)
	}
	defer calls.Add(-1)
	if calls.Add(1) > 1 {
		return nil, errors.New("busy")
	}
	time.Sleep(20 * time.Millisecond)
	return honest(ctx, batch)
}

// givesUp is of no use any more once a call was cancelled. It takes so long that a
// quarter of it is more than a batch needs to arrive on a busy machine.
func givesUp(ctx context.Context, batch indicators) ([]plugin.Verdict, error) {
	if len(batch) == bigBatch {
		select {
		case <-ctx.Done():
			os.Exit(1)
		case <-time.After(time.Second):
		}
	}
	return honest(ctx, batch)
}

// rowMapper has a table by data and one whose rows it maps one by one.
type rowMapper struct {
	row func(i int, row plugin.Row) (plugin.Row, error)
}

func (rowMapper) Mapping(context.Context) (plugin.Mapping, error) {
	return plugin.Mapping{
		Gate: [][]plugin.Condition{{{Fields: []string{"a", "b"}, Test: plugin.TestPresent}}},
		Tables: []plugin.Table{
			{Name: "rows", Kind: plugin.ProcessStart, ByPlugin: true, When: []plugin.Condition{{Fields: []string{"a"}, Test: plugin.TestPresent}}},
			{Name: "data", Kind: plugin.ProcessEnd, Rules: []plugin.Rule{{To: "device", From: []string{"b"}}}},
		},
	}, nil
}

func (m rowMapper) MapRows(_ context.Context, _ string, rows []plugin.Row) (out []plugin.Row, err error) {
	out = make([]plugin.Row, len(rows))
	for i, row := range rows {
		if out[i], err = m.row(i, row); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func honestRow(_ int, row plugin.Row) (plugin.Row, error) {
	if row["a"] == "" {
		return nil, nil
	}
	return plugin.Row{"device": row["a"]}, nil
}

func rowByPlace(i int, row plugin.Row) (plugin.Row, error) {
	return plugin.Row{"device": row["a"], "process_id": fmt.Sprint(i % 5)}, nil
}

func strictRow(i int, row plugin.Row) (plugin.Row, error) {
	if strings.Contains(row["a"], "\x00") {
		return nil, errors.New("a NUL")
	}
	return honestRow(i, row)
}
