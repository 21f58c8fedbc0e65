package kusto

import (
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/cloud"
)

// The parts that a slice falls into have each moment and each device once, down to the last
// that can be cut.
func TestHalvesAreDisjointAndWhole(t *testing.T) {
	for seed := range uint64(200) {
		d := rand.New(rand.NewPCG(seed, 2))
		from := time.Unix(1_700_000_000, d.Int64N(1e9))
		whole := slice{from: from, to: from.Add(time.Duration(1 + d.Int64N(int64(90*time.Second)))), shares: 1}
		var leaves []slice
		for todo := []slice{whole}; len(todo) > 0; {
			s := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			a, b, can := s.halves()
			if !can || d.IntN(8) == 0 {
				leaves = append(leaves, s)
				continue
			}
			if !a.from.Before(a.to) || !b.from.Before(b.to) {
				t.Fatalf("seed %d: an empty half of %+v: %+v %+v", seed, s, a, b)
			}
			todo = append(todo, a, b)
		}
		for range 100 {
			at, hash := whole.from.Add(time.Duration(d.Int64N(int64(whole.to.Sub(whole.from))))), d.IntN(1<<20)
			n := 0
			for _, s := range leaves {
				if !at.Before(s.from) && at.Before(s.to) && hash%s.shares == s.share {
					n++
				}
			}
			if n != 1 {
				t.Fatalf("seed %d: %v of hash %d is in %d slices", seed, at, hash, n)
			}
		}
	}
}

// A query asks for its slice, for columns by name, and for nothing else; the user's own text
// stands as it is.
func TestQueries(t *testing.T) {
	host, _ := url.Parse("https://graph.microsoft.com")
	of := slice{from: time.Unix(0, 0), to: time.Unix(3600, 500), share: 3, shares: 4}
	for _, s := range []*Service{Defender(host, &cloud.Transport{}), Sentinel("w", host, &cloud.Transport{})} {
		for i := range s.Tables {
			q := s.query(&s.Tables[i], of)
			for _, want := range []string{s.time + " >= datetime(1970-01-01T00:00:00.0000000Z)", "< datetime(1970-01-01T01:00:00.0000005Z)", ", 4) == 3", "| project " + s.time} {
				if !strings.Contains(q, want) {
					t.Errorf("%s lacks %q: %s", s.Tables[i].Name, want, q)
				}
			}
			if strings.Count(q, "(") != strings.Count(q, ")") || strings.Count(q, `"`)%2 != 0 || strings.Contains(q, "%!") {
				t.Errorf("broken: %s", q)
			}
		}
		own := Own("  MyTable | where x > 1 \n")
		if q := s.query(&own, of); !strings.HasPrefix(q, "MyTable | where x > 1\n| where ") || strings.Contains(q, "project") {
			t.Error(q)
		}
	}
}

func TestReadAnswers(t *testing.T) {
	for text, want := range map[string]answer{
		`{"tables":[{"name":"PrimaryResult","columns":[{"name":"a"}],"rows":[["1"],["2"]]}]}`:                                    {rows: 2},
		`{"schema":[],"results":[{"a":1},{"a":2},{}]}`:                                                                           {rows: 3},
		`{"tables":[{"rows":[[1]]}],"error":{"code":"PartialError","message":"m","details":[{"code":"E","message":"too big"}]}}`: {rows: 1, partial: "PartialError m E too big"},
		`{"results":[]}`: {},
	} {
		got, err := read([]byte(text))
		if err != nil || got.rows != want.rows || got.partial != want.partial || string(got.body) != text {
			t.Errorf("%s: %+v %v", text, got, err)
		}
	}
	if _, err := read([]byte(`{"results":7}`)); err == nil {
		t.Error("an answer of another form is taken")
	}
}
