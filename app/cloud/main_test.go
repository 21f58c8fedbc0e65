package cloud

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/cloud/pretended"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

const testToken = "eyJraWQiOiJ0b2tlbi1mb3ItdGVzdHMifQ.c2VjcmV0"

// hasty is a policy that tries as often as the default one, and hardly waits.
var hasty = Policy{
	Attempts: 6, Base: time.Millisecond, Most: 20 * time.Millisecond, Silence: time.Second, StreamSilence: time.Second,
	Patience: 20 * time.Second, MinRate: 64, MaxAnswer: 1 << 20, MaxPage: 1 << 20, MaxRow: 2 << 20,
	Poll: time.Millisecond, Settle: 32 * time.Millisecond, Farewell: time.Second,
}

// columns are those of the events, one of which nobody asks for.
var columns = []string{"_time", "n", "_raw", "surplus", "several"}

// events are n events whose texts need quoting in CSV and escaping in JSON.
func events(n int) pretended.Table {
	t := pretended.Table{Header: columns}
	for i := range n {
		t.Rows = append(t.Rows, []string{
			fmt.Sprintf("2026-11-18T18:00:%02d.123+00:00", i%60), fmt.Sprint(i),
			fmt.Sprintf("<Event n='%d'>\"x\", y\r\nand\nmore \x07 größe</Event>", i), "never sent", "a\nb",
		})
	}
	return t
}

// query asks for what the tests look at.
var query = Search{Text: "index=sysmon", Earliest: "-7d", Latest: "now", Fields: []string{"_time", "n", "_raw", "several"}, Max: 500_000}

// taken collects events, each as its values joined.
type taken struct {
	rec       *record.Record
	events    []string
	begins    int
	malformed int
	latest    event.Time
}

func (t *taken) Begin(latest event.Time) (*record.Record, error) {
	t.rec = record.New(record.NewNames(columns...))
	t.begins++
	t.latest, t.events, t.malformed = latest, nil, 0
	return t.rec, nil
}

func (t *taken) Take() {
	var values []string
	for i := range columns {
		values = append(values, string(t.rec.Get(record.Slot(i))))
	}
	t.events = append(t.events, strings.Join(values, "|"))
}

func (t *taken) Malformed() { t.malformed++ }

// want is what of a table should arrive.
func want(t pretended.Table) (events []string) {
	for _, row := range t.Rows {
		row = slices.Clone(row)
		row[3] = ""
		events = append(events, strings.Join(row, "|"))
	}
	return events
}

func (t *taken) check(tb testing.TB, table pretended.Table) {
	tb.Helper()
	if expected := want(table); !slices.Equal(t.events, expected) || t.malformed != 0 {
		tb.Errorf("%d events came (%d malformed), want %d; the first %.200q", len(t.events), t.malformed, len(expected), t.events[:min(1, len(t.events))])
	}
}

// splunkd starts a stand-in and returns a client for it.
func splunkd(t testing.TB, s *pretended.Splunkd) *Splunkd {
	t.Helper()
	s.Token = testToken
	pretended.StartSplunkd(t, s, false)
	return NewSplunkd(at(t, s.URL), "", transport(Token{Secret: NewSecret(testToken)}))
}

func transport(auth Authorizer) *Transport {
	base, err := NewBase("")
	if err != nil {
		panic(err)
	}
	return &Transport{Base: base, Auth: auth, Policy: hasty}
}

func at(t testing.TB, address string) *url.URL {
	t.Helper()
	u, err := ParseAddress(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// run searches as the command line does.
func run(t testing.TB, remote Remote, size int) (*taken, Status, error) {
	t.Helper()
	got := &taken{}
	job, err := remote.Start(t.Context(), query)
	if job != nil {
		defer func() { _ = Finish(t.Context(), job, hasty) }()
	}
	if err != nil {
		return got, Status{}, err
	}
	status, err := Wait(t.Context(), job, hasty, nil)
	if err != nil {
		return got, status, err
	}
	_, err = Fetch(t.Context(), job, status, size, hasty, got, nil)
	return got, status, err
}

// mustFail checks an error for words, and for the absence of secrets.
func mustFail(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want one with %q", words)
		return
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q lacks %q", err, w)
		}
	}
	if strings.Contains(err.Error(), testToken) {
		t.Errorf("a secret is in %q", err)
	}
}

var busy = pretended.Status(http.StatusServiceUnavailable, `{"messages":[{"type":"ERROR","text":"too many searches"}]}`)

func newReader(text string) *bufio.Reader { return bufio.NewReader(strings.NewReader(text)) }

func newCancel(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithCancel(t.Context())
}
