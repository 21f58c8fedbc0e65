package cloud

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Store is where findings go.
type Store interface {
	// Known returns which of the ids have been written before.
	Known(ctx context.Context, ids []string) (map[string]bool, error)
	// Write writes findings, as many as one request may hold. An UnsureError leaves open
	// whether they, or some of them, arrived.
	Write(ctx context.Context, batch []Finding) error
	// Batch returns how many of the findings, 1 or more, one Write may hold.
	Batch(findings []Finding) int
}

// Delivered is what became of findings.
type Delivered struct {
	Written int   // now
	Known   int   // written by an earlier run
	Missing int   // accepted now, and not yet found when asked for
	Refused int   // events that the store does not take, each left out by itself
	Again   int   // sent again, since the first time was not answered and they were not found
	Reason  error // why the first of the refused was
}

// WriteError is a delivery that ended before its end.
type WriteError struct {
	Delivered
	Of     int // how many were to be written
	Unsure int // may be written besides: they were sent, and what became of them is not known
	err    error
}

func (e *WriteError) Error() string {
	text := fmt.Sprintf("writing findings (%d of %d are written", e.Written, e.Of)
	if e.Unsure > 0 {
		text += fmt.Sprintf(", and up to %d more may be: the next run looks them up", e.Unsure)
	}
	return text + "): " + e.err.Error()
}

// Unwrap returns what ended it.
func (e *WriteError) Unwrap() error { return e.err }

// mostRefused is how many events a store may refuse one by one before the delivery
// ends: each costs a request and a lookup.
const mostRefused = 100

// lookupIDs is how many ids are asked for at once.
const lookupIDs = 500

// Deliver writes the findings that no earlier run has written. When a write leaves it
// open whether it arrived, what has arrived is looked up before the rest is sent again.
// In the end all are looked up once more: what cannot be found is counted as Missing.
//
// Two runs at the same time can both find a finding unwritten, and write it twice: its
// row_id is the same, and dedup row_id makes one of them.
func Deliver(ctx context.Context, s Store, findings []Finding, p Policy) (d Delivered, err error) {
	fresh, err := unknown(ctx, s, findings)
	if err != nil {
		return d, fmt.Errorf("looking up which findings are written already: %w", err)
	}
	d.Known = len(findings) - len(fresh)
	for rest := fresh; len(rest) > 0; {
		n := s.Batch(rest)
		one := delivery{store: s, policy: p, all: &d}
		if err := one.deliver(ctx, rest[:n]); err != nil {
			return d, &WriteError{d, len(fresh), one.unsure, err}
		}
		rest = rest[n:]
	}
	missing, err := settled(ctx, s, fresh, p)
	if err != nil {
		return d, fmt.Errorf("all findings were accepted; looking up the %d just written: %w", d.Written, err)
	}
	d.Missing = max(0, len(missing)-d.Refused)
	return d, nil
}

// delivery is the writing of one batch.
type delivery struct {
	store  Store
	policy Policy
	all    *Delivered
	unsure int // how many were sent without an answer
}

// deliver writes a batch. Each turn writes some of it, or counts against the attempts,
// or leaves out an event that is refused.
//
// The writing has the policy's Patience in all; asking what arrived has its own, since
// without an answer to that nothing is known.
func (w *delivery) deliver(ctx context.Context, batch []Finding) error {
	limited, cancel := w.policy.within(ctx)
	defer cancel()
	for attempt := 1; len(batch) > 0; {
		err := w.store.Write(limited, batch)
		unsure, partial := (*UnsureError)(nil), (*PartialError)(nil)
		switch {
		case err == nil:
			w.all.Written += len(batch)
			return nil
		case errors.As(err, &partial):
			batch, err = w.partly(ctx, batch, partial)
		case errors.As(err, &unsure) && ctx.Err() == nil && attempt < w.policy.Attempts:
			attempt++
			was := err
			if batch, err = w.ask(ctx, batch); err == nil && len(batch) > 0 && limited.Err() != nil {
				return was
			}
			w.all.Again += len(batch)
		case errors.As(err, &unsure):
			w.unsure = len(batch)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ask returns those of a batch that did not arrive, as far as can be known.
func (w *delivery) ask(ctx context.Context, batch []Finding) ([]Finding, error) {
	w.unsure = len(batch)
	missing, err := settled(ctx, w.store, batch, w.policy)
	if err != nil {
		return nil, err
	}
	w.unsure = 0
	w.all.Written += len(batch) - len(missing)
	return missing, nil
}

// partly leaves out the event that was refused, and returns what is to be sent yet.
// Which of those before it were taken is asked, not believed.
func (w *delivery) partly(ctx context.Context, batch []Finding, refused *PartialError) ([]Finding, error) {
	if !refused.Own {
		_, err := w.ask(ctx, batch[:refused.At])
		return nil, errors.Join(refused.err, err)
	}
	if w.all.Refused++; w.all.Reason == nil {
		w.all.Reason = refused.err
	}
	if w.all.Refused > mostRefused {
		return nil, fmt.Errorf("more than %d events were refused one by one: %w", mostRefused, refused.err)
	}
	missing, err := w.ask(ctx, batch[:refused.At])
	return slices.Concat(missing, batch[refused.At+1:]), err
}

// settled returns the findings that cannot be found, after all the time that they may
// need to be. An index is not searchable at once.
func settled(ctx context.Context, s Store, findings []Finding, p Policy) ([]Finding, error) {
	pause := p.Settle / 16
	for waited := time.Duration(0); ; waited += pause {
		missing, err := unknown(ctx, s, findings)
		if err != nil || len(missing) == 0 || waited >= p.Settle {
			return missing, err
		}
		if err := sleep(ctx, pause); err != nil {
			return nil, err
		}
	}
}

// unknown returns the findings that have not been written.
func unknown(ctx context.Context, s Store, findings []Finding) (fresh []Finding, err error) {
	for rest := findings; len(rest) > 0; {
		part := rest[:min(lookupIDs, len(rest))]
		rest = rest[len(part):]
		ids := make([]string, len(part))
		for i, f := range part {
			ids[i] = f.ID
		}
		known, err := s.Known(ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, f := range part {
			if !known[f.ID] {
				fresh = append(fresh, f)
			}
		}
	}
	return fresh, nil
}
