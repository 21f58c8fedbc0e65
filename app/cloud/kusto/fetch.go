package kusto

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/cloud"
)

// slice is a part of a table's rows: those of a span of time, its end not among them, and of
// one share of the devices.
type slice struct {
	from, to      time.Time
	share, shares int
}

// How small slices become: below, rows are missing and it is said.
const (
	shortest   = time.Second
	mostShares = 64
	longest    = 24 * time.Hour // of the first slices
)

func (s slice) span() string { return stamp(s.from) + "/" + stamp(s.to) }

// halves cuts a slice in two, by time and then by devices. It reports false for one that is as
// small as slices become. hash(x, 2n) is i or i+n where hash(x, n) is i.
func (s slice) halves() (a, b slice, can bool) {
	if d := s.to.Sub(s.from); d > shortest {
		middle := s.from.Add((d / 2).Truncate(100 * time.Nanosecond))
		return slice{s.from, middle, s.share, s.shares}, slice{middle, s.to, s.share, s.shares}, true
	}
	if s.shares*2 > mostShares {
		return s, s, false
	}
	return slice{s.from, s.to, s.share, 2 * s.shares}, slice{s.from, s.to, s.share + s.shares, 2 * s.shares}, true
}

// Sink is what takes the events and is told of the way.
type Sink struct {
	// Take takes an answer that is whole, in the service's own JSON. It is not kept.
	Take func(answer []byte) error
	// Doing is told what is asked for next, and how many rows have come.
	Doing func(what string, rows int)
	// Warn is told what is missing, and Note what may not matter.
	Warn, Note func(text string)
}

// Report is what came.
type Report struct {
	Rows, Questions, Splits int
	Missing                 int // slices of which rows are missing
	Tables                  int // that are there
}

// Fetch asks for all rows of all tables between two times and hands them on. An error says
// what could not be fetched; what was handed on before is part of it only.
func (s *Service) Fetch(ctx context.Context, from, to time.Time, sink Sink) (r Report, err error) {
	f := fetching{Service: s, sink: sink}
	if s.Reach > 0 && to.Sub(from) > s.Reach {
		sink.Warn(fmt.Sprintf("%s reaches back %d days: what is older is missing", s.Name, int(s.Reach.Hours()/24)))
		from = to.Add(-s.Reach)
	}
	for i := range s.Tables {
		there, err := f.table(ctx, &s.Tables[i], from, to)
		if err != nil {
			return f.report, fmt.Errorf("%s: %w", nameOf(&s.Tables[i]), err)
		}
		if there {
			f.report.Tables++
		} else {
			sink.Note(fmt.Sprintf("there is no table %s here", s.Tables[i].Name))
		}
	}
	if f.report.Tables == 0 {
		return f.report, errors.New("none of the tables that the hunt reads is there")
	}
	return f.report, nil
}

func nameOf(t *Table) string {
	name, _, _ := strings.Cut(t.Name, "\n")
	return name
}

type fetching struct {
	*Service
	sink   Sink
	report Report
}

// table fetches one table, slice after slice. They become longer where few rows come. It
// reports false where there is no such table.
func (f *fetching) table(ctx context.Context, t *Table, from, to time.Time) (there bool, err error) {
	for length := longest; from.Before(to); {
		end := from.Add(length)
		if end.After(to) {
			end = to
		}
		rows := f.report.Rows
		if err := f.slice(ctx, t, slice{from: from, to: end, shares: 1}); err != nil {
			return there, ignoreMissing(err, there)
		}
		if there, from = true, end; f.report.Rows-rows < f.Most/8 {
			length *= 2
		}
	}
	return there, nil
}

// ignoreMissing takes the error away that says there is no such table, before any of it came.
func ignoreMissing(err error, there bool) error {
	if isNoTable(err) && !there {
		return nil
	}
	return err
}

// slice fetches a slice, in halves where one answer cannot have all of it.
func (f *fetching) slice(ctx context.Context, t *Table, of slice) error {
	for todo := []slice{of}; len(todo) > 0; {
		next := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		f.sink.Doing(nameOf(t)+" from "+next.from.UTC().Format(time.DateTime), f.report.Rows)
		a, _, err := f.ask(ctx, f.query(t, next), next)
		f.report.Questions++
		if err != nil && !tooMuch(err) {
			return err
		}
		if err != nil || a.rows >= f.Most || a.partial != "" {
			if one, other, can := next.halves(); can {
				f.report.Splits++
				todo = append(todo, other, one)
				continue
			}
			if err != nil {
				return err
			}
			f.missing(t, next, &a)
		}
		if a.rows == 0 {
			continue
		}
		if err := f.sink.Take(a.body); err != nil {
			return err
		}
		f.report.Rows += a.rows
	}
	return nil
}

func (f *fetching) missing(t *Table, of slice, a *answer) {
	why := fmt.Sprintf("%d rows came, which is as many as it gives", a.rows)
	if a.partial != "" {
		why = a.partial
	}
	f.report.Missing++
	f.sink.Warn(fmt.Sprintf("%s: rows of %s are missing, and smaller slices are not asked for: %s", nameOf(t), of.span(), why))
}

// tooMuch reports whether less may be answered where all was not: an answer too long, a
// query that took too long or too much memory.
func tooMuch(err error) bool {
	var status *cloud.StatusError
	if cloud.IsTooLong(err) {
		return true
	}
	if !errors.As(err, &status) {
		return false
	}
	text := strings.ToLower(status.Text)
	for _, mark := range []string{"result_set_too_large", "exceeded the allowed", "result size", "timed out", "timeout", "too many results", "runaway", "query_limit", "resultlimit"} {
		if strings.Contains(text, mark) {
			return true
		}
	}
	return status.Code == http.StatusGatewayTimeout || status.Code == http.StatusRequestEntityTooLarge
}

// isNoTable reports whether an error says that a table is not there.
func isNoTable(err error) bool {
	var status *cloud.StatusError
	if !errors.As(err, &status) || status.Code != http.StatusBadRequest {
		return false
	}
	text := strings.ToLower(status.Text)
	return strings.Contains(text, "failed to resolve table") || strings.Contains(text, "sem0100") && strings.Contains(text, "table")
}
