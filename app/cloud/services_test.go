package cloud

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/cloud/pretended"
)

// tenant starts a stand-in and returns the SDK's client for it.
func tenant(t *testing.T, s *pretended.Services) *Services {
	t.Helper()
	s.Tenant, s.Token, s.Collection = "tenant1", testToken, "seen"
	pretended.StartServices(t, s)
	return NewServices("tenant1", at(t, s.URL), transport(Token{Secret: NewSecret(testToken)}))
}

// What holds of splunkd holds of Cloud Services, through Splunk's SDK.
func TestServicesLoseNoEvent(t *testing.T) {
	table := events(257)
	for name, f := range map[string]pretended.Fault{
		"none":    pretended.Drop().Times(0),
		"429":     pretended.Status(429, `{"code":"429","message":"slow down"}`, "Retry-After", "0").Times(2),
		"503":     pretended.Status(503, "").Times(2),
		"500":     pretended.Status(500, "{").Times(2).Matching("GET", ""),
		"dropped": pretended.Drop().Times(2),
		"cut":     pretended.Cut(50).Times(2).Matching("GET", "/results"),
		"silent":  pretended.Hang().Times(1).Matching("GET", "/results"),
	} {
		t.Run(name, func(t *testing.T) {
			server := &pretended.Services{Events: table, Polls: 3, MaxPage: 40}
			client := tenant(t, server)
			server.Fail(f)
			got, status, err := run(t, client, 100)
			if err != nil {
				t.Fatal(err)
			}
			got.check(t, table)
			if warnings := Warnings(status, 257); len(warnings) != 0 {
				t.Errorf("%q", warnings)
			}
		})
	}
}

func TestServicesFail(t *testing.T) {
	for name, c := range map[string]struct {
		state string
		fault pretended.Fault
		want  string
	}{
		"failed":   {"failed", nil, "unknown field in search"},
		"canceled": {"canceled", nil, "canceled"},
		"401 repeats": {"", pretended.Fault(func(w http.ResponseWriter, r *http.Request, _ http.HandlerFunc) bool {
			return pretended.Status(401, `{"message":"bad `+r.Header.Get("Authorization")+`"}`)(w, r, nil)
		}), "[secret]"},
		"401 in HTML": {"", pretended.Status(401, "<html>"), "401"},
		"429":         {"", pretended.Status(429, ""), "stayed busy"},
		"garbage":     {"", pretended.Status(200, "<html>"), "starting the search"},
		"null":        {"", pretended.Status(200, "null"), "no usable search id"},
		"no sid":      {"", pretended.Status(200, "{}"), "no usable search id"},
		"evil sid":    {"", pretended.Status(200, `{"sid":"../../evil"}`), "no usable search id"},
		"redirect":    {"", pretended.Status(307, "", "Location", "http://evil.example/"), "redirects to"},
		"no results":  {"", pretended.Status(200, `{"results":null}`).Matching("GET", "/results"), "the job has 3 results, of which the server gives only 0"},
		"no status":   {"", pretended.Status(500, "").Matching("GET", "/sid_1"), "500"},
	} {
		t.Run(name, func(t *testing.T) {
			server := &pretended.Services{Events: events(3), State: c.state}
			client := tenant(t, server)
			if c.fault != nil {
				server.Fail(c.fault)
			}
			_, _, err := run(t, client, 10)
			mustFail(t, err, c.want)
		})
	}
}

// The SDK knows no context; our transport does.
func TestServicesCancel(t *testing.T) {
	server := &pretended.Services{Polls: 1 << 30}
	client := tenant(t, server)
	ctx, cancel := context.WithCancel(t.Context())
	job, err := client.Start(ctx, query)
	if err != nil {
		t.Fatal(err)
	}
	server.Fail(pretended.Hang().Times(1).Matching("GET", "/sid_1"))
	client.transport.Policy.Silence = time.Hour
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, err := Wait(ctx, job, hasty, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if err := Finish(ctx, job, hasty); err != nil || len(server.Cancelled) != 1 {
		t.Errorf("%v, cancelled %q", err, server.Cancelled)
	}
}

// One client serves several goroutines. Under the race detector this would find the
// SDK's own handling of a static token.
func TestServicesFromManyGoroutines(t *testing.T) {
	client := tenant(t, &pretended.Services{Events: events(20)})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, _, err := run(t, client, 7); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestServicesFindingsArriveOnce(t *testing.T) {
	findings := Findings(connections.Names, rows(700))
	for name, f := range map[string]pretended.Fault{
		"none":             pretended.Drop().Times(0),
		"429":              pretended.Status(429, "").Times(2),
		"events dropped":   pretended.Drop().Times(1).Matching("POST", "/events"),
		"ids dropped":      pretended.DropAfter().Times(1).Matching("POST", "/batch"),
		"ids dropped late": pretended.Drop().Times(2).After(1).Matching("POST", "/batch"),
	} {
		t.Run(name, func(t *testing.T) {
			server := &pretended.Services{}
			store := &Ingest{Services: tenant(t, server), Collection: "seen"}
			server.Fail(f)
			for again := range 2 {
				d, err := Deliver(t.Context(), store, findings, hasty)
				if err != nil || d.Missing != 0 || d.Written != 700*(1-again) || d.Known != 700*again {
					t.Errorf("run %d: %+v, %v", again, d, err)
				}
			}
			for _, f := range findings {
				if n := server.Ingested[f.ID]; n != 1 {
					t.Errorf("finding %s was sent %d times", f.ID, n)
				}
			}
		})
	}
}

// An event whose arrival is open is sent again under the same id, by which the service
// knows it.
func TestServicesRepeatUnderTheSameID(t *testing.T) {
	server := &pretended.Services{}
	store := &Ingest{Services: tenant(t, server), Collection: "seen"}
	server.Fail(pretended.DropAfter().Times(1).Matching("POST", "/events"))
	findings := Findings(connections.Names, rows(5))
	if _, err := Deliver(t.Context(), store, findings, hasty); err != nil {
		t.Fatal(err)
	}
	if len(server.Ingested) != 5 || server.Ingested[findings[0].ID] != 2 {
		t.Errorf("%v", server.Ingested)
	}
}

func TestMissingCollection(t *testing.T) {
	store := &Ingest{Services: tenant(t, &pretended.Services{}), Collection: "none"}
	_, err := Deliver(t.Context(), store, Findings(connections.Names, rows(1)), hasty)
	mustFail(t, err, "404", "collection none has to be made once")
}
