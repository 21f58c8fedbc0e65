package hold

import (
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"slices"
)

// writeSize is how much is written to the file at a time, in bytes.
const writeSize = 1 << 20

// shelf keeps pages: in memory up to the limit, and then in a file.
type shelf struct {
	limit   Limit
	held    int64 // bytes of pages in memory
	waiting []byte
	file    *os.File
	written int64 // bytes in the file, without those waiting
}

// place is where a page lies: in bytes, or size bytes of the file from at on.
type place struct {
	bytes []byte
	at    int64
	size  uint32
	sum   uint32 // CRC-32C: a page may come back from a disk
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// put takes a page, or a copy if it is borrowed.
func (s *shelf) put(page []byte, borrowed bool) (place, error) {
	size := int64(len(page))
	if s.limit.Bytes == 0 || s.held+size <= s.limit.Bytes {
		s.held += size
		if borrowed {
			page = slices.Clone(page)
		}
		return place{bytes: page}, nil
	}
	if len(s.waiting)+len(page) > writeSize {
		if err := s.write(); err != nil {
			return place{}, err
		}
	}
	at := s.written + int64(len(s.waiting))
	s.waiting = append(s.waiting, page...)
	return place{at: at, size: uint32(len(page)), sum: crc32.Checksum(page, castagnoli)}, nil
}

// write moves what waits to the file, which it makes when there is none.
func (s *shelf) write() (err error) {
	if s.file == nil {
		if s.file, err = newFile(s.limit.Folder); err != nil {
			return err
		}
	}
	if _, err := s.file.WriteAt(s.waiting, s.written); err != nil {
		return fmt.Errorf("%w; free some room there, or raise max_mem_mb", err)
	}
	s.written += int64(len(s.waiting))
	s.waiting = s.waiting[:0]
	return nil
}

// spilled returns how many bytes are not in memory, but for a few that wait.
func (s *shelf) spilled() int64 { return s.written }

// read returns a page; one that comes from the file is read into buf, which may grow.
func (s *shelf) read(p place, buf *[]byte) ([]byte, error) {
	switch {
	case p.bytes != nil:
		return p.bytes, nil
	case p.at >= s.written:
		return s.waiting[p.at-s.written:][:p.size], nil
	}
	*buf = slices.Grow((*buf)[:0], int(p.size))[:p.size]
	if _, err := s.file.ReadAt(*buf, p.at); err != nil {
		return nil, fmt.Errorf("reading events that were spilled: %w", err)
	}
	if crc32.Checksum(*buf, castagnoli) != p.sum {
		return nil, errors.New("reading events that were spilled: they are not what was written; is the disk sound?")
	}
	return *buf, nil
}

func (s *shelf) close() error {
	s.waiting = nil
	if s.file == nil {
		return nil
	}
	file := s.file
	s.file = nil
	return file.Close()
}
