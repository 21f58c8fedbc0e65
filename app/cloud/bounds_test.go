package cloud

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/cloud/pretended"
)

// wide are n events of about size bytes each.
func wide(n, size int) pretended.Table {
	t := events(n)
	for i := range t.Rows {
		t.Rows[i][2] = strings.Repeat("x", size+i%7)
	}
	return t
}

// Rows that are long come in pages that are short, and all of them come.
func TestPagesAdaptToTheLengthOfRows(t *testing.T) {
	for _, size := range []int{1, 100, 5_000, 40_000} {
		server := &pretended.Splunkd{Events: wide(300, size)}
		client := splunkd(t, server)
		client.transport.Policy.MaxPage = 64 << 10
		asks := &countingJob{}
		got := &taken{}
		job, err := client.Start(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		asks.Job = job
		status, err := Wait(t.Context(), asks, hasty, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Fetch(t.Context(), asks, status, 50_000, client.transport.Policy, got, nil); err != nil {
			t.Fatal(err)
		}
		got.check(t, server.Events)
		if asks.longest > 64<<10 {
			t.Errorf("%d bytes a row: a page of %d bytes was taken", size, asks.longest)
		}
		if most := 300*(size+150)/(32<<10) + 10; asks.pages > most {
			t.Errorf("%d bytes a row: %d pages, want %d at most", size, asks.pages, most)
		}
	}
}

// countingJob notes the pages of a job.
type countingJob struct {
	Job
	pages, longest int
}

func (c *countingJob) Page(ctx context.Context, offset, count int) (Page, error) {
	page, err := c.Job.Page(ctx, offset, count)
	c.pages++
	c.longest = max(c.longest, len(page.CSV))
	return page, err
}

// A row that no memory is to be spent on costs itself, however results are fetched.
func TestRowsThatAreTooLong(t *testing.T) {
	table := events(9)
	table.Rows[4][2] = strings.Repeat("x", 300<<10)
	without := pretended.Table{Header: table.Header, Rows: append(append([][]string{}, table.Rows[:4]...), table.Rows[5:]...)}
	check := func(got *taken, err error) {
		t.Helper()
		if err != nil || got.malformed != 1 {
			t.Errorf("%d malformed, %v", got.malformed, err)
		}
		got.malformed = 0
		got.check(t, without)
	}
	client := splunkd(t, &pretended.Splunkd{Events: table})
	client.transport.Policy.MaxPage, client.transport.Policy.MaxRow = 32<<10, 256<<10
	got, _, err := run(t, client, 50)
	check(got, err)
	got = &taken{}
	_, err = client.Export(t.Context(), query, 0, got, nil)
	check(got, err)
}

// Whatever a server sends, what is kept of it is bounded.
func TestBoundedAnswers(t *testing.T) {
	for name, text := range map[string]string{
		"blanks": " ", "rows": "1,2\n", "objects": `{},`, "one row": "x", "open quote": "\"x\n",
		"messages": `{"messages":[{"type":"WARN","text":"x"}],"preview":false}` + "\n",
	} {
		large, long := pretended.Bomb(text, 96<<20), pretended.Bomb(text, 12<<20) // a stream is read to its end
		for step, path := range map[string]string{"create": "POST /jobs", "status": "GET ", "results": "GET /results", "export": "POST /export", "refusal": "POST /jobs"} {
			t.Run(name+"/"+step, func(t *testing.T) {
				server := &pretended.Splunkd{Events: events(3)}
				client := splunkd(t, server)
				p := &client.transport.Policy
				p.Attempts, p.MaxAnswer, p.MaxPage, p.MaxRow = 2, DefaultPolicy.MaxAnswer, DefaultPolicy.MaxPage, DefaultPolicy.MaxRow
				method, suffix, _ := strings.Cut(path, " ")
				fault := large
				if step == "export" {
					fault = long
				}
				if step == "refusal" {
					fault = pretended.Fault(func(w http.ResponseWriter, r *http.Request, honest http.HandlerFunc) bool {
						w.WriteHeader(http.StatusForbidden)
						return large(w, r, honest)
					})
				}
				server.Fail(fault.Matching(method, suffix))
				held := watchHeap()
				var err error
				if step == "export" {
					_, err = client.Export(t.Context(), query, 0, &taken{}, nil)
				} else {
					_, _, err = run(t, client, 50_000)
				}
				if used := held(); used > 64<<20 {
					t.Errorf("%d MB were held; %v", used>>20, err)
				}
				if err == nil && step != "export" {
					t.Error("no error")
				}
				if err != nil && len(err.Error()) > 2000 {
					t.Errorf("a message of %d bytes", len(err.Error()))
				}
			})
		}
	}
}

// watchHeap measures the heap until what it returns is called, which gives its growth
// at the most.
func watchHeap() (most func() uint64) {
	runtime.GC()
	percent := debug.SetGCPercent(10)
	before, peak := heap(), uint64(0)
	stop, stopped := make(chan bool), make(chan bool)
	go func() {
		defer close(stopped)
		for {
			peak = max(peak, heap())
			select {
			case <-stop:
				return
			case <-time.After(200 * time.Microsecond):
			}
		}
	}()
	return func() uint64 {
		close(stop)
		<-stopped
		debug.SetGCPercent(percent)
		return max(peak, before) - before
	}
}

// heap is how many bytes objects take, dead ones not yet swept among them.
func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// A message of a server's is bounded in length and number, and the worst are kept.
func TestMessagesAreBounded(t *testing.T) {
	var list []any
	for i := range 5000 {
		level := "INFO"
		if i == 4321 {
			level = "ERROR"
		}
		list = append(list, map[string]any{"type": level, "text": fmt.Sprint(i) + strings.Repeat("y", 5000)})
	}
	got := messagesOf(list)
	if len(got) > mostMessages+1 || len(got[0].Text) > longestMessage+3 || got[0].Level != "ERROR" || !strings.HasPrefix(got[0].Text, "4321y") {
		t.Errorf("%d messages, the first %s of %d bytes", len(got), got[0].Level, len(got[0].Text))
	}
	if last := got[len(got)-1].Text; last != "(4900 further messages)" {
		t.Error(last)
	}
}

// An answer that comes byte by byte ends, at every step.
func TestDrips(t *testing.T) {
	for step, body := range map[string]string{
		"POST /jobs": `{"sid":"`, "GET ": `{"entry":`, "GET /results": "_time,n\n1,", "POST /export": `{"preview":false,`,
	} {
		t.Run(step, func(t *testing.T) {
			server := &pretended.Splunkd{Events: events(3)}
			client := splunkd(t, server)
			client.transport.Policy.Silence, client.transport.Policy.StreamSilence = 60*time.Millisecond, 200*time.Millisecond
			client.transport.Policy.MinRate = 10_000
			method, suffix, _ := strings.Cut(step, " ")
			server.Fail(pretended.Drip(body, 5*time.Millisecond).Matching(method, suffix))
			var err error
			if suffix == "/export" {
				_, err = client.Export(t.Context(), query, 0, &taken{}, nil)
			} else {
				_, _, err = run(t, client, 10)
			}
			if !errors.Is(err, errDrip) {
				t.Errorf("%v", err)
			}
			if n := server.Requests(method, suffix); n > 2 {
				t.Errorf("asked %d times", n)
			}
		})
	}
}

// The rate counts bytes over a span; a stream may have its results as rarely as they
// are found, so long as each comes whole.
func TestRates(t *testing.T) {
	at := time.Unix(0, 0)
	drip := func(r rate, every time.Duration, piece string) error {
		for i := range 1000 {
			if err := r.heard([]byte(piece), at.Add(time.Duration(i)*every)); err != nil {
				return err
			}
		}
		return nil
	}
	byBytes := rate{least: 64, over: 2 * time.Minute}
	byLines := rate{least: 64, over: 2 * time.Minute, lines: true}
	for name, c := range map[string]struct {
		err   error
		drips bool
	}{
		"a byte a second":           {drip(byBytes, time.Second, "x"), true},
		"100 bytes a second":        {drip(byBytes, time.Second, strings.Repeat("x", 100)), false},
		"a block a minute":          {drip(byBytes, time.Minute, strings.Repeat("x", 16<<10)), false},
		"lines, a byte a second":    {drip(byLines, time.Second, "x"), true},
		"lines, one in 9 minutes":   {drip(byLines, 9*time.Minute, "{}\n"), false},
		"lines, one in pieces":      {drip(byLines, 100*time.Second, "{}\n{"), false},
		"lines, 100 bytes a second": {drip(byLines, time.Second, strings.Repeat("x", 100)), false},
	} {
		if errors.Is(c.err, errDrip) != c.drips {
			t.Errorf("%s: %v", name, c.err)
		}
	}
}
