package source

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// Files are the CSV tables that were read and can be read again, row by row: most files hold
// one. A packed file, one in UTF-16 and a stream cannot. It is safe for concurrent use.
type Files struct {
	mu  sync.Mutex
	all []csvFile
}

// csvFile is a file and the header of a table in it.
type csvFile struct {
	path   string
	header []byte
}

// add gives a table of a file a number, from 1. The header stays the caller's.
func (f *Files) add(path string, header []byte) int32 {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all = append(f.all, csvFile{path: path, header: header})
	return int32(len(f.all))
}

func (f *Files) file(number int32) csvFile {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.all[number-1]
}

// Again reads rows of Files again. It is for one goroutine.
type Again struct {
	files *Files
	open  []*openFile // the one last opened at the end
}

// openFile is a file of which rows are read again.
type openFile struct {
	number int32
	path   string
	handle *os.File
	rows   *record.Rows // that has read the header

	text []byte // what was last read of it
	from int64  // and where that begins
	last bool   // it is the end of the file
	size int    // how much to read next
}

// mostOpen is how many files an Again has open at a time.
const mostOpen = 16

// How much is read of a file at a time, in bytes: little for a row somewhere, of which
// most are shorter, and more where the next row asked for is near.
const (
	rowSize  = 1 << 10
	nearby   = 8 << 10
	mostSize = 64 << 10
)

// Again returns a reader of rows.
func (f *Files) Again() *Again { return &Again{files: f} }

// Row reads the row at a place into rec, which it resets. Whether the file is still the
// one that was read before, only its caller can tell.
func (a *Again) Row(at record.Place, rec *record.Record) error {
	f, err := a.file(at.File)
	if err != nil {
		return err
	}
	if f.has(at.At) && f.parse(at.At, rec) {
		return nil
	}
	if gap := at.At - f.from; gap >= 0 && gap < int64(len(f.text))+nearby {
		f.size = min(4*f.size, mostSize)
	} else {
		f.size = rowSize
	}
	for size := f.size; ; size *= 4 {
		if err := f.read(at.At, size); err != nil {
			return err
		}
		switch {
		case f.parse(at.At, rec):
			return nil
		case f.last || size > record.MaxRow:
			return &ChangedError{f.path}
		}
	}
}

// has reports whether the row at a place begins in what was read.
func (f *openFile) has(at int64) bool { return at >= f.from && at-f.from < int64(len(f.text)) }

func (f *openFile) read(at int64, size int) error {
	f.text = slices.Grow(f.text[:0], size)[:size]
	n, err := f.handle.ReadAt(f.text, at)
	f.text, f.from, f.last = f.text[:n], at, errors.Is(err, io.EOF)
	if err != nil && !f.last {
		return fmt.Errorf("reading a row again: %w", err)
	}
	return nil
}

// parse reads a row that is in memory as a whole: one that ends where the text does may
// go on behind it.
func (f *openFile) parse(at int64, rec *record.Record) bool {
	f.rows.Continue(f.text[at-f.from:])
	return f.rows.Next(rec) && (f.last || len(f.rows.Rest()) > 0)
}

// file opens a file, or returns it if it is open.
func (a *Again) file(number int32) (*openFile, error) {
	for i := len(a.open) - 1; i >= 0; i-- {
		if f := a.open[i]; f.number == number {
			return f, nil
		}
	}
	if len(a.open) == mostOpen {
		_ = a.open[0].handle.Close() // it was only read
		a.open = slices.Delete(a.open, 0, 1)
	}
	file := a.files.file(number)
	handle, err := os.Open(file.path)
	if err != nil {
		return nil, fmt.Errorf("reading rows again: %w", err)
	}
	f := &openFile{number: number, path: file.path, handle: handle, rows: record.NewRows(), size: rowSize}
	f.rows.Open(&record.Piece{Header: file.header})
	a.open = append(a.open, f)
	return f, nil
}

// Changed returns the error that says so of a file.
func (a *Again) Changed(number int32) error { return &ChangedError{a.files.file(number).path} }

// Close closes the files.
func (a *Again) Close() (err error) {
	for _, f := range a.open {
		err = errors.Join(err, f.handle.Close())
	}
	a.open = nil
	return err
}

// ChangedError says that a file is not any more what was read of it before.
type ChangedError struct{ Path string }

// Error implements error.
func (e *ChangedError) Error() string {
	return fmt.Sprintf("%s was changed while the hunt went on: hunt in a copy of it, or when nobody writes to it", e.Path)
}
