package cli

import (
	"context"
	"errors"
	"io"

	"github.com/schtaskhunt/schtaskhunt/app/engine"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
	"github.com/schtaskhunt/schtaskhunt/app/source"
)

// reading is what there is to say about the files that were read.
type reading struct {
	broken  *brokenEvents
	seen    *seen
	notes   *source.Notes
	skipped []source.Skipped
}

// tell says it, in the order in which the files were named.
func (r *reading) tell(w io.Writer, all bool) {
	for _, event := range r.broken.first {
		tell(w, "WARN", event.text)
	}
	r.tellFiles(w, all)
}

// tellNotes says what is wrong with files that were read all the same.
func (r *reading) tellNotes(w io.Writer, all bool) {
	for _, line := range r.notes.Lines(all) {
		tell(w, "WARN", line)
	}
}

// tellFiles says what is wrong with the files themselves.
func (r *reading) tellFiles(w io.Writer, all bool) {
	r.tellNotes(w, all)
	for _, text := range leftOut(r.skipped, all) {
		tell(w, "WARN", text)
	}
}

// readInto adds the events of the files to the hunt, on all of its lanes. again gets to
// know the files whose rows can be read again.
func (f *fileHunt) readInto(ctx context.Context, h engine.Engine, again *source.Files) (*reading, error) {
	r := &reading{broken: &brokenEvents{}, seen: newSeen(), notes: &source.Notes{}}
	feed, err := engine.NewFeed(h, func(lane engine.Lane) func(fileBatch) { return r.batchReader(lane, h.Names()) })
	if err != nil {
		return r, err
	}
	from := source.Source{Read: f.read.bar.read, Opened: f.read.opened, Files: again, Notes: r.notes, Names: h.Names(), Unnamed: schema.Unnamed, Own: ownTables(), Other: f.other}
	stats, err := sendAll(ctx, feed, from, f.rest.Files, f.out.streams)
	err = errors.Join(err, feed.Close())
	f.read.bar.clear()
	if r.skipped = stats.Skipped; err != nil && ctx.Err() == nil {
		r.tell(f.out.streams.Err, false)
	}
	return r, err
}

// fileBatch is a batch of the events of one of the files that were named.
type fileBatch struct {
	file int
	*source.Batch
}

// sendAll cuts the files into parts.
func sendAll(ctx context.Context, feed *engine.Feed[fileBatch], from source.Source, files []string, s Streams) (all source.Stats, err error) {
	for i, file := range files {
		send := func(b *source.Batch) error {
			feed.Send(fileBatch{i, b})
			return ctx.Err()
		}
		stats, err := eachBatch(from, file, s, send)
		all.Skipped = append(all.Skipped, stats.Skipped...)
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

func eachBatch(from source.Source, file string, s Streams, fn func(*source.Batch) error) (source.Stats, error) {
	if file == "-" {
		return from.BatchesIn("standard input", s.In, fn)
	}
	return from.Batches(file, fn)
}

// batchReader returns what reads batches with a lane.
func (r *reading) batchReader(lane engine.Lane, names *record.Names) func(fileBatch) {
	rec := record.New(names)
	return func(p fileBatch) {
		left := toLook(p.Batch)
		_ = p.Each(func(e source.Event) error {
			kind, err := addEvent(lane, e, rec)
			if err != nil {
				r.broken.add(p, e, kind, err)
			}
			if left > 0 && (kind == event.Other || kind == event.Malformed) {
				left--
				r.seen.look(e, err)
			}
			return nil
		})
		p.Free()
	}
}

// addEvent adds one event; the error says what is wrong with it.
func addEvent(lane engine.Lane, e source.Event, rec *record.Record) (event.Kind, error) {
	if e.Text != nil {
		return lane.AddText(e.Text)
	}
	if err := e.Fill(rec); err != nil {
		lane.AddMalformed()
		return event.Malformed, errors.Unwrap(err)
	}
	return lane.Add(rec)
}
