package cloud

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/json"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// HEC writes findings to an HTTP Event Collector, and looks them up by searching the
// index they go to.
type HEC struct {
	Address *url.URL
	Index   string
	// Transport sends the findings; its Auth has the collector's token.
	Transport *Transport
	// Search runs the searches that look findings up. Its user must be able to search
	// the index.
	Search Remote
	// Doubtful is told of a lookup that may have missed findings, which are then written
	// although they may be there. nil makes it an error that stops the writing.
	Doubtful func(reason error)
}

// Limits of a request: the collector takes 1 MB by default in Splunk Cloud.
const (
	hecEvents = 500
	hecBytes  = 512 << 10
)

// hecEvent is what the collector takes ("Format events for HTTP Event Collector").
type hecEvent struct {
	Time       string            `json:"time,omitempty"`
	Host       string            `json:"host,omitempty"`
	Source     string            `json:"source"`
	Sourcetype string            `json:"sourcetype"`
	Index      string            `json:"index"`
	Event      map[string]string `json:"event"`
}

func (h *HEC) encode(f Finding) ([]byte, error) {
	return json.Marshal(hecEvent{f.Time.Epoch(), f.Host, FindingSource, FindingSourcetype, h.Index, f.Fields})
}

// Batch implements Store.
func (h *HEC) Batch(findings []Finding) int {
	size := 0
	for i, f := range findings[:min(hecEvents, len(findings))] {
		if text, err := h.encode(f); err == nil {
			size += len(text)
		}
		if size > hecBytes && i > 0 {
			return i
		}
	}
	return min(hecEvents, len(findings))
}

// Write implements Store.
func (h *HEC) Write(ctx context.Context, batch []Finding) error {
	var body bytes.Buffer
	for _, f := range batch {
		text, err := h.encode(f)
		if err != nil {
			return fmt.Errorf("encoding finding %s: %w", f.ID, err)
		}
		body.Write(text)
		body.WriteByte('\n')
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.Address.JoinPath("services/collector/event").String(), &body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	const what = "sending to the HTTP Event Collector"
	resp, err := client(h.Transport).Do(req)
	if err != nil {
		return fmt.Errorf("%s: %w", what, withoutAddress(err))
	}
	defer func() { _ = resp.Body.Close() }()
	return judgeHEC(resp, len(batch), what)
}

// Known implements Store. The ids are searched for as words of the event's text, so
// that no field extraction is needed for them.
func (h *HEC) Known(ctx context.Context, ids []string) (map[string]bool, error) {
	known := idReceiver{rec: record.New(record.NewNames(rowID, "count")), known: map[string]bool{}}
	job, err := h.Search.Start(ctx, Search{Text: h.lookup(ids), Earliest: "0", Latest: endOfTime, Max: 2 * len(ids)})
	if job != nil {
		defer func() { _ = Finish(ctx, job, h.Transport.Policy) }() // it ends by itself after a while
	}
	if err != nil {
		return nil, err
	}
	status, err := Wait(ctx, job, h.Transport.Policy, nil)
	if err != nil {
		return nil, err
	}
	rows, err := Fetch(ctx, job, status, len(ids), h.Transport.Policy, &known, nil)
	if err != nil {
		return nil, err
	}
	return known.known, h.whole(status, rows, &known)
}

// whole returns an error when a lookup may have missed something, unless the user lives
// with that.
func (h *HEC) whole(s Status, rows int, got *idReceiver) error {
	reason := Incomplete(s, rows)
	switch {
	case reason != "":
	case got.bad > 0:
		reason = fmt.Sprintf("%d of its %d results cannot be read", got.bad, rows)
	case s.Events > got.events: // stats counts each event that the search matched
		reason = fmt.Sprintf("it matched %d events and tells of %d", s.Events, got.events)
	default:
		return nil
	}
	err := fmt.Errorf("%w: %s", ErrIncomplete, reason)
	if h.Doubtful == nil {
		return err
	}
	h.Doubtful(err)
	return nil
}

// endOfTime is after every event: without it, those of clocks that are ahead would not
// be searched.
const endOfTime = "2147483647"

func (h *HEC) lookup(ids []string) string {
	return `search index="` + h.Index + `" sourcetype="` + FindingSourcetype + `" (TERM(` + strings.Join(ids, ") OR TERM(") + `))` +
		` | rex field=_raw "\"` + rowID + `\"\s*:\s*\"(?<` + rowID + `>[0-9a-f]{32})\"" | stats count by ` + rowID
}

// idReceiver takes the ids that are found, and how many events have them.
type idReceiver struct {
	rec    *record.Record
	known  map[string]bool
	events int
	bad    int
}

func (r *idReceiver) Begin(event.Time) (*record.Record, error) { return r.rec, nil }

func (r *idReceiver) Take() {
	id := string(r.rec.Get(0))
	count, err := strconv.Atoi(string(r.rec.Get(1)))
	if !isID(id) || err != nil || count < 1 {
		r.bad++
		return
	}
	r.known[id] = true
	r.events += count
}

func (r *idReceiver) Malformed() { r.bad++ }
