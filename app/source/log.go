package source

import (
	"errors"
	"fmt"
	"io"

	"github.com/schtaskhunt/schtaskhunt/app/evtx"
)

// log cuts a binary Windows event log: a batch is one of its chunks, taken apart by
// whoever reads the batch.
func (c *cutting) log() error {
	reader, err := evtx.NewReader(c.text, func(w evtx.Warning) { c.notes.add(c.name, w) })
	if err != nil {
		return fmt.Errorf("reading %s: %w", c.name, err)
	}
	for {
		b := batches.Get().(*Batch)
		if b.log == nil {
			b.log = new(logChunk)
		}
		if err := reader.Next(&b.log.chunk); err != nil {
			b.Free()
			if errors.Is(err, io.EOF) {
				return nil
			}
			return fmt.Errorf("reading %s: %w", c.name, err)
		}
		b.File, b.binary, b.log.notes = c.name, true, c.notes
		if err := c.give(b); err != nil {
			return err
		}
	}
}

// logChunk is a chunk of a binary log, and what takes it apart.
type logChunk struct {
	chunk   evtx.Chunk
	decoder evtx.Decoder
	xml     []byte // of one record
	notes   *Notes
}

// keptXML is the largest memory for a record that is kept for the next, in bytes.
const keptXML = 1 << 20

// eachRecord hands on the records of a chunk, each as the XML that Windows makes of it. One
// that is damaged ends where the damage begins.
func (b *Batch) eachRecord(fn func(Event) error) error {
	log := b.log
	log.decoder.Warn = func(w evtx.Warning) { log.notes.add(b.File, w) }
	log.decoder.Open(&log.chunk)
	for log.decoder.Next() {
		b.read++
		log.xml, _ = log.decoder.AppendXML(log.xml[:0]) // an error is told of by Warn
		record := int(log.decoder.Record().Number)
		err := fn(Event{File: b.File, Text: log.xml[:len(log.xml):len(log.xml)], record: record})
		if cap(log.xml) > keptXML {
			log.xml = nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}
