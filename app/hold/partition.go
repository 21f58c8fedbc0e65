// Package hold keeps the events of a hunt until all have come, packed and in
// partitions by device, so that they can be examined a part at a time: every question
// but prevalence is about one device. What does not fit into memory goes to a file.
//
// Events are packed in pages: fields as variable-length numbers, times as distances,
// a text that comes again as its number. Pages for which memory has no room are
// compressed. A row that can be read again takes some 30 bytes: its keys, as package sieve
// needs them, and where it lies.
package hold

import (
	"fmt"
	"sync"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/hold/sieve"
)

// Count is the number of partitions. Each is unpacked as a whole: of 10^7 events on
// thousands of devices one holds some 10,000.
const Count = 1024

// step is how much more or less is held whenever OnChange is called, in bytes.
const step = 4 << 20

// pageSize is about how much a page holds, in bytes. A lane has a page open for every
// partition.
const pageSize = 16 << 10

// Set is all events of a hunt. Several Writers may fill it side by side; after all
// have done, several Readers may read it.
type Set struct {
	hasher   sieve.Hasher
	symbols  *event.Symbols // empty: all tables are its siblings
	exchange bool           // see Exchange

	// OnChange, if set, is told whenever a few megabytes more or less are held in memory:
	// how many bytes there are then. Set it before events come.
	OnChange func(held int64)

	mu      sync.Mutex
	full    map[uint64]uint64   // by device: the hash of its full name
	several map[uint64]struct{} // devices of which rows have several full names
	writers []*Writer
	shelf   shelf
	pages   [Count][]page
}

// page is where a full page lies, and whose numbers for texts and devices it uses.
type page struct {
	place  place
	writer *Writer
	packed bool // its bytes are compressed
}

// Limit says how much memory a Set may take, and what it does beyond.
type Limit struct {
	Bytes  int64  // for full pages; 0 for no limit
	Folder string // for the file that takes what is beyond; "" for the system's own
}

// Hasher is what the hashes of rows are made with.
func (s *Set) Hasher() sieve.Hasher { return s.hasher }

// NewSet returns an empty set.
func NewSet(limit Limit) *Set {
	return &Set{hasher: sieve.NewHasher(), symbols: event.NewSymbols(), shelf: shelf{limit: limit}}
}

// SetLimit changes the limit for what is still to come.
func (s *Set) SetLimit(limit Limit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shelf.limit = limit
}

// Writer returns a new writer. Writers may be made while others are at work.
func (s *Set) Writer() *Writer {
	w := newWriter(s)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writers = append(s.writers, w)
	return w
}

// noteName notes the name of a device of rows, in lower case.
func (s *Set) noteName(device uint64, folded []byte) {
	if len(event.ShortName(folded)) == len(folded) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.full == nil {
		s.full, s.several = make(map[uint64]uint64), make(map[uint64]struct{})
	}
	name := s.hasher.Name(folded)
	if known, there := s.full[device]; there && known != name {
		s.several[device] = struct{}{}
	}
	s.full[device] = name
}

// HasSeveralNames reports whether rows of a device have several full names: then only all
// of its events tell which of them are one. The writers must be done.
func (s *Set) HasSeveralNames(device uint64) bool {
	_, has := s.several[device]
	return has
}

// Exchange has day and month exchanged in all times that are unsure of theirs. Call it
// when the writers are done, before Clock and Reader.
func (s *Set) Exchange() { s.exchange = true }

// Spilled returns how many bytes lie in a file.
func (s *Set) Spilled() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shelf.spilled()
}

// Close frees everything. The file is gone, as it would be if the program were
// killed.
func (s *Set) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writers, s.pages = nil, [Count][]page{}
	return s.shelf.close()
}

// of returns the partition of a device.
func (s *Set) of(device []byte) uint16 { return partitionOf(s.hasher.Device(device)) }

func partitionOf(device uint64) uint16 { return uint16(device % Count) }

// compresses reports whether a page will not find room in memory. What goes to the file
// is made smaller first; to do so with all would cost more than the file does.
func (s *Set) compresses() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shelf.limit.Bytes > 0 && s.shelf.held+pageSize > s.shelf.limit.Bytes
}

// tell calls OnChange if a step has been made from what was held before.
func (s *Set) tell(before int64) {
	if held := s.shelf.held; s.OnChange != nil && held/step != before/step {
		s.OnChange(held)
	}
}

// release notes that bytes of pages are needed no more.
func (s *Set) release(bytes int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.shelf.held
	s.shelf.held -= bytes
	s.tell(before)
}

// keep takes a full page, which is the set's from then on unless it is packed: then it
// lies in the writer's memory. It is an error of the file, if there is one.
func (s *Set) keep(partition uint16, full []byte, from *Writer, packed bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.shelf.held
	at, err := s.shelf.put(full, packed)
	s.tell(before)
	if err != nil {
		return fmt.Errorf("spilling events: %w", err)
	}
	s.pages[partition] = append(s.pages[partition], page{at, from, packed})
	return nil
}
