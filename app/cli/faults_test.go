//go:build !noremote

package cli

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/cloud"
	"github.com/schtaskhunt/schtaskhunt/app/cloud/pretended"
)

// step is a request of a run, by what it is for.
type step struct {
	name, method, suffix string
	flags                []string
	lookup               bool // only of searches for findings, or only of others
	hec                  bool
	term                 bool   // of a run that TERM ends while the search runs
	before               string // the request that comes before it, as method and end of the path; "" when it is the first
}

var steps = []step{
	{name: "login", method: "POST", suffix: "/auth/login", flags: []string{"--username", "hunter"}},
	{name: "create", method: "POST", suffix: "/jobs"},
	{name: "status", method: "GET", suffix: "", before: "POST /jobs"},
	{name: "results", method: "GET", suffix: "/results", before: "GET "},
	{name: "export", method: "POST", suffix: "/export", flags: []string{"--fetch", "stream"}},
	{name: "cancel", method: "POST", suffix: "/control", before: "GET /results"},
	{name: "cancel, TERM", method: "POST", suffix: "/control", term: true},
	{name: "HEC", method: "POST", suffix: "/collector/event", hec: true},
	{name: "lookup", method: "POST", suffix: "/jobs", lookup: true, before: "POST /control"},
}

// is reports whether a request is of the step.
func (s step) is(r *http.Request) bool {
	if r.Method != s.method || !strings.HasSuffix(r.URL.Path, s.suffix) {
		return false
	}
	if s.suffix == "" && strings.HasSuffix(r.URL.Path, "/results") {
		return false
	}
	return s.suffix != "/jobs" || strings.Contains(r.FormValue("search"), "TERM(") == s.lookup
}

// at limits a fault to the step, and counts how often it is used.
func (s step) at(f pretended.Fault, used *atomic.Int64) pretended.Fault {
	return func(w http.ResponseWriter, r *http.Request, honest http.HandlerFunc) bool {
		if !s.is(r) {
			return false
		}
		used.Add(1)
		return f(w, r, honest)
	}
}

// answer is how a server answers that does not behave.
type answer struct {
	name  string
	fault pretended.Fault
	wait  func(tries int) (least, most time.Duration) // with the default policy
}

var answers = []answer{
	{"200, a web page", pretended.Status(200, "<!DOCTYPE html>\n<html><body>\n<p>Log in, please\n</body></html>\n"), backOffs},
	{"200, empty", pretended.Status(200, ""), backOffs},
	{"401", pretended.Status(401, `{"messages":[{"type":"WARN","text":"call not properly authenticated"}]}`), backOffs},
	{"403", pretended.Status(403, `{"messages":[{"type":"WARN","text":"insufficient permission"}]}`), backOffs},
	{"404", pretended.Status(404, `{"messages":[{"type":"FATAL","text":"Unknown sid."}]}`), backOffs},
	{"429, Retry-After: 1", pretended.Status(429, "", "Retry-After", "1"), everySecond},
	{"429", pretended.Status(429, ""), backOffs},
	{"500", pretended.Status(500, `{"messages":[{"type":"ERROR","text":"internal error"}]}`), backOffs},
	{"503", pretended.Status(503, `{"messages":[{"type":"ERROR","text":"too busy"}]}`), backOffs},
	{"cut", pretended.Fault(func(w http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) bool {
		w.Header().Set("Content-Length", "5000")
		_, _ = w.Write([]byte(`{"sid":"x`))
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}), backOffs},
	{"drip", pretended.Drip(`{"entry":[`, 10*time.Millisecond), silences},
	{"silence", pretended.Hang(), silences},
	{"redirect", pretended.Status(302, "", "Location", "https://elsewhere.example/services"), backOffs},
	{"gzip bomb", pretended.Bomb(`{"messages":[{"type":"INFO","text":"x"}]},`+"\n", 40<<20), backOffs},
	{"wrong certificate", nil, backOffs},
}

// backOffs are the waits between tries: each is half chance.
func backOffs(tries int) (least, most time.Duration) {
	wait := cloud.DefaultPolicy.Base
	for range tries - 1 {
		most += wait
		wait = min(2*wait, cloud.DefaultPolicy.Most)
	}
	return most / 2, most
}

func everySecond(tries int) (least, most time.Duration) {
	n := time.Duration(tries - 1)
	return n * time.Second, n * (time.Second + cloud.DefaultPolicy.Base)
}

func silences(tries int) (least, most time.Duration) {
	least = min(time.Duration(tries)*cloud.DefaultPolicy.Silence, cloud.DefaultPolicy.Patience)
	return least, cloud.DefaultPolicy.Patience
}

// outcome is what came of a run at which a server did not behave.
type outcome struct {
	child
	tries int
	world *world
}

// misbehave runs once with an answer at a step, whenever it is asked there.
func misbehave(t *testing.T, s step, a answer) outcome {
	t.Helper()
	switch {
	case s.term:
		return terminated(t, s, a)
	case a.fault == nil:
		return mistrusted(t, s)
	}
	w := startWorld(t, false, nil, nil)
	var tries atomic.Int64
	if s.hec {
		w.collector.Fail(s.at(a.fault, &tries))
	} else {
		w.splunkd.Fail(s.at(a.fault, &tries))
	}
	c := runChild(t, w.args(s.flags...)...)
	return outcome{c, int(tries.Load()), w}
}

// What differs from run to run in a message.
var (
	portOf   = regexp.MustCompile(`127\.0\.0\.1:\d+`)
	jobOf    = regexp.MustCompile(`schtaskhunt_[0-9a-f]{32}`)
	amountOf = regexp.MustCompile(`\d+ bytes in [0-9.]+m?s`)
	resetOf  = regexp.MustCompile(`read tcp [0-9.:]+->[0-9.:]+: read: connection reset by peer`)
)

// message is what the run said, as the table has it: why it failed, else its warnings.
func (o outcome) message() string {
	var said []string
	interrupted := strings.Contains(o.stderr, "schtaskhunt: interrupted")
	for line := range strings.Lines(o.stderr) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "schtaskhunt: events=") { // the ledger
			continue
		}
		if o.code == failed && strings.HasPrefix(line, "schtaskhunt: ") || (o.code == done || interrupted) && strings.HasPrefix(line, "warning: ") {
			said = append(said, strings.TrimPrefix(line, "schtaskhunt: "))
		}
	}
	text := resetOf.ReplaceAllString(strings.Join(said, "; "), "unexpected EOF")
	text = portOf.ReplaceAllString(text, "127.0.0.1:PORT")
	return amountOf.ReplaceAllString(jobOf.ReplaceAllString(text, "schtaskhunt_ID"), "N bytes in T")
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.0f", d.Seconds()) }

// line is the outcome's in the table.
func (o outcome) line(s step, a answer) string {
	least, most := a.wait(max(1, o.tries))
	if s.name == "cancel" { // of the search, and of two lookups: each has its own time
		least, most = a.wait(max(1, o.tries/3))
		least, most = 3*min(least, cloud.DefaultPolicy.Farewell), 3*min(most, cloud.DefaultPolicy.Farewell)
	}
	if s.term {
		least, most = min(least, cloud.DefaultPolicy.Farewell), min(most, cloud.DefaultPolicy.Farewell)
	}
	took := seconds(least)
	if seconds(most) != took {
		took += " to " + seconds(most)
	}
	tell := o.message()
	if tell == "" {
		tell = "(nothing: all rows, all findings)"
	}
	return fmt.Sprintf("| %s | %s | %d | %d | %s | %s |\n", s.name, a.name, o.code, o.tries, took, strings.ReplaceAll(tell, "|", `\|`))
}

const faultsPage = "../../docs/faults.md"

// faultsMark begins the part of the page that app/trial/plugins writes, of plugins and lists.
const faultsMark = "\n# What becomes of a plugin that does not behave\n"

const faultsHead = `# What becomes of a server that does not behave

Each line is a run of ` + "`schtaskhunt remote --findings hec`" + ` against a server that gives one answer at one step, whenever it is
asked there. A test makes this table (` + "`app/cli`, `TestFaults`" + `) and checks of each run: it ends; it holds no more than ` + "`max_mem_mb`" + `
(128 here) and 64 MB; rows are all printed or none, or the run fails; no finding is written twice; a next run, when
the server behaves again, has every finding in the index exactly once; no secret is in any message.

*Tries* is how often that answer was given. *Seconds* is what that takes by the policy's waits and limits as they are by
default (docs/remote.md), of which the test's are a small part: half of each wait is chance. A cancel that fails after a search that was
fetched costs a warning, and the time in which it was tried: splunkd ends the search by itself. *cancel, TERM* is of a run that is told to
end while its search runs.

| step | answer | exit status | tries | seconds | message |
|---|---|---|---|---|---|
`

// Whatever a server answers wherever it is asked: nothing is doubled, nothing lost in
// silence, and the run ends in time and memory.
func TestFaults(t *testing.T) {
	quiet := startWorld(t, false, nil, nil)
	clean := runChild(t, quiet.args()...)
	all := quiet.written(t)
	if clean.code != done || len(all) < 5 || strings.Count(clean.stdout, "\n") < 5 {
		t.Fatalf("exit %d, %d findings; %s", clean.code, len(all), clean.stderr)
	}
	lines := make([]string, len(steps)*len(answers))
	t.Run("all", func(t *testing.T) {
		for i, s := range steps {
			for j, a := range answers {
				if testing.Short() && (i+j)%5 != 0 {
					continue
				}
				t.Run(s.name+"/"+a.name, func(t *testing.T) {
					t.Parallel()
					o := misbehave(t, s, a)
					o.check(t, clean, all)
					lines[i*len(answers)+j] = o.line(s, a)
				})
			}
		}
	})
	if t.Failed() || slices.Contains(lines, "") { // some were left out
		return
	}
	have, err := os.ReadFile(faultsPage)
	if err != nil {
		t.Fatal(err)
	}
	page := []byte(faultsHead + strings.Join(lines, ""))
	if at := bytes.Index(have, []byte(faultsMark)); at >= 0 {
		page = append(page, have[at:]...)
	}
	if os.Getenv("UPDATE_FAULTS") != "" {
		if err := os.WriteFile(faultsPage, page, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if os.Getenv("UPDATE_FAULTS") == "" && !bytes.Equal(have, page) {
		t.Errorf("docs/faults.md is not what the runs say; UPDATE_FAULTS=1 writes it anew:\n%s", differing(string(have), string(page)))
	}
}

// differing are the lines that only one of two texts has.
func differing(a, b string) (out string) {
	have, want := strings.Split(a, "\n"), strings.Split(b, "\n")
	for _, line := range have {
		if !slices.Contains(want, line) {
			out += "- " + line + "\n"
		}
	}
	for _, line := range want {
		if !slices.Contains(have, line) {
			out += "+ " + line + "\n"
		}
	}
	return out
}

// check checks what holds for every run.
func (o outcome) check(t *testing.T, clean child, all map[string]int) {
	t.Helper()
	if o.code != done && o.code != failed || o.code == failed && !strings.Contains(o.stderr, "schtaskhunt: ") {
		t.Errorf("exit %d, %s", o.code, o.stderr)
	}
	lacks := o.code == done && strings.Contains(o.stderr, "some may be missing")
	if o.stdout != "" && o.stdout != clean.stdout && !lacks || o.code == done && o.stdout == "" {
		t.Errorf("exit %d: %d bytes of rows, want %d or none; %s", o.code, len(o.stdout), len(clean.stdout), o.stderr)
	}
	if o.seconds > 30 {
		t.Errorf("it took %.1f s", o.seconds)
	}
	if most := detected * int64(faultMemory+64) << 20; o.memory > most {
		t.Errorf("it held %d MB, and may hold %d; undisturbed it was %d MB", o.memory>>20, most>>20, clean.memory>>20)
	}
	for _, secret := range []string{token, hecToken, password} {
		if strings.Contains(o.stderr, secret) {
			t.Errorf("a secret is in %s", o.stderr)
		}
	}
	o.once(t, all, o.code == done && !lacks)
	if o.code == done && !lacks {
		return
	}
	o.world.splunkd.Behave()
	o.world.collector.Behave()
	if again := runChild(t, o.world.args()...); again.code != done || again.stdout != clean.stdout {
		t.Errorf("the next run: exit %d, %s", again.code, again.stderr)
	}
	o.once(t, all, true)
}

// once checks that no finding is there twice, and, when whole, that all are.
func (o outcome) once(t *testing.T, all map[string]int, whole bool) {
	t.Helper()
	times := o.world.written(t)
	for id, n := range times {
		if n != 1 || all[id] == 0 {
			t.Errorf("finding %s was written %d times", id, n)
		}
	}
	if whole && len(times) != len(all) {
		t.Errorf("%d of %d findings are written", len(times), len(all))
	}
}
