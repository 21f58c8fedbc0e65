package cloud

import (
	"context"
	"errors"
	"fmt"
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
	Written int // now
	Known   int // written by an earlier run
	Missing int // accepted now, and not yet found when asked for
}

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
		if err := deliver(ctx, s, rest[:n], p); err != nil {
			return d, fmt.Errorf("writing findings (%d of %d are written): %w", d.Written, len(fresh), err)
		}
		d.Written += n
		rest = rest[n:]
	}
	missing, err := settled(ctx, s, fresh, p)
	if err != nil {
		return d, fmt.Errorf("looking up the findings just written: %w", err)
	}
	d.Missing = len(missing)
	return d, nil
}

// deliver writes one batch.
func deliver(ctx context.Context, s Store, batch []Finding, p Policy) error {
	for attempt := 1; len(batch) > 0; attempt++ {
		err := s.Write(ctx, batch)
		if unsure := (*UnsureError)(nil); !errors.As(err, &unsure) || ctx.Err() != nil || attempt >= p.Attempts {
			return err
		}
		if batch, err = settled(ctx, s, batch, p); err != nil {
			return err
		}
	}
	return nil
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
