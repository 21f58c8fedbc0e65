//go:build !noremote

package cli

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/cloud/pretended"
)

// mishaps are what may befall any request.
var mishaps = []pretended.Fault{
	pretended.Drop(), pretended.DropAfter(), pretended.Cut(0), pretended.Cut(40), pretended.Cut(95), pretended.CutQuietly(0), pretended.CutQuietly(37), pretended.CutQuietly(99),
	pretended.Status(500, "oops"), pretended.Status(503, ""), pretended.Status(429, "", "Retry-After", "0"), pretended.Status(502, "<html>"), pretended.Status(504, ""),
	pretended.Status(401, `{"messages":[]}`), pretended.Status(403, ""), pretended.Status(404, ""), pretended.Status(200, ""), pretended.Status(200, "<html><p>"), pretended.Status(200, "{}"),
	pretended.Status(302, "", "Location", "https://elsewhere.example"), answerAfter(500), answerAfter(503), answerAfter(200),
	pretended.Status(400, `{"text":"Event field is required","code":12,"invalid-event-number":7}`), pretended.Status(200, `{"text":"Server is shutting down","code":23}`),
}

// answerAfter does what was asked, and answers something else.
func answerAfter(code int) pretended.Fault {
	return func(w http.ResponseWriter, r *http.Request, honest http.HandlerFunc) bool {
		honest(unheard{w.Header()}, r)
		return pretended.Status(code, "{}")(w, r, nil)
	}
}

// unheard takes an answer and says nothing.
type unheard struct{ header http.Header }

func (u unheard) Header() http.Header         { return u.header.Clone() }
func (u unheard) Write(p []byte) (int, error) { return len(p), nil }
func (u unheard) WriteHeader(int)             {}

// luck is one sequence of faults, which its seed decides.
type luck struct {
	mu     sync.Mutex
	random *rand.Rand
	odds   float64
}

func (l *luck) fault(w http.ResponseWriter, r *http.Request, honest http.HandlerFunc) bool {
	l.mu.Lock()
	hit := l.random.Float64() < l.odds
	mishap := mishaps[l.random.IntN(len(mishaps))]
	l.mu.Unlock()
	return hit && mishap(w, r, honest)
}

// Whatever befalls a run, and however often it is repeated until one succeeds, each
// finding is in the index once, or a run that could not know has said so.
func TestFaultSequences(t *testing.T) {
	hurry(t)
	remotePolicy.Settle = 0
	quiet := startWorld(t, false, nil, nil)
	clean, stderr, code := cli(quiet.args()...)
	all := quiet.written(t)
	if code != done || len(all) < 5 {
		t.Fatalf("exit %d, %s", code, stderr)
	}
	sequences, succeeded, unsure := 100, 0, 0
	if testing.Short() {
		sequences = 10
	}
	for seed := range uint64(sequences) {
		w := startWorld(t, false, nil, nil)
		w.splunkd.MaxPage, w.splunkd.Polls = int(100+seed), int(seed%3)
		l := &luck{random: rand.New(rand.NewPCG(seed, 31)), odds: []float64{0.02, 0.1, 0.2, 0.35}[seed%4]}
		w.splunkd.Fail(l.fault)
		w.collector.Fail(l.fault)
		saidSo := false
		for run := 0; ; run++ {
			if run == 40 { // it has had its chance
				l.mu.Lock()
				l.odds = 0
				l.mu.Unlock()
			}
			stdout, stderr, code := cli(w.args([][]string{nil, {"--fetch", "stream"}, {"--username", "hunter"}}[seed%3]...)...)
			saidSo = saidSo || strings.Contains(stderr, "sent again") || strings.Contains(stderr, "were refused and are not written")
			if stdout != "" && stdout != clean && !strings.Contains(stderr, "some may be missing") {
				t.Errorf("seed %d, run %d: %d bytes of rows, want %d; %s", seed, run, len(stdout), len(clean), stderr)
			}
			if code != done && !strings.Contains(stderr, "schtaskhunt: ") {
				t.Errorf("seed %d, run %d: exit %d, %s", seed, run, code, stderr)
			}
			if code == done && stdout == clean {
				break
			}
			if run > 50 {
				t.Fatalf("seed %d: no run succeeds: %s", seed, stderr)
			}
		}
		succeeded++
		if saidSo {
			unsure++
		}
		checkOnce(t, fmt.Sprintf("seed %d", seed), w.written(t), all, saidSo)
	}
	if unsure > succeeded/2 {
		t.Errorf("%d of %d could not know: that is no answer", unsure, succeeded)
	}
}

func checkOnce(t *testing.T, what string, times, all map[string]int, saidSo bool) {
	t.Helper()
	for id, n := range times {
		if all[id] == 0 || n != 1 && !saidSo {
			t.Errorf("%s: finding %s was written %d times", what, id, n)
		}
	}
	if len(times) != len(all) && !saidSo {
		t.Errorf("%s: %d of %d findings are written", what, len(times), len(all))
	}
}
