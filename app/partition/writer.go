package partition

import (
	"github.com/klauspost/compress/s2"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Writer puts events into a Set. It is an event.Sink, for one goroutine; what it is
// given is packed at once.
type Writer struct {
	set     *Set
	symbols *event.Symbols
	known   []known // by symbol
	dict    *dictionary
	open    [Count]openPage // of events
	rows    [Count]openPage
	packed  []byte
	newest  event.Time
	err     error

	devices map[string]Device // of rows, by spelling
	hashes  []uint64          // of devices, by number
	beside  kind              // besideRow when the next event has a row too
}

// openPage is a page that is being filled.
type openPage struct {
	partition uint16
	bytes     []byte
	last      event.Time // record time of the last event in it
	id        event.ID   // the last one in it
	rows      bool       // it is a page of rows
	before    Origin     // of its last row
}

// known is what the writer knows of a symbol.
type known struct {
	number    uint32 // in the dictionary, 0 when it is not there
	partition uint16 // of the device with that name, if placed
	placed    bool
	seen      bool
}

// The symbols are forgotten when they are so many, or so long, that looking one up
// leaves the core's cache: texts that come again do so soon.
const (
	mostSymbols = 1 << 14
	mostText    = 2 << 20
)

func newWriter(s *Set) *Writer {
	symbols := s.symbols.Sibling()
	w := &Writer{set: s, symbols: symbols, dict: newDictionary(symbols), devices: make(map[string]Device)}
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

// AddProcess implements event.Sink.
func (w *Writer) AddProcess(p *event.Process) {
	page := w.page(&p.Source)
	k := packer{w, page, append(page.bytes, w.kind(processStart))}
	k.source(&p.Source, page.last)
	k.process(p)
	w.done(page, k.out, &p.Source)
}

// AddEnd implements event.Sink.
func (w *Writer) AddEnd(e *event.End) {
	page := w.page(&e.Source)
	k := packer{w, page, append(page.bytes, w.kind(processEnd))}
	k.source(&e.Source, page.last)
	k.ref(&e.Self, e.Time)
	w.done(page, k.out, &e.Source)
}

// AddConnection implements event.Sink.
func (w *Writer) AddConnection(c *event.Connection) {
	page := w.page(&c.Source)
	k := packer{w, page, append(page.bytes, w.kind(connection))}
	k.source(&c.Source, page.last)
	k.connection(c)
	w.done(page, k.out, &c.Source)
}

// kind returns what begins an event.
func (w *Writer) kind(k kind) byte {
	k |= w.beside
	w.beside = 0
	return byte(k)
}

// page returns the open page of the event's device.
func (w *Writer) page(s *event.Source) *openPage {
	return w.open[w.partition(s.Device)].begun()
}

// firstSize is how much room a page has at first, in bytes: many partitions of a small
// hunt get no more than that.
const firstSize = 1 << 10

// begun returns the page with room for a start.
func (p *openPage) begun() *openPage {
	if p.bytes == nil {
		p.bytes = make([]byte, 0, firstSize)
	}
	return p
}

func (w *Writer) partition(device event.Sym) uint16 {
	k := w.know(device)
	if !k.placed {
		k.placed, k.partition = true, w.set.of(w.symbols.Bytes(device))
	}
	return k.partition
}

func (w *Writer) know(y event.Sym) *known {
	for int(y) >= len(w.known) {
		w.known = append(w.known, known{})
	}
	return &w.known[y]
}

// done ends an event.
func (w *Writer) done(page *openPage, out []byte, s *event.Source) {
	page.bytes, page.last = out, s.Time
	w.newest = max(w.newest, s.Time)
	if len(out) >= pageSize {
		w.shut(page)
	}
	if w.symbols.Len() > mostSymbols || w.symbols.Size() > mostText {
		w.symbols.Reset()
		clear(w.known)
		w.known = w.known[:0]
	}
}

// lastEvent is room for the event that makes a page full, in bytes: most need less.
const lastEvent = 512

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
	page.last, page.id, page.before = event.NoTime, event.ID{}, Origin{}
	if page.bytes = page.bytes[:0]; !packed || cap(page.bytes) > 2*pageSize {
		page.bytes = make([]byte, 0, pageSize+lastEvent)
	}
}
