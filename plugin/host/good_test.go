package host

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/plugin"
)

// randomText returns text with anything in it, sometimes empty, sometimes long.
func randomText(r *rand.Rand) string {
	b := make([]byte, r.IntN(20)*r.IntN(10))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return string(b)
}

// Verdicts arrive as the plugin gave them, each at the place of its indicator.
func TestVerdictsArrive(t *testing.T) {
	p := start(t, "enricher", map[string]string{"do": "echo"})
	if got, want := p.Info(), (plugin.Info{Name: "tester", Version: "1.2"}); got != want {
		t.Errorf("info %+v", got)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 2, 1000} {
		want, batch := make([]plugin.Verdict, n), make([]plugin.Indicator, n)
		for i := range want {
			want[i] = plugin.Verdict{Score: float64(r.IntN(1001)) / 10, Label: strings.ToValidUTF8(randomText(r), "?"),
				Source: strings.Repeat("s", r.IntN(maxLabel+1)), TTL: time.Duration(r.Int64N(int64(maxTTL) + 1))}
			value, err := json.Marshal(want[i])
			if err != nil {
				t.Fatal(err)
			}
			if len(want[i].Label) > maxLabel {
				want[i].Label = ""
				value, _ = json.Marshal(want[i])
			}
			batch[i] = plugin.Indicator{Kind: plugin.IP, Value: string(value)}
		}
		got, err := p.Enrich(context.Background(), batch)
		if err != nil || len(got) != n || n > 0 && !reflect.DeepEqual(got, want) {
			t.Fatalf("%d: got %v, %v, want %v", n, got, err, want)
		}
	}
}

func TestTimeToLiveIsCapped(t *testing.T) {
	p := start(t, "enricher", map[string]string{"do": "echo"})
	got, err := p.Enrich(context.Background(), []plugin.Indicator{{Value: `{"Score":1,"TTL":9223372036854775807}`}})
	if err != nil || got[0].TTL != maxTTL {
		t.Errorf("got %v, %v", got, err)
	}
}

// A batch that is too large for one message goes out in parts, and comes back whole.
func TestLargeBatchesGoInParts(t *testing.T) {
	p := start(t, "enricher", map[string]string{"do": "echo"})
	batch := make([]plugin.Indicator, 5)
	for i := range batch {
		batch[i].Value = `{"Score":` + string(rune('1'+i)) + `}` + strings.Repeat(" ", 9<<20)
	}
	batch[3].Value = strings.Repeat("x", maxPart+1) // no JSON: an error, were it sent
	got, err := p.Enrich(context.Background(), batch)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{1, 2, 3, 0, 5} {
		if got[i].Score != want {
			t.Errorf("score %d is %v, want %v", i, got[i].Score, want)
		}
	}
}

func TestEachPart(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 1000 {
		sizes := make([]int, r.IntN(12))
		for i := range sizes {
			sizes[i] = r.IntN(12)
		}
		const limit = 10
		var seen []int
		err := eachPart(len(sizes), func(i int) int { return sizes[i] }, limit, func(from, to int) error {
			sum := 0
			for i := from; i < to; i++ {
				seen = append(seen, i)
				sum += sizes[i]
			}
			if sum > limit || from == to && len(sizes) > 0 {
				t.Fatalf("%v: part %d:%d", sizes, from, to)
			}
			return nil
		})
		var want []int
		for i, s := range sizes {
			if s <= limit {
				want = append(want, i)
			}
		}
		if err != nil || !reflect.DeepEqual(seen, want) {
			t.Fatalf("%v: parts of %v, want %v, %v", sizes, seen, want, err)
		}
	}
}

func mapper(t *testing.T, m plugin.Mapping) *Plugin {
	t.Helper()
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return start(t, "mapper", map[string]string{"mapping": string(text)})
}

// goodMapping has something in every field.
func goodMapping() plugin.Mapping {
	is := plugin.Condition{Fields: []string{"a", "b"}, Test: plugin.TestIs, Values: []string{"x", "y"}}
	there := plugin.Condition{Fields: []string{"ü"}, Test: plugin.TestPresent}
	return plugin.Mapping{
		Unknown: "-",
		Gate:    [][]plugin.Condition{{is, there}, {there}},
		Tables: []plugin.Table{
			{Name: "start", Kind: plugin.ProcessStart, When: []plugin.Condition{is}, Rules: []plugin.Rule{
				{To: "device", From: []string{"aid", "host"}, Else: []string{"z"}, Via: "device", Optional: true}, {To: "time", From: []string{"t"}}}},
			{Name: "other", Kind: plugin.NameLookup, ByPlugin: true},
		},
	}
}

func TestMappingArrives(t *testing.T) {
	want := goodMapping()
	got, err := mapper(t, want).Mapping(context.Background())
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v\nwant %+v", got, err, want)
	}
}

func TestMappingsThatCannotBe(t *testing.T) {
	long := strings.Repeat("x", maxField+1)
	for what, change := range map[string]func(*plugin.Mapping){
		"no gate":           func(m *plugin.Mapping) { m.Gate = nil },
		"no tables":         func(m *plugin.Mapping) { m.Tables = nil },
		"open gate":         func(m *plugin.Mapping) { m.Gate[0] = nil },
		"test":              func(m *plugin.Mapping) { m.Gate[0][0].Test = "matches" },
		"no field":          func(m *plugin.Mapping) { m.Tables[0].When[0].Fields = nil },
		"long value":        func(m *plugin.Mapping) { m.Tables[0].When[0].Values[0] = long },
		"kind":              func(m *plugin.Mapping) { m.Tables[0].Kind = "file" },
		"table's name":      func(m *plugin.Mapping) { m.Tables[0].Name = "" },
		"twice":             func(m *plugin.Mapping) { m.Tables[0].Name = "other" },
		"rule's field":      func(m *plugin.Mapping) { m.Tables[0].Rules[0].From[0] = "" },
		"canonical field":   func(m *plugin.Mapping) { m.Tables[0].Rules[0].To = long },
		"too many tables":   func(m *plugin.Mapping) { m.Tables = make([]plugin.Table, maxList+1) },
		"too many in a row": func(m *plugin.Mapping) { m.Gate[0][0].Fields = make([]string, maxList+1) },
	} {
		m := goodMapping()
		if err := checkMapping(m); err != nil {
			t.Fatal(err)
		}
		if change(&m); checkMapping(m) == nil {
			t.Errorf("%s: nothing is wrong with it", what)
		}
	}
}

// Rows come back as they went out, whatever is in them.
func TestRowsArrive(t *testing.T) {
	p := mapper(t, goodMapping())
	r := rand.New(rand.NewPCG(5, 6))
	for _, n := range []int{0, 1, 3, 2000} {
		rows := make([]plugin.Row, n)
		for i := range rows {
			rows[i] = plugin.Row{}
			for range r.IntN(6) {
				rows[i]["f"+randomText(r)] = randomText(r)
			}
		}
		got, err := p.MapRows(context.Background(), "same", rows)
		if err != nil || !reflect.DeepEqual(got, rows) {
			t.Fatalf("%d rows: %v", n, err)
		}
	}
	got, err := p.MapRows(context.Background(), "none", []plugin.Row{{"a": "b"}, {}})
	if err != nil || !reflect.DeepEqual(got, make([]plugin.Row, 2)) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestRowsThatCannotBe(t *testing.T) {
	for _, table := range []string{"short", "long value", "long name"} {
		p := mapper(t, goodMapping())
		if got, err := p.MapRows(context.Background(), table, []plugin.Row{{"a": "b"}, {}}); err == nil {
			t.Errorf("%s: %v", table, len(got))
		}
	}
}

// Scores are numbers that people read, whatever a plugin computes them as.
func TestScoresAreReadable(t *testing.T) {
	for score, want := range map[float64]string{math.Copysign(0, -1): "0", 5e-324: "0", 33.333333333333336: "33.33", 99.999: "100", 0.1 + 0.2: "0.3", 100: "100", 7: "7"} {
		if got := fmt.Sprint(readable(score)); got != want {
			t.Errorf("%v becomes %s, want %s", score, got, want)
		}
	}
}
