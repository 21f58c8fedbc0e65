package cloud

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// Wait asks after the job until it is done. watch is told of every answer; nil tells
// nobody. A job that failed is an error with the server's own words.
func Wait(ctx context.Context, j Job, p Policy, watch func(Status)) (Status, error) {
	for pause := p.Poll; ; pause = min(pause*3/2, 10*p.Poll) {
		s, err := j.Status(ctx)
		if err != nil {
			return s, err
		}
		if watch != nil {
			watch(s)
		}
		if s.Failed || s.Done && hasFatal(s.Messages) {
			return s, &FailedError{ID: j.ID(), Status: s}
		}
		if s.Done {
			return s, nil
		}
		if err := sleep(ctx, pause); err != nil {
			return s, err
		}
	}
}

// hasFatal reports whether splunkd gave a search up, which it tells of jobs that are
// done, too.
func hasFatal(messages []Message) bool {
	return slices.ContainsFunc(messages, func(m Message) bool { return m.Level == "FATAL" })
}

// FailedError is a search that the server could not run.
type FailedError struct {
	ID     string
	Status Status
}

func (e *FailedError) Error() string {
	text := fmt.Sprintf("the search failed (job %s", e.ID)
	if e.Status.State != "" {
		text += ", " + e.Status.State
	}
	text += ")"
	for _, m := range e.Status.Messages {
		if m.Level == "FATAL" || m.Level == "ERROR" {
			text += ": " + m.Text
		}
	}
	return text
}

// Fetch hands all results of a job that is done to r, in pages of at most size, and
// returns how many there were. fetched is told of each page's rows.
//
// No event is lost or doubled: only whole rows of a page are used, and the next begins
// where the last really ended. Fewer are asked for where they are long. A server that
// gives fewer or more results than its job has, or does not page, is an error.
func Fetch(ctx context.Context, j Job, s Status, size int, p Policy, r Receiver, fetched func(int)) (int, error) {
	rec, err := r.Begin(s.Latest)
	if err != nil {
		return 0, err
	}
	f := fetching{job: j, status: s, most: size, size: size, policy: p, seed: maphash.MakeSeed()}
	for rows := record.NewRows(); ; {
		page, err := f.next(ctx)
		if err != nil || page.Rows == 0 {
			return f.offset, err
		}
		for range page.Malformed {
			tooLong(r, p.MaxRow)
		}
		if err := feed(rows, page, rec, r); err != nil {
			return f.offset, err
		}
		if fetched != nil {
			fetched(page.Rows)
		}
	}
}

// fetching is where in the results a Fetch is.
type fetching struct {
	job        Job
	status     Status
	policy     Policy
	most, size int // rows to ask for at once: at most, and now
	offset     int
	seed       maphash.Seed
	last       uint64 // hash of the last page
}

// next returns the next page, and one of no rows at the end.
func (f *fetching) next(ctx context.Context) (Page, error) {
	for empty := 0; ; {
		page, err := f.job.Page(ctx, f.offset, f.size)
		if errors.Is(err, errTooLong) && f.size > 1 {
			f.size /= 2
			continue
		}
		if err != nil {
			return Page{}, err
		}
		if page.Rows > 0 {
			f.offset += page.Rows
			f.adapt(page)
			return page, f.believable(page)
		}
		if f.offset >= f.status.Results {
			return page, nil
		}
		if empty++; empty >= f.policy.Attempts {
			return page, fmt.Errorf("the job has %d results, of which the server gives only %d", f.status.Results, f.offset)
		}
		if err := sleep(ctx, f.policy.backOff(empty)); err != nil {
			return page, err
		}
	}
}

// adapt has the next page be about as long as is taken at once.
func (f *fetching) adapt(page Page) {
	switch {
	case page.Cut:
		f.size = max(1, page.Rows*7/8)
	case int64(len(page.CSV)) < f.policy.MaxPage/4:
		f.size = min(f.most, 2*f.size)
	}
}

// repeats is from how many rows on two equal pages are no chance.
const repeats = 100

var errNotPaging = errors.New("the server does not page its results")

func (f *fetching) believable(page Page) error {
	if results := f.status.Results; results >= 0 && f.offset > results {
		return fmt.Errorf("%w: its job has %d, and %d came", errNotPaging, results, f.offset)
	}
	before := f.last
	f.last = maphash.Bytes(f.seed, page.CSV)
	if (page.Rows >= repeats || f.status.Results < 0) && f.last == before && len(page.CSV) > 0 {
		return fmt.Errorf("%w: the same %d rows came twice", errNotPaging, page.Rows)
	}
	return nil
}

func feed(rows *record.Rows, page Page, rec *record.Record, r Receiver) error {
	if err := rows.Reset(page.CSV); err != nil {
		return err
	}
	for rows.Next(rec) {
		r.Take()
	}
	if rows.Err() != nil {
		r.Malformed()
	}
	return nil
}

// Warnings says what is missing from the results, of which rows came: a limit that cut
// them, a search that did not run to its end, and what the server warned of.
func Warnings(s Status, rows int) (warnings []string) {
	for _, m := range s.Messages {
		if isWarning(m.Level) {
			warnings = append(warnings, "the server says: "+m.Text)
		}
	}
	if s.Partial != "" {
		warnings = append(warnings, s.Partial)
	}
	switch {
	case s.Limit > 0 && rows >= s.Limit:
		warnings = append(warnings, fmt.Sprintf("results are cut off at --max-results %d: what is older is missing; raise it, narrow the search, or use --fetch stream", s.Limit))
	case s.Events > rows:
		warnings = append(warnings, fmt.Sprintf("the search matched %d events and gave %d results: unless the search drops the others itself, "+
			"a limit of the server (max_count of [search] in its limits.conf, 500000 by default) did; use --fetch stream to get all", s.Events, rows))
	}
	return warnings
}

// Finish cancels a job when its results are fetched or no longer wanted. It does so
// also after ctx has ended, and gives up after the policy's Farewell.
func Finish(ctx context.Context, j Job, p Policy) error {
	ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), p.Farewell, &farewellError{p.Farewell})
	defer cancel()
	return j.Cancel(ctx)
}
