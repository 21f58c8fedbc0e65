package hold

import (
	"github.com/klauspost/compress/s2"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Writer puts events into a Set. It is an event.Sink, for one goroutine; what it is
// given is packed at once.
type Writer struct {
	open [Count]openPage // of events; the first field, so that they begin with a line of the core's cache
	rows [Count]openPage

	set     *Set
	symbols *event.Symbols
	dict    *dictionary
	most    capacity // of symbols
	pack    packer
	packed  []byte       // the last page that was compressed
	sure    tally        // of the record times
	unsure  tally        // of those of which day and month may have to be exchanged
	audit   tally        // of those of the audit log
	mapped  tally        // of those that mappers read
	strange tally        // of those of them of which day and month may have to be exchanged
	doubt   event.Unsure // of the next event
	err     error

	devices spellings     // of rows of processes
	logs    spellings     // of those of the scheduler's log
	hashes  []uint64      // of devices, by number
	beside  kind          // besideRow when the next event has a row too
	row     [mostRow]byte // the last one
}

func newWriter(s *Set) *Writer {
	symbols := s.symbols.Sibling()
	w := &Writer{set: s, symbols: symbols, dict: newDictionary(symbols), most: atFirst, devices: make(spellings), logs: make(spellings)}
	w.pack.w = w
	for i := range w.open {
		w.open[i].partition, w.rows[i].partition, w.rows[i].rows = uint16(i), uint16(i), true
	}
	return w
}

// Interner implements event.Sink. Symbols are void after the next event is added.
func (w *Writer) Interner() *event.Symbols { return w.symbols }

// Err returns why events were lost, nil if none were: the file for what exceeds the
// limit could not be written.
func (w *Writer) Err() error { return w.err }

// begin begins an event on the open page of its device. Most devices are the lower case
// of the name that is shown: then the name is enough.
func (w *Writer) begin(kind kind, s *event.Source) {
	kind |= w.beside
	w.beside = 0
	if w.doubt != 0 {
		kind |= hasUnsure
	}
	if s.Audit {
		kind |= ofAudit
	}
	if s.Mapper != 0 {
		kind |= ofMapper
	}
	device := s.DeviceName
	if w.symbols.Fold(device) != s.Device {
		device, kind = s.Device, kind|ownDevice
	}
	k := &w.pack
	k.page = &w.open[w.partition(device, s.Device)]
	k.out = append(k.out[:0], byte(kind))
	k.source(s, device)
	if w.doubt != 0 {
		k.out = append(k.out, byte(w.doubt))
	}
	if s.Mapper != 0 {
		k.out = append(k.out, s.Mapper)
	}
}

// Unsure implements event.UnsureSink.
func (w *Writer) Unsure(u event.Unsure) { w.doubt = u }

// partition returns that of a device, which is known by a symbol of its own or by the name
// that is shown of it.
func (w *Writer) partition(by, device event.Sym) uint16 {
	k := w.know(by)
	if k&placed == 0 {
		k = withPartition(w.set.of(w.symbols.Bytes(device)))
		w.learn(by, k)
	}
	return k.partition() % Count
}

// done ends an event of a process. What the audit log tells is the newest event only where
// no sensor tells of any; what mappers tell has a tally of its own (see Clock).
func (w *Writer) done(s *event.Source) {
	switch {
	case s.Mapper != 0 && w.doubt&event.UnsureTime == 0:
		w.mapped.add(s.Time, w.pack.page.partition)
	case s.Mapper != 0:
		w.strange.add(s.Time, w.pack.page.partition)
	case s.Audit:
		w.audit.add(s.Time, w.pack.page.partition)
	case w.doubt&event.UnsureTime == 0:
		w.sure.add(s.Time, w.pack.page.partition)
	default:
		w.unsure.add(s.Time, w.pack.page.partition)
	}
	w.finish(s)
}

// finish ends an event.
func (w *Writer) finish(s *event.Source) {
	page := w.pack.page
	page.last = s.Time
	w.doubt = 0
	if page.add(w.pack.out) {
		w.shut(page)
	}
	if w.symbols.Len() > w.most.symbols || w.symbols.Size() > w.most.text {
		w.forget()
	}
}

// shut gives a full page to the set. Rows are hashes mostly: there is nothing to compress.
// Where there are rows, what is read in full makes room for them.
func (w *Writer) shut(page *openPage) {
	packed := !page.rows && (len(w.hashes) > 0 || w.set.compresses())
	if w.err == nil {
		full := page.bytes
		if packed {
			w.packed = s2.Encode(w.packed[:cap(w.packed)], full)
			full = w.packed
		}
		w.err = w.set.keep(page.partition, full, w, packed)
	}
	if packed && cap(page.bytes) <= 2*pageSize {
		page.next(page.bytes[:0])
		return
	}
	page.next(make([]byte, 0, pageSize+lastEvent))
}
