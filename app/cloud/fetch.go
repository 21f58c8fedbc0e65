package cloud

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

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
// No event is lost or doubled: a page that breaks is fetched again before any of it is
// used, and the next begins where the last really ended. A server that gives fewer or
// more results than its job has, or does not page, is an error.
func Fetch(ctx context.Context, j Job, s Status, size int, p Policy, r Receiver, fetched func(int)) (int, error) {
	rec, err := r.Begin(s.Latest)
	if err != nil {
		return 0, err
	}
	rows, last, offset, empty := record.NewRows(), Page{}, 0, 0
	for {
		page, err := j.Page(ctx, offset, size)
		if err != nil {
			return offset, err
		}
		if page.Rows == 0 {
			if offset >= s.Results {
				return offset, nil
			}
			if empty++; empty >= p.Attempts {
				return offset, fmt.Errorf("the job has %d results, of which the server gives only %d", s.Results, offset)
			}
			if err := sleep(ctx, p.backOff(empty)); err != nil {
				return offset, err
			}
			continue
		}
		empty = 0
		offset += page.Rows
		if err := believable(page, last, offset, s.Results); err != nil {
			return offset, err
		}
		last = page
		if err := feed(rows, page, rec, r); err != nil {
			return offset, err
		}
		if fetched != nil {
			fetched(page.Rows)
		}
	}
}

// repeats is from how many rows on two equal pages are no chance.
const repeats = 100

var errNotPaging = errors.New("the server does not page its results")

func believable(page, last Page, total, results int) error {
	if results >= 0 && total > results {
		return fmt.Errorf("%w: its job has %d, and %d came", errNotPaging, results, total)
	}
	if (page.Rows >= repeats || results < 0) && bytes.Equal(page.CSV, last.CSV) {
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
// also after ctx has ended, and gives up soon.
func Finish(ctx context.Context, j Job) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return j.Cancel(ctx)
}
