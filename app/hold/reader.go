package hold

import (
	"fmt"

	"github.com/klauspost/compress/s2"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Reader unpacks partitions, one at a time. Each is for one goroutine.
type Reader struct {
	set   *Set
	part  *Part
	known map[*dictionary]*numbered
	file  []byte
	plain []byte
}

// Reader returns a new reader. The writers must be done.
func (s *Set) Reader() *Reader {
	return &Reader{set: s, part: newPart(s.symbols.Sibling()), known: make(map[*dictionary]*numbered)}
}

// Sink takes further events for the Part that Read last returned.
func (r *Reader) Sink() event.Sink { return r.part.Store }

// Read returns the events of a partition, 0 to Count-1, in no order that means
// anything, and takes them out of the set: what was examined needs no memory any more.
// They are valid until the next Read, which returns the same Part.
func (r *Reader) Read(partition int) (*Part, error) {
	r.part.reset()
	for _, k := range r.known {
		k.forget()
	}
	held := 0
	for _, p := range r.set.pages[partition] {
		if err := r.page(p); err != nil {
			return nil, err
		}
		held += len(p.place.bytes)
	}
	r.set.pages[partition] = nil
	r.set.release(int64(held))
	for _, w := range r.set.writers {
		for _, page := range [...]*openPage{&w.open[partition], &w.rows[partition]} {
			if err := r.unpack(page.all(), w); err != nil {
				return nil, err
			}
		}
	}
	return r.part, nil
}

// page unpacks a page that was full.
func (r *Reader) page(p page) error {
	full, err := r.set.shelf.read(p.place, &r.file)
	if err != nil {
		return err
	}
	if !p.packed {
		return r.unpack(full, p.writer)
	}
	if r.plain, err = s2.Decode(r.plain[:cap(r.plain)], full); err != nil {
		return fmt.Errorf("unpacking events: %w", err)
	}
	return r.unpack(r.plain, p.writer)
}

func (r *Reader) unpack(plain []byte, w *Writer) error {
	dict := w.dict
	if r.known[dict] == nil {
		r.known[dict] = &numbered{dict: dict, syms: make([]event.Sym, dict.texts.Len())}
	}
	k := unpacker{part: r.part, store: r.part.Store, known: r.known[dict], hasher: r.set.hasher, hashes: w.hashes, exchange: r.set.exchange}
	return k.page(plain)
}
