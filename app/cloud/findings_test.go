package cloud

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/cloud/pretended"
	"github.com/schtaskhunt/schtaskhunt/app/row"
)

var connections = row.HeaderOf(row.Connections)

// rows are n connections of one process, with what an attacker may write.
func rows(n int) (out []row.Row) {
	for i := range n {
		values := make([]string, len(connections.Names))
		for name, v := range map[string]string{
			"_time": fmt.Sprintf("1700000000.%07d", i), "row": "connection", "device": "PC-1", "tree_id": "t", "node_id": "n",
			"remote_ip": fmt.Sprintf("192.0.2.%d", i), "remote_port": "443", "direction": "outbound", "action": "x",
			"process": "cmd /c \"\x1b[2J\n\\<>&\u2028", "connection_count": "3", "edge": "guid",
		} {
			values[connections.Index(name)] = v
		}
		out = append(out, connections.Row(values))
	}
	return out
}

func set(r row.Row, column, value string) row.Row {
	values := slices.Clone(r.Values)
	values[connections.Index(column)] = value
	return connections.Row(values)
}

// The id of a finding is that of what it is about, not of what was counted.
func TestFindingIDs(t *testing.T) {
	r := rows(1)[0]
	id := func(r row.Row) string { return Findings(connections.Names, []row.Row{r})[0].ID }
	for _, column := range []string{"connection_count", "last_seen", "_time", "root_devices", "edge", "process"} {
		if id(r) != id(set(r, column, "changed")) {
			t.Errorf("%s is part of the id", column)
		}
	}
	for _, column := range identity {
		if id(r) == id(set(r, column, "changed")) {
			t.Errorf("%s is no part of the id", column)
		}
	}
	if id(set(set(r, "remote_host", "a1:b"), "direction", "")) == id(set(set(r, "remote_host", "a"), "direction", "b")) {
		t.Error("parts run into each other")
	}
	if f := Findings(connections.Names, []row.Row{r, r, set(r, "edge", "pid_time")}); len(f) != 1 {
		t.Errorf("%d findings of one", len(f))
	}
}

// collector starts a splunkd and a collector whose index it searches.
func collector(t *testing.T, c *pretended.Collector) (*HEC, *pretended.Splunkd) {
	t.Helper()
	c.Token, c.Index = "hec-"+testToken, "findings"
	pretended.StartCollector(t, c)
	server := &pretended.Splunkd{Findings: c}
	search := splunkd(t, server)
	return &HEC{Address: at(t, c.URL), Index: c.Index, Transport: transport(Token{"Splunk", NewSecret(c.Token)}), Search: search}, server
}

// eachOnce checks that every finding was taken, and once.
func eachOnce(t *testing.T, events []string, findings []Finding) {
	t.Helper()
	seen := map[string]int{}
	for _, text := range events {
		var e map[string]string
		if err := json.Unmarshal([]byte(text), &e); err != nil {
			t.Fatal(err)
		}
		seen[e["row_id"]]++
	}
	if len(events) != len(findings) {
		t.Errorf("%d events for %d findings", len(events), len(findings))
	}
	for _, f := range findings {
		if seen[f.ID] != 1 {
			t.Errorf("finding %s was written %d times", f.ID, seen[f.ID])
		}
	}
}

// Whatever breaks, every finding arrives once, also over two runs.
func TestFindingsArriveOnce(t *testing.T) {
	findings := Findings(connections.Names, rows(1200)) // more than two batches
	for name, f := range map[string]pretended.Fault{
		"none":            pretended.Drop().Times(0),
		"busy":            pretended.Status(503, `{"text":"Server is busy","code":9}`).Times(3),
		"429":             pretended.Status(429, "", "Retry-After", "0").Times(2).After(1),
		"dropped unheard": pretended.DropAfter().Times(2),
		"dropped":         pretended.Drop().Times(2).After(1),
		"answer cut":      pretended.Cut(30).Times(1),
		"500":             pretended.Status(500, `{"text":"Internal server error","code":8}`).Times(1),
	} {
		t.Run(name, func(t *testing.T) {
			c := &pretended.Collector{Slow: 2}
			store, server := collector(t, c)
			c.Fail(f)
			d, err := Deliver(t.Context(), store, findings, hasty)
			if err != nil || d.Written != len(findings) || d.Known != 0 || d.Missing != 0 {
				t.Errorf("%+v, %v", d, err)
			}
			eachOnce(t, c.Events(), findings)
			d, err = Deliver(t.Context(), store, findings, hasty)
			if err != nil || d.Written != 0 || d.Known != len(findings) {
				t.Errorf("the second run: %+v, %v", d, err)
			}
			eachOnce(t, c.Events(), findings)
			if jobs, cancelled := server.Started(); jobs != cancelled {
				t.Errorf("%d of %d lookups were left behind", jobs-cancelled, jobs)
			}
		})
	}
}

// A run that dies in the middle is finished by the next.
func TestSecondRunFinishesTheFirst(t *testing.T) {
	findings := Findings(connections.Names, rows(1200))
	c := &pretended.Collector{}
	store, _ := collector(t, c)
	c.Fail(pretended.Status(403, `{"text":"Token disabled","code":1}`).Times(1).After(1))
	_, err := Deliver(t.Context(), store, findings, hasty)
	mustFail(t, err, "of 1200 are written", "Token disabled")
	first := len(c.Events())
	d, err := Deliver(t.Context(), store, findings, hasty)
	if err != nil || first == 0 || d.Written != 1200-first || d.Known != first {
		t.Errorf("%+v, %v", d, err)
	}
	eachOnce(t, c.Events(), findings)
}

// The search that looks findings up extracts the id from what was really sent.
func TestLookupExtractsTheID(t *testing.T) {
	h := &HEC{Index: "findings"}
	f := Findings(connections.Names, rows(1))[0]
	text, err := h.encode(f)
	if err != nil {
		t.Fatal(err)
	}
	_, pattern, _ := strings.Cut(h.lookup([]string{f.ID}), `rex field=_raw "`)
	pattern, _, _ = strings.Cut(pattern, `" |`)
	m := regexp.MustCompile(strings.ReplaceAll(pattern, `\"`, `"`)).FindSubmatch(text)
	if m == nil || string(m[1]) != f.ID {
		t.Errorf("%s finds %q in %s", pattern, m, text)
	}
	if !json.Valid(text) || bytes.ContainsAny(text, "\x1b\n") {
		t.Errorf("not one line of JSON: %q", text)
	}
}

// What is accepted and never found is said: the search may not see that index.
func TestFindingsThatAreNeverFound(t *testing.T) {
	c := &pretended.Collector{Slow: 1 << 30}
	store, _ := collector(t, c)
	d, err := Deliver(t.Context(), store, Findings(connections.Names, rows(3)), hasty)
	if err != nil || d.Written != 3 || d.Missing != 3 {
		t.Errorf("%+v, %v", d, err)
	}
}

func TestRefusedFindings(t *testing.T) {
	for name, c := range map[string]struct {
		index, token, want string
		fault              pretended.Fault
	}{
		"index":    {"other", "", "Incorrect index", nil},
		"token":    {"findings", "wrong token", "Invalid token", nil},
		"redirect": {"findings", "", "redirects to", pretended.Status(302, "", "Location", "http://evil.example/")},
		"echo": {"findings", "", hidden, func(w http.ResponseWriter, r *http.Request, _ http.HandlerFunc) bool {
			return pretended.Status(400, r.Header.Get("Authorization"))(w, r, nil)
		}},
		"silent": {"findings", "", "sent nothing", pretended.Hang()},
	} {
		t.Run(name, func(t *testing.T) {
			server := &pretended.Collector{}
			store, _ := collector(t, server)
			store.Index = c.index
			if c.token != "" {
				store.Transport.Auth = Token{"Splunk", NewSecret(c.token)}
			}
			if c.fault != nil {
				server.Fail(c.fault)
			}
			store.Transport.Policy.Silence = hasty.Base * 5
			_, err := Deliver(t.Context(), store, Findings(connections.Names, rows(2)), hasty)
			mustFail(t, err, c.want, "0 of 2 are written")
		})
	}
}

// One request never holds more than the collector takes.
func TestBatches(t *testing.T) {
	long := rows(40)
	for i := range long {
		long[i] = set(long[i], "process", strings.Repeat("x", 30_000))
	}
	findings := Findings(connections.Names, long)
	for name, s := range map[string]Store{"hec": &HEC{}, "ingest": &Ingest{}} {
		n := s.Batch(findings)
		if n < 10 || n*30_000 > 1<<20 {
			t.Errorf("%s: %d findings of 30 kB in a request", name, n)
		}
		if n := s.Batch(findings[:1]); n != 1 {
			t.Errorf("%s: %d of 1", name, n)
		}
	}
	huge := Findings(connections.Names, []row.Row{set(long[0], "process", strings.Repeat("x", 2<<20)), long[1]})
	if n := (&HEC{}).Batch(huge); n != 1 {
		t.Errorf("%d findings with one of 2 MB", n)
	}
}

// An error that leaves it open is asked about, not believed.
type forgetful struct {
	known map[string]bool
	fails int
}

func (f *forgetful) Known(_ context.Context, ids []string) (map[string]bool, error) {
	return f.known, nil
}
func (f *forgetful) Batch(findings []Finding) int { return len(findings) }
func (f *forgetful) Write(_ context.Context, batch []Finding) error {
	for _, finding := range batch[:(len(batch)+1)/2] { // half of it arrives
		if f.known[finding.ID] {
			return errors.New("written twice")
		}
		f.known[finding.ID] = true
	}
	if f.fails--; f.fails >= 0 {
		return &UnsureError{errors.New("cut")}
	}
	for _, finding := range batch {
		f.known[finding.ID] = true
	}
	return nil
}

func TestPartOfABatchArrives(t *testing.T) {
	store := &forgetful{known: map[string]bool{}, fails: 3}
	d, err := Deliver(t.Context(), store, Findings(connections.Names, rows(100)), hasty)
	if err != nil || d.Written != 100 || len(store.known) != 100 {
		t.Errorf("%+v, %v, %d known", d, err, len(store.known))
	}
}
