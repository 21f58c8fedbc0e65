package partition

import (
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"slices"
)

// slabSize is how much is kept or written at a time, in bytes.
const slabSize = 1 << 20

// shelf keeps pages in slabs: in memory up to the limit, and then in a file.
type shelf struct {
	limit   Limit
	slabs   []slab
	open    []byte // the last slab, while it is being filled
	held    int64  // bytes of slabs in memory
	file    *os.File
	spilled int64
}

// slab is some pages. Its bytes are in memory, or in the file from at on.
type slab struct {
	bytes []byte
	at    int64
}

// place is where a page lies.
type place struct {
	slab        int32
	start, size uint32
	sum         uint32 // CRC-32C: a page may come back from a disk
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// put copies a page.
func (s *shelf) put(page []byte) (place, error) {
	if len(s.open) > 0 && len(s.open)+len(page) > slabSize {
		if err := s.shut(); err != nil {
			return place{}, err
		}
	}
	if s.open == nil {
		s.open = make([]byte, 0, max(slabSize, len(page)))
	}
	start := len(s.open)
	s.open = append(s.open, page...)
	return place{int32(len(s.slabs)), uint32(start), uint32(len(page)), crc32.Checksum(page, castagnoli)}, nil
}

// shut ends the open slab: it stays in memory if there is room, else its memory is
// used again.
func (s *shelf) shut() error {
	size := int64(len(s.open))
	if s.limit.Bytes == 0 || s.held+size <= s.limit.Bytes {
		s.slabs = append(s.slabs, slab{bytes: s.open})
		s.held += size
		s.open = nil
		return nil
	}
	at, err := s.write(s.open)
	if err != nil {
		return err
	}
	s.slabs = append(s.slabs, slab{at: at})
	s.open = s.open[:0]
	return nil
}

// write appends to the file, which it makes when there is none.
func (s *shelf) write(b []byte) (at int64, err error) {
	if s.file == nil {
		if s.file, err = newFile(s.limit.Folder); err != nil {
			return 0, err
		}
	}
	at = s.spilled
	if _, err := s.file.WriteAt(b, at); err != nil {
		return 0, fmt.Errorf("%w; free some room there, or raise max_mem_mb", err)
	}
	s.spilled += int64(len(b))
	return at, nil
}

// read returns a page; one that comes from the file is read into buf, which may grow.
func (s *shelf) read(p place, buf *[]byte) ([]byte, error) {
	bytes := s.open
	if int(p.slab) < len(s.slabs) {
		bytes = s.slabs[p.slab].bytes
	}
	if bytes != nil {
		return bytes[p.start : p.start+p.size], nil
	}
	*buf = slices.Grow((*buf)[:0], int(p.size))[:p.size]
	if _, err := s.file.ReadAt(*buf, s.slabs[p.slab].at+int64(p.start)); err != nil {
		return nil, fmt.Errorf("reading events that were spilled: %w", err)
	}
	if crc32.Checksum(*buf, castagnoli) != p.sum {
		return nil, errors.New("reading events that were spilled: they are not what was written; is the disk sound?")
	}
	return *buf, nil
}

func (s *shelf) close() error {
	s.slabs, s.open = nil, nil
	if s.file == nil {
		return nil
	}
	file := s.file
	s.file = nil
	return file.Close()
}
