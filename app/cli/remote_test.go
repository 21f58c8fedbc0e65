//go:build !noremote

package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/cloud/pretended"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
	"github.com/schtaskhunt/schtaskhunt/app/source"
)

const (
	demoEvents = "../../testdata/demo/events.xml.gz"
	demoNow    = "2026-11-20T18:00:00Z"
	token      = "eyJraWQiOiJjbGkifQ.dG9rZW4"
	hecToken   = "11111111-2222-3333-4444-555555555555"
	password   = "correct horse/battery+staple"
)

// hurry makes remote impatient for a test, and sets the secrets.
func hurry(t *testing.T) {
	patient := remotePolicy
	t.Cleanup(func() { remotePolicy = patient })
	remotePolicy.Base, remotePolicy.Most, remotePolicy.Poll = time.Millisecond, 10*time.Millisecond, time.Millisecond
	remotePolicy.Settle, remotePolicy.Silence, remotePolicy.StreamSilence = 20*time.Millisecond, time.Minute, time.Minute
	t.Setenv(tokenVariable, token)
	t.Setenv(hecVariable, hecToken)
	t.Setenv(passwordVariable, password)
}

// cli runs the program in this process.
func cli(args ...string) (stdout, stderr string, code int) {
	var out, errs bytes.Buffer
	code = Main(args, Streams{In: strings.NewReader(""), Out: &out, Err: &errs})
	return out.String(), errs.String(), code
}

// indexed is a file as a Splunk would return it: raw, extracted fields, or both.
func indexed(t *testing.T, file, fields string) pretended.Table {
	t.Helper()
	index, err := newIndex(fields, schema.BuiltIn())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (source.Source{}).Each(file, index.add); err != nil {
		t.Fatal(err)
	}
	header, rows := index.table()
	return pretended.Table{Header: header, Rows: rows}
}

// huntArgs are given to both hunt and remote.
var huntArgs = []string{"--now", demoNow, "--recent", "all", "--lookback", "all", "--format", "csv"}

func huntDemo(t *testing.T) string {
	t.Helper()
	want, stderr, code := cli(append(append([]string{"hunt"}, huntArgs...), demoEvents)...)
	if code != done || strings.Count(want, "\n") < 100 {
		t.Fatalf("hunt: %d, %s", code, stderr)
	}
	return want
}

// remoteArgs are those of remote, for a server.
func remoteArgs(url string, more ...string) []string {
	args := append([]string{"remote", "--url", url, "--search", "index=sysmon"}, huntArgs...)
	return append(args, more...)
}

func startSplunkd(t *testing.T, s *pretended.Splunkd) *pretended.Splunkd {
	t.Helper()
	s.Token, s.User, s.Password = token, "hunter", password
	pretended.StartSplunkd(t, s, false)
	return s
}

// The rows are those of hunt on the same events, however they are fetched.
func TestRemoteEqualsHunt(t *testing.T) {
	hurry(t)
	want := huntDemo(t)
	// What the sensor's text says is all that hunt has; the times that an add-on
	// extracts are the same texts.
	both := []string{"raw", "both"}
	if testing.Short() {
		both = both[:1]
	}
	for _, fields := range both {
		table := indexed(t, demoEvents, fields)
		for name, more := range map[string][]string{
			"pages": nil, "small pages": {"--page-size", "1000"}, "stream": {"--fetch", "stream"}, "all fields": {"--fields", "all"},
			"login": {"--username", "hunter"}, "app": {"--app", "search"},
		} {
			t.Run(fields+"/"+name, func(t *testing.T) {
				server := startSplunkd(t, &pretended.Splunkd{Events: table, Polls: 2})
				got, stderr, code := cli(remoteArgs(server.URL, more...)...)
				if code != done || got != want {
					t.Errorf("exit %d, %d bytes, want %d; %s", code, len(got), len(want), stderr)
				}
				if jobs, cancelled := server.Started(); jobs != cancelled {
					t.Errorf("%d of %d jobs were released", cancelled, jobs)
				}
			})
		}
	}
	services := &pretended.Services{Tenant: "acme", Token: token, Events: indexed(t, demoEvents, "raw"), MaxPage: 1000}
	pretended.StartServices(t, services)
	got, stderr, code := cli(append([]string{"remote", "--tenant", "acme", "--scs-host", services.URL, "--search", "| from index:main"}, huntArgs...)...)
	if code != done || got != want {
		t.Errorf("services: exit %d, %d bytes, want %d; %s", code, len(got), len(want), stderr)
	}
}

// The original query is the same too.
func TestRemoteQuery(t *testing.T) {
	hurry(t)
	args := []string{"--mode", "kql", "--now", demoNow, "--max-devices", "100", "--recent", "7d", "--format", "csv"}
	want, stderr, code := cli(append(append([]string{"hunt"}, args...), demoEvents)...)
	if code != done {
		t.Fatal(stderr)
	}
	server := startSplunkd(t, &pretended.Splunkd{Events: indexed(t, demoEvents, "raw")})
	got, stderr, code := cli(append([]string{"remote", "--url", server.URL, "--search", "x"}, args...)...)
	if code != done || got != want || strings.Count(got, "\n") < 10 {
		t.Errorf("exit %d, %d bytes, want %d; %s", code, len(got), len(want), stderr)
	}
}

// Without now= the spans count back from the search's latest time, as in Splunk.
func TestRemoteNow(t *testing.T) {
	hurry(t)
	want, _, _ := cli("hunt", "--now", "2026-11-19T18:00:00Z", "--format", "csv", demoEvents)
	server := startSplunkd(t, &pretended.Splunkd{Events: indexed(t, demoEvents, "raw"), Properties: map[string]any{"searchLatestTime": "1795111200.000000000"}})
	for _, more := range [][]string{nil, {"--fetch", "stream", "--latest", "2026-11-19T18:00:00Z"}} {
		got, stderr, code := cli(append([]string{"remote", "--url", server.URL, "--search", "x", "--format", "csv"}, more...)...)
		if code != done || got != want || strings.Count(got, "\n") < 10 {
			t.Errorf("%q: exit %d, %d bytes, want %d; %s", more, code, len(got), len(want), stderr)
		}
	}
}

// No failure lets a secret out, and each exits with 1 and says something.
func TestRemoteKeepsSecrets(t *testing.T) {
	hurry(t)
	echo := func(code int) pretended.Fault {
		return func(w http.ResponseWriter, r *http.Request, _ http.HandlerFunc) bool {
			_ = r.ParseForm()
			return pretended.Status(code, `{"messages":[{"type":"FATAL","text":"`+r.Header.Get("Authorization")+" "+r.Form.Encode()+" "+r.FormValue("password")+`"}]}`)(w, r, nil)
		}
	}
	for name, fault := range map[string]pretended.Fault{
		"200": echo(200), "201": echo(201), "400": echo(400), "401": echo(401), "403": echo(403), "404": echo(404), "429": echo(429), "500": echo(500), "503": echo(503),
		"results": echo(400).Matching("GET", "/results"), "warning": echo(200).Matching("GET", ""), "export": echo(200).Matching("POST", "/export"),
		"drop": pretended.Drop(), "redirect": pretended.Status(302, "", "Location", "http://evil.example/?token="+token),
	} {
		for _, more := range [][]string{nil, {"--username", "hunter"}, {"--fetch", "stream"}} {
			server := startSplunkd(t, &pretended.Splunkd{Events: pretended.Table{Header: []string{"_raw"}, Rows: [][]string{{"x"}}}})
			server.Fail(fault)
			stdout, stderr, code := cli(remoteArgs(server.URL, more...)...)
			if all := stdout + stderr; strings.Contains(all, token) || strings.Contains(all, password) || strings.Contains(all, "horse") || strings.Contains(all, "session-key-") {
				t.Errorf("%s %q: a secret is in %s", name, more, all)
			}
			if code != failed && name != "results" && name != "export" && name != "warning" || stderr == "" {
				t.Errorf("%s %q: exit %d, %q", name, more, code, stderr)
			}
		}
	}
}

// Findings arrive once, also over two runs, and are whole.
func TestRemoteFindings(t *testing.T) {
	hurry(t)
	collector := &pretended.Collector{Token: hecToken, Index: "findings"}
	pretended.StartCollector(t, collector)
	server := startSplunkd(t, &pretended.Splunkd{Events: indexed(t, demoEvents, "raw"), Findings: collector})
	args := remoteArgs(server.URL, "--findings", "hec", "--hec-url", collector.URL, "--findings-index", "findings")
	want := huntDemo(t)
	table, err := csv.NewReader(strings.NewReader(want)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rows := len(table) - 1
	for run, said := range []string{"0 were written before", "findings: 0 written"} {
		if run == 0 {
			collector.Fail(pretended.DropAfter().Times(1)) // the first request arrives, its answer does not
		}
		got, stderr, code := cli(args...)
		if code != done || got != want || !strings.Contains(stderr, said) {
			t.Errorf("run %d: exit %d, %s", run, code, stderr)
		}
		ids := map[string]bool{}
		for _, text := range collector.Events() {
			var e map[string]string
			if err := json.Unmarshal([]byte(text), &e); err != nil || e["tree_id"] == "" || e["row"] == "" {
				t.Fatalf("%s: %v", text, err)
			}
			ids[e["row_id"]] = true
		}
		if n := len(collector.Events()); n != len(ids) || n < rows*9/10 || n > rows {
			t.Errorf("run %d: %d events, %d ids, of %d rows", run, n, len(ids), rows)
		}
	}
}

// A lookup that may have missed findings stops the writing, unless the user says
// otherwise; the rows are printed all the same.
func TestRemoteWriteAnyway(t *testing.T) {
	hurry(t)
	collector := &pretended.Collector{Token: hecToken, Index: "findings"}
	pretended.StartCollector(t, collector)
	server := startSplunkd(t, &pretended.Splunkd{
		Events: indexed(t, demoEvents, "raw"), Findings: collector,
		Properties: map[string]any{"messages": []any{map[string]string{"type": "WARN", "text": "Search results might be incomplete: peer-9 is down"}}},
	})
	args := remoteArgs(server.URL, "--findings", "hec", "--hec-url", collector.URL, "--findings-index", "findings")
	stdout, stderr, code := cli(args...)
	if code != failed || len(collector.Events()) != 0 || strings.Count(stdout, "\n") < 100 || !strings.Contains(stderr, "--write-anyway") || !strings.Contains(stderr, "peer-9") {
		t.Errorf("exit %d, %d written, %s", code, len(collector.Events()), stderr)
	}
	if _, stderr, code = cli(append(args, "--write-anyway")...); code != done || len(collector.Events()) < 100 || !strings.Contains(stderr, "written twice") {
		t.Errorf("exit %d, %d written, %s", code, len(collector.Events()), stderr)
	}
}

func TestRemoteServicesFindings(t *testing.T) {
	hurry(t)
	services := &pretended.Services{Tenant: "acme", Token: token, Events: indexed(t, demoEvents, "raw"), Collection: "schtaskhunt_findings"}
	pretended.StartServices(t, services)
	args := append([]string{"remote", "--tenant", "acme", "--scs-host", services.URL, "--search", "x", "--findings", "ingest"}, huntArgs...)
	for range 2 {
		if _, stderr, code := cli(args...); code != done {
			t.Fatal(stderr)
		}
	}
	for id, n := range services.Ingested {
		if n != 1 {
			t.Errorf("%s was sent %d times", id, n)
		}
	}
	if len(services.Ingested) < 100 {
		t.Errorf("%d findings", len(services.Ingested))
	}
}

// A terminal sees nothing of what a server sends but its words.
func TestRemoteEscapesMessages(t *testing.T) {
	hurry(t)
	server := startSplunkd(t, &pretended.Splunkd{Properties: map[string]any{"messages": []any{map[string]string{"type": "WARN", "text": "\x1b[2J\u202egone"}}}})
	_, stderr, code := cli(remoteArgs(server.URL)...)
	if code != failed || strings.ContainsAny(stderr, "\x1b\u202e") || !strings.Contains(stderr, `\x1b[2J\u202egone`) {
		t.Errorf("exit %d, %q", code, stderr)
	}
}

// Without a terminal, too, remote says what it is doing, and what it waits for.
func TestRemoteHeartbeat(t *testing.T) {
	hurry(t)
	often := heartbeatEvery
	t.Cleanup(func() { heartbeatEvery = often })
	heartbeatEvery, remotePolicy.Most = 5*time.Millisecond, 40*time.Millisecond
	server := startSplunkd(t, &pretended.Splunkd{Polls: 60, Events: fewEvents()})
	server.Fail(pretended.Status(503, "", "Retry-After", "1").Times(5).After(20).Matching("GET", ""))
	_, stderr, code := cli(remoteArgs(server.URL)...)
	if code != done || !strings.Contains(stderr, "still searching, 50 % done; ") || !strings.Contains(stderr, "503 Service Unavailable; trying again in") {
		t.Errorf("exit %d, %.300s ... %s", code, stderr, stderr[max(0, len(stderr)-600):])
	}
	if strings.Contains(stderr, token) {
		t.Error("a secret is said")
	}
}

// One request with its retries has the time that --patience says.
func TestRemotePatience(t *testing.T) {
	hurry(t)
	remotePolicy.Attempts = 1 << 20
	server := startSplunkd(t, &pretended.Splunkd{})
	server.Fail(pretended.Drop())
	_, stderr, code := cli(remoteArgs(server.URL, "--patience", "1s")...)
	if code != failed || stderr == "" {
		t.Errorf("exit %d, %s", code, stderr)
	}
	for _, bad := range []string{"0", "soon", "-1s", "1000h", "5"} {
		if _, stderr, code := cli(remoteArgs(server.URL, "--patience="+bad)...); code != usage || !strings.Contains(stderr, "--patience") {
			t.Errorf("%s: exit %d, %s", bad, code, stderr)
		}
	}
}
