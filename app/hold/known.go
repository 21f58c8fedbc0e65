package hold

import "github.com/schtaskhunt/schtaskhunt/app/event"

// known is what a writer knows of a symbol, as the note that the symbol bears: its number
// in the dictionary, 0 when it has none; the partition of the device with that name; and
// the flags.
type known uint64

const (
	placed   known = 1 << (48 + iota) // the partition is known
	seenOnce                          // the text was seen, at all
	seenNow                           // it was, since some were forgotten last
	noted                             // the device with that name is noted as one with a log of tasks
)

func (k known) number() uint32 { return uint32(k) }

func (k known) partition() uint16 { return uint16(k >> 32) }

func withNumber(n uint32) known { return known(n) }

func withPartition(n uint16) known { return placed | known(n)<<32 }

func (w *Writer) know(y event.Sym) known { return known(*w.symbols.Note(y)) }

// learn adds to what is known of a symbol.
func (w *Writer) learn(y event.Sym, k known) { *w.symbols.Note(y) |= uint64(k) }

// capacity is how many symbols there may be, and how long they may be together, in bytes,
// before some are forgotten: most texts are seen once, and looking one up must not leave
// the core's cache.
type capacity struct{ symbols, text int }

// What a writer begins with, what it has room for besides the symbols that it retains, and
// the most that it retains. Tests set them lower.
var (
	atFirst    = capacity{1 << 14, 2 << 20}
	besides    = capacity{1 << 13, 1 << 20}
	mostToKeep = capacity{1 << 15, 8 << 20}
)

// forget forgets the texts that have no number, or were not seen since the last time.
// Those of a fleet are names and users of its machines, and the programs and jobs that
// all of them run: they come again and again.
func (w *Writer) forget() {
	w.symbols.Retain(func(y event.Sym) bool {
		k := w.know(y)
		return k.number() != 0 && k&seenNow != 0
	})
	if w.symbols.Len() > mostToKeep.symbols || w.symbols.Size() > mostToKeep.text {
		w.symbols.Reset()
	}
	for y := range w.symbols.Len() {
		*w.symbols.Note(event.Sym(y)) &^= uint64(seenNow)
	}
	w.most = capacity{max(atFirst.symbols, w.symbols.Len()+besides.symbols), max(atFirst.text, w.symbols.Size()+besides.text)}
}
