package source

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// Batches cuts the events of the files that Each would read into batches of about
// record.PieceSize bytes, more for a larger event, and calls fn for each, in order.
// The batch is fn's: it may pass it to another goroutine, and whoever has read it
// calls Free. No batch is empty, and none spans two files. Batches bounds no memory:
// it cuts on as fast as fn takes.
//
// The events are only counted when they are read: Stats.Events is 0, and
// Batch.Events tells. Errors are those of Each; what could be read of a file before
// an error is in the batches before it.
func (s Source) Batches(path string, fn func(*Batch) error) (Stats, error) {
	r := reading{Source: s, fn: fn, root: filepath.Dir(path)}
	if path == "-" {
		stats, err := r.stream("standard input", os.Stdin, nil)
		return r.inPart("standard input", stats, err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return Stats{}, fmt.Errorf("reading events: %w", err)
	}
	if info.IsDir() {
		r.root = path
		return r.folder(path)
	}
	stats, err := r.file(path)
	return r.inPart(path, stats, err)
}

// BatchesIn is Batches for an open stream; name stands for it in events and errors.
// It reads r to its end unless an error stops it, and does not close it.
func (s Source) BatchesIn(name string, r io.Reader, fn func(*Batch) error) (Stats, error) {
	reading := reading{Source: s, fn: fn}
	stats, err := reading.stream(name, r, nil)
	return reading.inPart(name, stats, err)
}

// reading is one call of Batches.
type reading struct {
	Source
	fn     func(*Batch) error
	number int    // of the next batch
	last   string // its file
	failed error  // of fn

	archived bool   // the text is an entry of a tar archive
	root     string // the folder or archive that the text lies in
}

func (r *reading) give(b *Batch) error {
	b.Number, b.First = r.number, r.number == 0 || b.File != r.last
	r.number++
	r.last = b.File
	r.failed = r.fn(b)
	return r.failed
}

// stream reads a text. files is nil when it cannot be read again under that name.
func (r *reading) stream(name string, from io.Reader, files *Files) (stats Stats, err error) {
	if r.Opened != nil {
		from = r.Opened(name, from)
	}
	if r.Read != nil {
		from = counted{from, r.Read}
	}
	text, start, closeText, err := open(name, from)
	if err != nil {
		return stats, err
	}
	defer closeText()
	if !r.archived && isTar(text) {
		return r.tar(name, text)
	}
	if r.Other != nil {
		var taken bool
		if text, taken = r.Other.offer(name, r.within(name), text); taken {
			return Stats{Files: 1}, nil
		}
	}
	c := cutting{name: name, text: text, size: r.size, give: r.give, notes: r.Notes, names: r.Names, unnamed: r.Unnamed, own: r.Own}
	if start >= 0 {
		c.files, c.start = files, start
	}
	if c.size == 0 {
		c.size = record.PieceSize
	}
	if err = c.cut(text); !isForeign(err) {
		stats.Files = 1
	}
	return stats, err
}

func (r *reading) file(path string) (Stats, error) {
	f, err := os.Open(path)
	if err != nil {
		return Stats{}, fmt.Errorf("reading events: %w", err)
	}
	files := r.Files
	switch info, err := f.Stat(); {
	case err != nil || !info.Mode().IsRegular():
		files = nil
	case isZip(f):
		stats, err := r.zip(path, f, info.Size())
		return stats, errors.Join(err, f.Close())
	}
	stats, err := r.stream(path, f, files)
	return stats, errors.Join(err, f.Close())
}

func (r *reading) folder(path string) (stats Stats, err error) {
	entries, err := os.ReadDir(path) // sorted by name
	if err != nil {
		return stats, fmt.Errorf("reading events: %w", err)
	}
	for _, entry := range entries {
		if r.hides(entry.Name()) {
			continue
		}
		part, err := r.entry(filepath.Join(path, entry.Name()), entry)
		stats.add(part)
		if err != nil {
			return stats, err
		}
	}
	return stats, nil
}

// entry reads one entry of a folder. What cannot be read, or only in part, costs itself:
// it is listed, and the other files are read.
func (r *reading) entry(path string, entry os.DirEntry) (stats Stats, err error) {
	if entry.IsDir() {
		stats, err = r.folder(path)
	} else {
		stats, err = r.linked(path, entry.Type()&os.ModeSymlink != 0)
	}
	switch {
	case r.failed != nil:
		return stats, r.failed
	case err != nil:
		stats.add(skipped(path, err))
	}
	return stats, nil
}

// linked reads what an entry is or, if it is a link, leads to. A folder behind a link may be
// one that the link lies in.
func (r *reading) linked(path string, isLink bool) (Stats, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return Stats{}, err // a link to nowhere
	case info.IsDir() && isLink:
		return Stats{}, fmt.Errorf("%s is a link to a folder, which is not followed: name that folder itself", path)
	case !info.Mode().IsRegular():
		return Stats{}, fmt.Errorf("%s is neither a file nor a folder", path)
	}
	return r.file(path)
}

func isForeign(err error) bool {
	var foreign *ForeignError
	return errors.As(err, &foreign)
}
