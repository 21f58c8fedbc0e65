package event

import (
	"bytes"
	"hash/maphash"
	"unicode/utf8"
)

// Sym is an interned string of a Symbols table. Two events have the same Sym
// exactly when they have the same text. Syms are numbered in order of arrival:
// compare them for equality, never for order.
type Sym uint32

// NoSym is the symbol of the empty text, which means "absent".
const NoSym Sym = 0

// Symbols interns strings: each text is stored once, without a pointer for the
// garbage collector to follow. It grows until a Reset or a Retain, and
// is not safe for concurrent use.
type Symbols struct {
	seed  maphash.Seed
	known []symbol // by Sym
	table []entry  // open addressing, by hash; NoSym is a free place
	long  arena    // of texts that do not fit into a symbol
	size  int      // of all texts together, in bytes
	lower []byte

	spare   arena // Retain's
	renamed []Sym
	former  []Sym
}

// symbol is all that is known of one, in one line of the core's cache: a fleet has so many
// texts that each line costs a wait.
type symbol struct {
	size uint32 // of its text, in bytes
	hash uint32 // half that of its text
	fold Sym    // its lower-case symbol, NoSym where not asked for yet
	file Sym    // its file name, NoSym where not asked for yet
	note uint64
	text [mostInLine]byte // or, if it is longer, where it lies: see textAt
}

// mostInLine is how long a text may be that needs no place of its own: the names of hosts
// and users are shorter, and so are most programs' paths.
const mostInLine = 40

// entry is a symbol and half the hash of its text, so that most texts that are not
// it are told apart without a look at them, which would leave the core's cache.
type entry struct {
	hash uint32
	sym  Sym
}

// fewest is the size of a new table.
const fewest = 1024

// NewSymbols returns a table that holds the empty text only.
func NewSymbols() *Symbols { return symbolsOf(maphash.MakeSeed()) }

// Seed is what the table's hashes are made with: secret, so that nobody can write texts
// that all belong in one place.
func (s *Symbols) Seed() maphash.Seed { return s.seed }

// Sibling returns an empty table to and from which Adopt and Find are cheap.
func (s *Symbols) Sibling() *Symbols { return symbolsOf(s.seed) }

func symbolsOf(seed maphash.Seed) *Symbols {
	return &Symbols{seed: seed, known: make([]symbol, 1), table: make([]entry, fewest)}
}

// Reset empties the table and keeps its memory, apart from what a rare flood of texts
// has made of it. Every symbol given out before is void.
func (s *Symbols) Reset() {
	s.long.reset()
	s.known, s.size = s.known[:1], 0
	s.clearTable()
}

func (s *Symbols) clearTable() {
	if len(s.table) > keptPlaces {
		s.table = make([]entry, fewest)
	}
	clear(s.table)
}

// keptPlaces is how large a table a Reset keeps: clearing a larger one costs more
// than to grow it again.
const keptPlaces = 1 << 16

// Size returns the length of all texts together, in bytes.
func (s *Symbols) Size() int { return s.size }

// Len returns the number of symbols, NoSym included: every Sym is below it.
func (s *Symbols) Len() int { return len(s.known) }

// Intern returns the symbol of a text and copies the text if it is new.
func (s *Symbols) Intern(text []byte) Sym {
	if len(text) == 0 {
		return NoSym
	}
	return s.intern(text, s.hash(text))
}

// Adopt is Intern for the text of a sibling's symbol.
func (s *Symbols) Adopt(from *Symbols, y Sym) Sym {
	if y == NoSym {
		return NoSym
	}
	return s.intern(from.Bytes(y), from.known[y].hash)
}

// Find returns the symbol of the text of a sibling's symbol, NoSym when it has none.
func (s *Symbols) Find(from *Symbols, y Sym) Sym {
	if y == NoSym {
		return NoSym
	}
	return s.table[s.find(from.Bytes(y), from.known[y].hash)].sym
}

func (s *Symbols) intern(text []byte, hash uint32) Sym {
	at := s.find(text, hash)
	if y := s.table[at].sym; y != NoSym {
		return y
	}
	y := Sym(len(s.known))
	s.known = append(s.known, symbol{size: uint32(len(text)), hash: hash})
	s.setText(y, text)
	s.table[at] = entry{hash, y}
	if len(s.known)*4 > len(s.table)*3 {
		s.grow()
	}
	return y
}

func (s *Symbols) hash(text []byte) uint32 { return uint32(maphash.Bytes(s.seed, text) >> 32) }

// Bytes returns a symbol's text, which nobody may write to.
func (s *Symbols) Bytes(y Sym) []byte {
	if y == NoSym {
		return nil
	}
	k := &s.known[y]
	if k.size <= mostInLine {
		return k.text[:k.size:k.size]
	}
	return s.long.bytes(k.textAt(), k.size)
}

// setText gives a new symbol its text.
func (s *Symbols) setText(y Sym, text []byte) {
	k := &s.known[y]
	s.size += len(text)
	if k.size <= mostInLine {
		copy(k.text[:], text)
		return
	}
	k.setTextAt(s.long.add(text))
}

// Note returns the room that a symbol has for what its table's owner knows of it: 0 at
// first. Valid until the next text is interned.
func (s *Symbols) Note(y Sym) *uint64 { return &s.known[y].note }

// String returns a symbol's text, in UTF-8: see Text.
func (s *Symbols) String(y Sym) string { return Text(s.Bytes(y)) }

// IsForeign reports whether a symbol's text is none in UTF-8.
func (s *Symbols) IsForeign(y Sym) bool { return !utf8.Valid(s.Bytes(y)) }

// Fold returns the symbol of the text in lower case: the one to compare names,
// paths and hosts by, as Windows does. Each symbol is folded once.
func (s *Symbols) Fold(y Sym) Sym {
	if fold := s.known[y].fold; y == NoSym || fold != NoSym {
		return fold
	}
	s.lower = append(s.lower[:0], Lower(s.Bytes(y))...)
	folded := s.Intern(s.lower)
	s.known[y].fold = folded
	s.known[folded].fold = folded
	return folded
}

// FileName returns the symbol of the last part of a Windows or Unix path; of a path that
// ends in a separator, its own. Each symbol is looked at once.
func (s *Symbols) FileName(path Sym) Sym {
	if file := s.known[path].file; path == NoSym || file != NoSym {
		return file
	}
	file := s.Intern(FileName(s.Bytes(path)))
	s.known[path].file = file
	return file
}

// FileName returns what follows the last separator of a Windows or Unix path, and all of
// a path that ends in one.
func FileName(path []byte) []byte {
	for i := len(path) - 1; i >= 0; i-- {
		if c := path[i]; c == '\\' || c == '/' {
			if i == len(path)-1 {
				return path
			}
			return path[i+1:]
		}
	}
	return path
}

// Compare orders two symbols by their text, bytewise.
func (s *Symbols) Compare(a, b Sym) int {
	if a == b {
		return 0
	}
	return bytes.Compare(s.Bytes(a), s.Bytes(b))
}

// find returns the place in the table where the text is or belongs.
func (s *Symbols) find(text []byte, hash uint32) uint32 {
	mask := uint32(len(s.table) - 1)
	for at := hash & mask; ; at = (at + 1) & mask {
		e := s.table[at]
		if e.sym == NoSym || e.hash == hash && bytes.Equal(s.Bytes(e.sym), text) {
			return at
		}
	}
}

func (s *Symbols) grow() {
	s.table = make([]entry, 2*len(s.table))
	s.fill()
}

// fill enters all symbols into an empty table.
func (s *Symbols) fill() {
	mask := uint32(len(s.table) - 1)
	for y := Sym(1); int(y) < len(s.known); y++ {
		at := s.known[y].hash & mask
		for s.table[at].sym != NoSym {
			at = (at + 1) & mask
		}
		s.table[at] = entry{s.known[y].hash, y}
	}
}
