package cloud

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
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
		return fmt.Errorf("%s: %w", what, err)
	}
	defer func() { _ = resp.Body.Close() }()
	err = check(resp, what)
	if err != nil && resp.StatusCode >= http.StatusInternalServerError && resp.StatusCode != http.StatusServiceUnavailable {
		return &UnsureError{err}
	}
	return err
}

// Known implements Store. The ids are searched for as words of the event's text, so
// that no field extraction is needed for them.
func (h *HEC) Known(ctx context.Context, ids []string) (map[string]bool, error) {
	known := idReceiver{rec: record.New(record.NewNames(rowID)), known: map[string]bool{}}
	job, err := h.Search.Start(ctx, Search{Text: h.lookup(ids), Earliest: "0", Latest: endOfTime, Max: 2 * len(ids)})
	if err != nil {
		return nil, err
	}
	defer func() { _ = Finish(ctx, job) }() // it ends by itself after a while
	status, err := Wait(ctx, job, h.Transport.Policy, nil)
	if err != nil {
		return nil, err
	}
	_, err = Fetch(ctx, job, status, len(ids), h.Transport.Policy, &known, nil)
	return known.known, err
}

// endOfTime is after every event: without it, those of clocks that are ahead would not
// be searched.
const endOfTime = "2147483647"

func (h *HEC) lookup(ids []string) string {
	return `search index="` + h.Index + `" sourcetype="` + FindingSourcetype + `" (TERM(` + strings.Join(ids, ") OR TERM(") + `))` +
		` | rex field=_raw "\"` + rowID + `\"\s*:\s*\"(?<` + rowID + `>[0-9a-f]{32})\"" | stats count by ` + rowID
}

// idReceiver takes the ids that are found.
type idReceiver struct {
	rec   *record.Record
	known map[string]bool
}

func (r *idReceiver) Begin(event.Time) (*record.Record, error) { return r.rec, nil }

func (r *idReceiver) Take() { r.known[string(r.rec.Get(0))] = true }

func (r *idReceiver) Malformed() {}
