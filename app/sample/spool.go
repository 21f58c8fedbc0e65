package sample

import (
	"bufio"
	"container/heap"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// spool holds the lines of all devices on disk and gives them back merged,
// newest first. Each device's lines, newest first already, are one run in one
// file; a line is preceded by its time (8 bytes) and length (4 bytes). So a
// fleet of any size is sorted with a few kilobytes a device.
type spool struct {
	file *os.File
	w    *bufio.Writer
	size int64
	runs []int64 // where each device's run begins
}

const lineHead = 12

// newSpool makes a spool as a temporary file in dir, which close removes.
func newSpool(dir string) (*spool, error) {
	f, err := os.CreateTemp(dir, ".spool-*")
	if err != nil {
		return nil, fmt.Errorf("making a temporary file: %w", err)
	}
	return &spool{file: f, w: bufio.NewWriterSize(f, 1<<18)}, nil
}

func (s *spool) close() {
	s.file.Close()
	os.Remove(s.file.Name())
}

// begin starts the run of the next device.
func (s *spool) begin() { s.runs = append(s.runs, s.size) }

// add appends a line, with its line feed, to the present run.
func (s *spool) add(at Time, line []byte) error {
	var head [lineHead]byte
	binary.LittleEndian.PutUint64(head[:8], uint64(at))
	binary.LittleEndian.PutUint32(head[8:], uint32(len(line)))
	s.size += int64(lineHead + len(line))
	if _, err := s.w.Write(head[:]); err != nil {
		return err
	}
	_, err := s.w.Write(line)
	return err
}

// merge gives all lines to emit, newest first, equal times in the order of the
// devices. A line is valid until emit returns.
func (s *spool) merge(emit func(at Time, line []byte) error) error {
	if err := s.w.Flush(); err != nil {
		return err
	}
	open, err := s.openRuns()
	if err != nil {
		return err
	}
	heap.Init(&open)
	for len(open) > 0 {
		r := open[0]
		if err := emit(r.at, r.line); err != nil {
			return err
		}
		switch err := r.advance(); {
		case err == nil:
			heap.Fix(&open, 0)
		case errors.Is(err, io.EOF):
			heap.Pop(&open)
		default:
			return fmt.Errorf("reading the temporary file: %w", err)
		}
	}
	return nil
}

// openRuns returns the runs that have a line, each at its first.
func (s *spool) openRuns() (openRuns, error) {
	buffer := min(max(32<<20/max(1, len(s.runs)), 4<<10), 64<<10)
	var open openRuns
	for i, begin := range s.runs {
		end := s.size
		if i+1 < len(s.runs) {
			end = s.runs[i+1]
		}
		r := &openRun{order: i, r: bufio.NewReaderSize(io.NewSectionReader(s.file, begin, end-begin), buffer)}
		switch err := r.advance(); {
		case err == nil:
			open = append(open, r)
		case errors.Is(err, io.EOF):
		default:
			return nil, fmt.Errorf("reading the temporary file: %w", err)
		}
	}
	return open, nil
}

// openRun is a run that is being read, with the line it stands at.
type openRun struct {
	order int
	r     *bufio.Reader
	at    Time
	line  []byte
}

// advance goes to the next line; io.EOF says that there is none.
func (r *openRun) advance() error {
	var head [lineHead]byte
	if _, err := io.ReadFull(r.r, head[:]); err != nil {
		return err
	}
	r.at = Time(binary.LittleEndian.Uint64(head[:8]))
	n := int(binary.LittleEndian.Uint32(head[8:]))
	if cap(r.line) < n {
		r.line = make([]byte, n+n/2)
	}
	r.line = r.line[:n]
	_, err := io.ReadFull(r.r, r.line)
	return err
}

// openRuns is a heap, the newest line first.
type openRuns []*openRun

func (h openRuns) Len() int { return len(h) }
func (h openRuns) Less(i, j int) bool {
	return h[i].at > h[j].at || h[i].at == h[j].at && h[i].order < h[j].order
}
func (h openRuns) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *openRuns) Push(x any)   { *h = append(*h, x.(*openRun)) }
func (h *openRuns) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	*h = (*h)[:last]
	return x
}
