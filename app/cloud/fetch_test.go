package cloud

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/cloud/pretended"
	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// However a server pages and breaks, every event arrives once and in order.
func TestNoEventIsLostOrDoubled(t *testing.T) {
	table := events(257)
	faults := func() map[string]pretended.Fault { // which count, so that each server needs its own
		return map[string]pretended.Fault{
			"none":             pretended.Status(500, "").Times(0),
			"429":              pretended.Status(429, "", "Retry-After", "0").Times(2),
			"429 for long":     pretended.Status(429, "", "Retry-After", "86400").Times(2),
			"429 until a date": pretended.Status(429, "", "Retry-After", "Mon, 02 Jan 2006 15:04:05 GMT").Times(1),
			"503":              busy.Times(3),
			"500 on results":   pretended.Status(500, "oops").Times(2).Matching("GET", "/results"),
			"502 on status":    pretended.Status(502, "<html>").Times(1).After(1).Matching("GET", ""),
			"dropped":          pretended.Drop().Times(2),
			"created unheard":  pretended.DropAfter().Times(1).Matching("POST", "/jobs"),
			"cut":              pretended.Cut(40).Times(2).After(1).Matching("GET", "/results"),
			"cut in a header":  pretended.Cut(1).Times(2).Matching("GET", "/results"),
			"cut quietly":      pretended.CutQuietly(33).Times(3).Matching("GET", "/results"),
			"silent":           pretended.Hang().Times(1).Matching("GET", "/results"),
		}
	}
	servers := map[string]*pretended.Splunkd{
		"plain": {}, "old": {Old: true}, "small pages": {MaxPage: 10}, "odd pages": {OddPages: true}, "slow": {Polls: 4, MaxPage: 100},
	}
	for name, s := range servers {
		for fault, f := range faults() {
			t.Run(name+"/"+fault, func(t *testing.T) {
				server := &pretended.Splunkd{Events: table, Old: s.Old, MaxPage: s.MaxPage, OddPages: s.OddPages, Polls: s.Polls}
				client := splunkd(t, server)
				server.Fail(f)
				got, _, err := run(t, client, 100)
				if err != nil {
					t.Fatal(err)
				}
				got.check(t, table)
				if jobs, cancelled := server.Started(); jobs != 1 || cancelled != 1 {
					t.Errorf("%d jobs were started and %d of them released", jobs, cancelled)
				}
			})
		}
	}
}

// How many results are asked for at once has no part in what comes.
func TestPageSizeDoesNotMatter(t *testing.T) {
	table := events(61)
	for _, size := range []int{1, 7, 60, 61, 62, 50_000} {
		client := splunkd(t, &pretended.Splunkd{Events: table})
		got, _, err := run(t, client, size)
		if err != nil {
			t.Fatal(err)
		}
		got.check(t, table)
	}
}

func TestNoResults(t *testing.T) {
	got, status, err := run(t, splunkd(t, &pretended.Splunkd{}), 10)
	if err != nil || len(got.events) != 0 || got.begins != 1 {
		t.Errorf("%d events, begun %d times, %v", len(got.events), got.begins, err)
	}
	if warnings := Warnings(status, 0); len(warnings) != 0 {
		t.Errorf("warnings of nothing: %q", warnings)
	}
}

// A server whose counts and pages contradict each other is not believed.
func TestLies(t *testing.T) {
	again := func(body []byte) []byte { return body }
	var first []byte
	sameAgain := func(body []byte) []byte {
		if first == nil {
			first = bytes.Clone(body)
		}
		return first
	}
	for name, c := range map[string]struct {
		properties map[string]any
		change     func([]byte) []byte
		want       string
	}{
		"more promised":      {map[string]any{"resultCount": 400}, again, "the job has 400 results, of which the server gives only 257"},
		"fewer promised":     {map[string]any{"resultCount": 200}, again, "its job has 200, and 256 came"},
		"never the next":     {map[string]any{"resultCount": 5000}, sameAgain, "the same 128 rows came twice"},
		"endless":            {map[string]any{"resultCount": 300}, func([]byte) []byte { return []byte("n\n1\n2\n") }, "does not page"},
		"endless, uncounted": {map[string]any{"resultCount": "many"}, func([]byte) []byte { return []byte("n\n1\n2\n") }, "the same 2 rows came twice"},
		"counts as words":    {map[string]any{"resultCount": "many", "eventCount": "x"}, again, ""},
	} {
		t.Run(name, func(t *testing.T) {
			first = nil
			server := &pretended.Splunkd{Events: events(257), Properties: c.properties}
			client := splunkd(t, server)
			server.Fail(pretended.Rewrite(c.change).Matching("GET", "/results"))
			_, _, err := run(t, client, 128)
			if c.want != "" {
				mustFail(t, err, c.want)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

func TestFailedJobs(t *testing.T) {
	for name, c := range map[string]struct {
		properties map[string]any
		want       string
	}{
		"failed":       {map[string]any{"dispatchState": "FAILED", "isFailed": true, "messages": []any{map[string]string{"type": "FATAL", "text": "Unknown search command 'x'."}}}, "Unknown search command 'x'."},
		"old messages": {map[string]any{"dispatchState": "FAILED", "messages": map[string]any{"fatal": []string{"Error in 'x'"}}}, "Error in 'x'"},
		"zombie":       {map[string]any{"isZombie": "1"}, "the search failed"},
	} {
		t.Run(name, func(t *testing.T) {
			server := &pretended.Splunkd{Events: events(3), Properties: c.properties}
			_, _, err := run(t, splunkd(t, server), 10)
			mustFail(t, err, c.want, "schtaskhunt_")
			if failed := (*FailedError)(nil); !errors.As(err, &failed) {
				t.Errorf("%T", err)
			}
			if _, cancelled := server.Started(); cancelled != 1 {
				t.Error("the job was left behind")
			}
		})
	}
}

// What is missing is said.
func TestWarnings(t *testing.T) {
	for name, c := range map[string]struct {
		properties map[string]any
		max        int
		want       string
	}{
		"limit":     {nil, 20, "cut off at --max-results 20"},
		"own limit": {map[string]any{"eventCount": 1_000_000}, 500_000, "matched 1000000 events and gave 50 results"},
		"finalized": {map[string]any{"isFinalized": true}, 500_000, "stopped before it had seen"},
		"message":   {map[string]any{"messages": []any{map[string]string{"type": "WARN", "text": "an indexer is down"}}}, 500_000, "an indexer is down"},
		"info":      {map[string]any{"messages": []any{map[string]string{"type": "INFO", "text": "hello"}}}, 500_000, ""},
	} {
		t.Run(name, func(t *testing.T) {
			server := &pretended.Splunkd{Events: events(50), Properties: c.properties}
			client := splunkd(t, server)
			q := query
			q.Max = c.max
			job, err := client.Start(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			status, err := Wait(t.Context(), job, hasty, nil)
			if err != nil {
				t.Fatal(err)
			}
			rows, err := Fetch(t.Context(), job, status, 30, hasty, &taken{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join(Warnings(status, rows), "\n")
			if c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("warnings %q, want %q", got, c.want)
			}
		})
	}
}

// A user's ctrl-C ends the wait, the job is told, and with a context that has ended.
func TestCancel(t *testing.T) {
	server := &pretended.Splunkd{Events: events(3), Polls: 1 << 30}
	client := splunkd(t, server)
	ctx, cancel := context.WithCancel(t.Context())
	job, err := client.Start(ctx, query)
	if err != nil {
		t.Fatal(err)
	}
	polls := 0
	_, err = Wait(ctx, job, hasty, func(Status) {
		if polls++; polls == 3 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if err := Finish(ctx, job, hasty); err != nil {
		t.Error(err)
	}
	if _, cancelled := server.Started(); cancelled != 1 {
		t.Error("the job still runs")
	}
}

// Cancelled while the server is silent, everything still ends at once.
func TestCancelWhileSilent(t *testing.T) {
	server := &pretended.Splunkd{Events: events(3)}
	client := splunkd(t, server)
	client.transport.Policy.Silence = time.Hour
	server.Fail(pretended.Hang())
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, err := client.Start(ctx, query); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// The job tells the search's latest time, which the hunt counts back from.
func TestLatestTime(t *testing.T) {
	for text, want := range map[any]event.Time{1_700_000_000: 1_700_000_000 * event.Second, "2023-11-14T22:13:20.000+00:00": 1_700_000_000 * event.Second, "soon": event.NoTime} {
		server := &pretended.Splunkd{Properties: map[string]any{"searchLatestTime": text}}
		got, _, err := run(t, splunkd(t, server), 10)
		if err != nil || got.latest != want {
			t.Errorf("%v: %v, %v", text, got.latest, err)
		}
	}
}

// A server that never sends its last row whole is not taken for one that has none.
func TestAlwaysCut(t *testing.T) {
	server := &pretended.Splunkd{Events: events(20)}
	client := splunkd(t, server)
	server.Fail(pretended.CutQuietly(70).Matching("GET", "/results"))
	got, _, err := run(t, client, 100)
	mustFail(t, err, "fetching results from 19 on", "in the middle of its first row")
	if len(got.events) != 19 || got.malformed != 0 {
		t.Errorf("%d events, %d malformed", len(got.events), got.malformed)
	}
}

// A row that is really broken on the server costs one row.
func TestBrokenRow(t *testing.T) {
	server := &pretended.Splunkd{Events: events(2)}
	client := splunkd(t, server)
	server.Fail(pretended.Fault(func(w http.ResponseWriter, r *http.Request, _ http.HandlerFunc) bool {
		return pretended.Status(200, map[string]string{"0": "_time,n\n1,1\n2,\"open\n", "1": "_time,n\n2,\"open\n"}[r.FormValue("offset")])(w, r, nil)
	}).Matching("GET", "/results"))
	got, _, err := run(t, client, 10)
	if err != nil || len(got.events) != 1 || got.malformed != 1 {
		t.Errorf("%d events, %d malformed, %v", len(got.events), got.malformed, err)
	}
}

// FuzzPage: a page of all whole rows, then one of the rest, are the rows of the text.
func FuzzPage(f *testing.F) {
	f.Add([]byte("a,b\n1,2\n"))
	f.Add([]byte("a\n\"x"))
	f.Add([]byte("a\n1\n\"x\ny"))
	f.Fuzz(func(t *testing.T, text []byte) {
		page, err := newPage(text)
		if err != nil {
			return
		}
		if !bytes.HasPrefix(text, page.CSV) {
			t.Fatalf("%q is no beginning of %q", page.CSV, text)
		}
		// All that is kept is whole, as encoding/csv sees it too where it agrees on quotes.
		reader := csv.NewReader(bytes.NewReader(page.CSV))
		reader.FieldsPerRecord = -1
		if rows, err := reader.ReadAll(); err == nil && len(rows) > 0 && len(rows)-1 != page.Rows {
			t.Errorf("%d rows of %q, want %d", page.Rows, page.CSV, len(rows)-1)
		}
	})
}

func FuzzStatus(f *testing.F) {
	f.Add(`{"entry":[{"content":{"messages":[{"type":"WARN","text":"x"}],"isDone":"1","resultCount":1e99}}]}`)
	f.Add(`{"entry":[{"content":{"messages":{"fatal":["x",{}]}}}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		server := &Splunkd{address: at(t, "http://127.0.0.1:1"), namespace: "services", transport: &Transport{
			Policy: Policy{Attempts: 1, Silence: time.Second, MaxAnswer: 1 << 20},
			Base:   answers(text),
		}}
		s, err := (&splunkdJob{server: server, id: "x", jobs: "search/jobs"}).Status(context.Background())
		if err == nil && (s.Results < math.MinInt32 || s.Results > math.MaxInt32) {
			t.Errorf("%+v", s)
		}
	})
}

// answers is a server in memory that says one thing.
type answers string

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) {
	text := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(a), string(a))
	return http.ReadResponse(newReader(text), r)
}
