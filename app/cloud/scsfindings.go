package cloud

import (
	"context"
	"errors"
	"net/http"

	"github.com/splunk/splunk-cloud-sdk-go/services/ingest"
	"github.com/splunk/splunk-cloud-sdk-go/services/kvstore"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/json"
)

// Ingest writes findings to Splunk Cloud Services: the events through its ingest
// service, and their ids to a collection of its key-value store, which remembers them.
type Ingest struct {
	Services   *Services
	Collection string
	Index      string // "" for the tenant's default
}

// keyOf is the key of a collection's record.
const keyOf = "_key"

// Limits of the ingest service: 500 events and 1 MiB a request (its SDK).
const (
	ingestEvents = 500
	ingestBytes  = 512 << 10
)

// Batch implements Store.
func (s *Ingest) Batch(findings []Finding) int {
	size := 0
	for i, f := range findings[:min(ingestEvents, len(findings))] {
		if text, err := json.Marshal(f.Fields); err == nil {
			size += len(text)
		}
		if size > ingestBytes && i > 0 {
			return i
		}
	}
	return min(ingestEvents, len(findings))
}

// Known implements Store.
func (s *Ingest) Known(ctx context.Context, ids []string) (map[string]bool, error) {
	service, err := s.Services.kvstore(ctx)
	if err != nil {
		return nil, err
	}
	known := make(map[string]bool, len(ids))
	for len(ids) > 0 {
		n := min(queryIDs, len(ids))
		if err := s.query(service, ids[:n], known); err != nil {
			return nil, err
		}
		ids = ids[n:]
	}
	return known, nil
}

// queryIDs is how many ids fit into the address of a request, with room to spare.
const queryIDs = 40

func (s *Ingest) query(service *kvstore.Service, ids []string, known map[string]bool) error {
	keys := make([]map[string]string, len(ids))
	for i, id := range ids {
		keys[i] = map[string]string{keyOf: id}
	}
	query, err := json.Marshal(map[string]any{"$or": keys})
	if err != nil {
		return err
	}
	count := int32(len(ids))
	records, err := service.QueryRecords(s.Collection, &kvstore.QueryRecordsQueryParams{Query: string(query), Count: &count})
	if err != nil {
		return s.hint(translate(err, "asking the key-value store which findings are written"))
	}
	for _, r := range records {
		if id, ok := r[keyOf].(string); ok {
			known[id] = true
		}
	}
	return nil
}

// Write implements Store. Events first: a run that dies in between writes them again,
// under the same ids, which the service drops; the other way round they would be lost.
// For that reason both requests can be repeated.
func (s *Ingest) Write(ctx context.Context, batch []Finding) error {
	events, err := s.Services.ingest(repeatable(ctx))
	if err != nil {
		return err
	}
	if _, err := events.PostEvents(s.events(batch)); err != nil {
		return translate(err, "sending to the ingest service")
	}
	records, err := s.Services.kvstore(repeatable(ctx))
	if err != nil {
		return err
	}
	ids := make([]map[string]any, len(batch))
	for i, f := range batch {
		ids[i] = map[string]any{keyOf: f.ID, "time": f.Time.Epoch(), "device": f.Host}
	}
	update := true
	_, err = records.InsertRecords(s.Collection, ids, &kvstore.InsertRecordsQueryParams{AllowUpdates: &update})
	return s.hint(translate(err, "remembering findings in the key-value store"))
}

func (s *Ingest) events(batch []Finding) []ingest.Event {
	source, sourcetype := FindingSource, FindingSourcetype
	events := make([]ingest.Event, len(batch))
	for i, f := range batch {
		e := ingest.Event{Body: f.Fields, Source: &source, Sourcetype: &sourcetype, Id: &batch[i].ID, Host: optional(f.Host)}
		if f.Time != event.NoTime {
			milliseconds := f.Time.Std().UnixMilli()
			e.Timestamp = &milliseconds
		}
		if s.Index != "" {
			e.Attributes = map[string]any{"index": s.Index}
		}
		events[i] = e
	}
	return events
}

// errNoCollection is how a missing collection is told.
type errNoCollection struct {
	name string
	err  error
}

func (e *errNoCollection) Error() string {
	return e.err.Error() + "; the collection " + e.name + " has to be made once, as a dataset of kind kvcollection"
}

func (e *errNoCollection) Unwrap() error { return e.err }

func (s *Ingest) hint(err error) error {
	if status := (*StatusError)(nil); errors.As(err, &status) && status.Code == http.StatusNotFound {
		return &errNoCollection{s.Collection, err}
	}
	return err
}
