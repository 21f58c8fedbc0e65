package cloud

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/cloud/pretended"
)

// One span of time holds for a request with all its retries, and for the login and the
// looks within it: times do not multiply.
func TestPatience(t *testing.T) {
	for name, fault := range map[string]pretended.Fault{
		"silent login":   pretended.Hang().Matching("POST", "/login"),
		"busy login":     pretended.Status(503, "", "Retry-After", "1").Matching("POST", "/login"),
		"silent start":   pretended.Hang().Matching("POST", "/jobs"),
		"silent all":     pretended.Hang(),
		"dropped start":  pretended.Drop().Matching("POST", "/jobs"),
		"busy status":    pretended.Status(429, "", "Retry-After", "1").Matching("GET", ""),
		"silent status":  pretended.Hang().Matching("GET", ""),
		"no status":      pretended.Status(200, "<html>").Matching("GET", ""),
		"silent results": pretended.Hang().Matching("GET", "/results"),
	} {
		t.Run(name, func(t *testing.T) {
			server := &pretended.Splunkd{User: "hunter", Password: "p", Events: events(3)}
			client := splunkd(t, server)
			server.Token = ""
			patient := hasty
			patient.Patience, patient.Silence, patient.Most, patient.Base = 250*time.Millisecond, 60*time.Millisecond, 2*time.Second, 20*time.Millisecond
			patient.Attempts, patient.Farewell = 1000, 50*time.Millisecond
			base := transport(nil)
			base.Policy = patient
			client.transport = &Transport{Base: base.Base, Policy: patient, Auth: &Login{Address: at(t, server.URL), User: "hunter", Password: NewSecret("p"), Transport: base}}
			server.Fail(fault)
			begun := time.Now()
			_, _, err := run(t, client, 10)
			if err == nil {
				t.Fatal("no error")
			}
			// Three requests at most had their time; 1000 attempts within 1000 would take hours.
			if took := time.Since(begun); took > 10*time.Second {
				t.Errorf("it took %s; %v", took, err)
			}
			if errors.Is(err, ErrCredentials) {
				t.Errorf("%v, which nobody has said", err)
			}
		})
	}
}

// The end of patience says what it was tried with, and how to have more.
func TestPatienceSaysWhy(t *testing.T) {
	server := &pretended.Splunkd{Events: events(3)}
	client := splunkd(t, server)
	client.transport.Policy.Patience, client.transport.Policy.Silence, client.transport.Policy.Attempts = 200*time.Millisecond, time.Minute, 1000
	server.Fail(pretended.Status(503, "").Times(2))
	server.Fail(pretended.Hang())
	var told []string
	client.transport.Tell = func(text string) { told = append(told, text) }
	_, err := client.call(t.Context(), http.MethodGet, "x", nil, "testing")
	mustFail(t, err, "no answer within 200ms", "--patience", "503 Service Unavailable")
	if len(told) != 2 || !strings.Contains(told[0], "503") || !strings.Contains(told[0], "trying again in") {
		t.Errorf("%q", told)
	}
}

// What passes is sat out: a server that fails at the start, or answers something else
// for a moment.
func TestPassingTrouble(t *testing.T) {
	table := events(40)
	for name, fault := range map[string]pretended.Fault{
		"500 at the start":          pretended.Status(500, "").Times(2).Matching("POST", "/jobs"),
		"504 that started it":       after(504).Times(1).Matching("POST", "/jobs"),
		"a web page at the start":   pretended.Status(200, "<html>").Times(2).Matching("POST", "/jobs"),
		"nothing at the start":      pretended.Status(200, "").Times(2).Matching("POST", "/jobs"),
		"a page that started it":    after(200).Times(1).Matching("POST", "/jobs"),
		"malformed status":          pretended.Status(200, `{"entry":[{"content":`).Times(1).Matching("GET", ""),
		"status of no job":          pretended.Status(200, `{"entry":[]}`).Times(3).Matching("GET", ""),
		"a web page for the status": pretended.Status(200, "<!DOCTYPE html>").Times(1).Matching("GET", ""),
		"no results yet":            pretended.Status(200, "").Times(2).Matching("GET", "/results"),
	} {
		t.Run(name, func(t *testing.T) {
			server := &pretended.Splunkd{Events: table}
			client := splunkd(t, server)
			server.Fail(fault)
			got, _, err := run(t, client, 15)
			if err != nil {
				t.Fatal(err)
			}
			got.check(t, table)
			if jobs, cancelled := server.Started(); jobs != 1 || cancelled != 1 {
				t.Errorf("%d jobs, %d cancelled", jobs, cancelled)
			}
		})
	}
}

// after does what was asked, and answers something else.
func after(code int) pretended.Fault {
	return pretended.Fault(func(w http.ResponseWriter, r *http.Request, honest http.HandlerFunc) bool {
		return pretended.Rewrite(func([]byte) []byte { return []byte("<html>") })(overridden{w, code}, r, honest)
	})
}

// overridden answers with another status.
type overridden struct {
	http.ResponseWriter
	code int
}

func (o overridden) WriteHeader(int) { o.ResponseWriter.WriteHeader(o.code) }

// A job that is gone is said to be, and a web page is no page of results, at the first.
func TestGoneAndWebPages(t *testing.T) {
	for name, c := range map[string]struct {
		fault    pretended.Fault
		want     string
		requests int
	}{
		"gone in the middle":   {pretended.Status(404, `{"messages":[{"type":"FATAL","text":"Unknown sid."}]}`).After(1).Matching("GET", "/results"), "the search job is gone: it expired", 2},
		"web page":             {pretended.Status(200, "<!doctype html><html><body>"+strings.Repeat("<p>a,b</p>\n", 5000)).Matching("GET", "/results"), "a web page came", 1},
		"web page, undeclared": {pretended.Status(200, " \n<HTML>\n<h1>Log in</h1>\n").Matching("GET", "/results"), "a web page came", 1},
	} {
		t.Run(name, func(t *testing.T) {
			server := &pretended.Splunkd{Events: events(40)}
			client := splunkd(t, server)
			server.Fail(c.fault)
			got, _, err := run(t, client, 15)
			mustFail(t, err, c.want)
			if n := server.Requests("GET", "/results"); n > c.requests {
				t.Errorf("%d requests; %d events", n, len(got.events))
			}
		})
	}
	server := &pretended.Splunkd{Events: events(4)}
	client := splunkd(t, server)
	server.Fail(pretended.Status(200, "<html>\n<p>\n</html>"))
	_, err := client.Export(t.Context(), query, 0, &taken{}, nil)
	mustFail(t, err, "a web page came")
}
