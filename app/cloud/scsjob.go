package cloud

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/splunk/splunk-cloud-sdk-go/services/search"
	"github.com/splunk/splunk-cloud-sdk-go/util"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// servicesJob is a job of Splunk Cloud Services.
type servicesJob struct {
	server *Services
	sid    string
}

// Start implements Remote. The service chooses the job's id, so that a request without
// an answer may leave a job behind, which reads and changes nothing and ends by itself
// within an hour; the search is then asked for again.
func (s *Services) Start(ctx context.Context, q Search) (Job, error) {
	const what = "starting the search"
	service, err := s.search(repeatable(ctx))
	if err != nil {
		return nil, err
	}
	no := false
	created, err := service.CreateJob(search.SearchJob{
		Query: SPL2(q), QueryParameters: &search.QueryParameters{Earliest: optional(q.Earliest), Latest: optional(q.Latest)},
		AllowSideEffects: &no, EnablePreview: &no,
	})
	if err != nil {
		return nil, translate(err, what)
	}
	if created.Sid == nil || !plainSID(*created.Sid) {
		return nil, fmt.Errorf("%s: the answer holds no usable search id", what)
	}
	return &servicesJob{server: s, sid: *created.Sid}, nil
}

// plainSID reports whether a search id can be part of a path, which the SDK does not
// escape.
func plainSID(sid string) bool {
	return sid != "" && !strings.Contains(sid, "..") && !strings.ContainsFunc(sid, func(r rune) bool {
		return notPlain(r) && r != '.' && r != '-' && r != '@' && r != '~'
	})
}

// ID implements Job.
func (j *servicesJob) ID() string { return j.sid }

// Status implements Job.
func (j *servicesJob) Status(ctx context.Context) (Status, error) {
	service, err := j.server.search(ctx)
	if err != nil {
		return Status{}, err
	}
	job, err := service.GetJob(j.sid)
	if err != nil {
		return Status{}, expiredJob(translate(err, "asking how far the search is"))
	}
	return servicesStatus(job), nil
}

func servicesStatus(job *search.SearchJob) Status {
	s := Status{Results: -1, Events: -1, Messages: servicesMessages(job.Messages)}
	if job.Status != nil {
		s.State = string(*job.Status)
	}
	switch {
	case s.State == string(search.SearchStatusDone):
		s.Done = true
	case s.State == string(search.SearchStatusFailed), s.State == string(search.SearchStatusCanceled):
		s.Failed = true
	}
	if job.PercentComplete != nil {
		s.Progress = float64(*job.PercentComplete) / 100
	}
	if job.ResultsAvailable != nil {
		s.Results = int(*job.ResultsAvailable)
	}
	if job.ResolvedLatest != nil {
		if t, ok := event.ParseTime([]byte(*job.ResolvedLatest)); ok {
			s.Latest = t
		}
	}
	return s
}

func servicesMessages(from []search.Message) (messages []Message) {
	for _, m := range from {
		var to Message
		if m.Type != nil {
			to.Level = strings.ToUpper(string(*m.Type))
		}
		if m.Text != nil {
			to.Text = *m.Text
		}
		messages = append(messages, to)
	}
	return messages
}

// Page implements Job.
func (j *servicesJob) Page(ctx context.Context, offset, count int) (Page, error) {
	what := fmt.Sprintf("fetching results from %d on", offset)
	service, err := j.server.search(withKind(ctx, kind{repeatable: true, list: true}))
	if err != nil {
		return Page{}, err
	}
	from, most := int32(offset), int32(count)
	list, err := service.ListResults(j.sid, &search.ListResultsQueryParams{Offset: &from, Count: &most})
	if err != nil {
		return Page{}, expiredJob(translate(err, what))
	}
	return csvPage(list.Results)
}

// Cancel implements Job. A job that is done cannot be cancelled, and need not be.
func (j *servicesJob) Cancel(ctx context.Context) error {
	s, err := j.Status(ctx)
	if err != nil || s.Done || s.Failed {
		return err
	}
	service, err := j.server.search(repeatable(ctx))
	if err != nil {
		return err
	}
	_, err = service.UpdateJob(j.sid, search.UpdateJob{Status: search.UpdateJobStatusCanceled})
	return translate(err, "cancelling the search")
}

// translate makes a StatusError of the SDK's.
func translate(err error, what string) error {
	if err == nil {
		return nil
	}
	if status := (*util.HTTPError)(nil); errors.As(err, &status) {
		text := status.Message
		if status.Code != "" {
			text += " (" + status.Code + ")"
		}
		return &StatusError{Code: status.HTTPStatusCode, Text: text, What: what}
	}
	return fmt.Errorf("%s: %w", what, err)
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
