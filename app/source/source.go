// Package source reads events from files: binary Windows event logs, Sysmon events as
// XML, JSON or classic text, Defender events as JSON or CSV, and Splunk's CSV exports;
// plain or compressed, one file or a folder or ZIP archive of them. It finds where each event begins and
// ends, and knows the form of a file by its content, never by its name; package
// record reads what is in an event.
//
// Each reads events one by one. Batches hands them out in runs that other goroutines
// can read: finding where events end is a small part of the work.
package source

import (
	"io"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// Stats is what a call of Each or Batches went through.
type Stats struct {
	Files   int       // files that were read as event logs
	Events  int       // events handed on by Each, broken ones too; 0 for Batches
	Skipped []Skipped // files of a folder or an archive that are no event logs, or cannot be read
}

// Skipped is a file that was left out, and why.
type Skipped struct {
	File   string
	Reason error
}

func (s *Stats) add(t Stats) {
	s.Files += t.Files
	s.Skipped = append(s.Skipped, t.Skipped...)
}

// Source reads events from files. The zero Source is ready.
type Source struct {
	// Read, if set, is told how many bytes more were read of a file as it lies on disk,
	// for a display of progress.
	Read func(bytes int)

	// Opened, if set, is given every stream as it lies on disk, with its name, and returns
	// what is read in its place: for names in a display, for sums.
	Opened func(name string, from io.Reader) io.Reader

	// Files, if set, is told of the files whose rows can be read again.
	Files *Files

	// Notes, if set, are told what is wrong with files that are read all the same.
	Notes *Notes

	// Names, if set, are the names of fields by which a header is known that stands in the
	// midst of a CSV text, as where exports were put together: another table begins there.
	// Without them, one is known by the columns of the table before it.
	Names *record.Names

	// Unnamed, if set, returns the field that would have the device of the rows of a table,
	// "" where the columns name one. Rows without it are taken for those of one device,
	// called as their file is, and Notes are told.
	Unnamed func(columns []string) string

	// Own, if set, are the columns of tables that this program writes itself, which are no events.
	Own [][]string

	// Other, if set, takes texts that are no events, also hidden ones.
	Other *Other

	size int // of a batch, in bytes; 0 for record.PieceSize
}

// Each is Source.Each without a display of progress.
func Each(path string, fn func(Event) error) (Stats, error) { return Source{}.Each(path, fn) }

// EachIn is Source.EachIn without a display of progress.
func EachIn(name string, r io.Reader, fn func(Event) error) (Stats, error) {
	return Source{}.EachIn(name, r, fn)
}

// counted is a reader that tells of what is read.
type counted struct {
	io.Reader
	read func(bytes int)
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.read(n)
	return n, err
}

// Each calls fn for every event of the file at path, in the file's order. Path "-"
// is standard input. Of a folder, it reads every file below it, in the order of
// their names, and of a ZIP archive every entry, leaving out names that begin with a dot. What
// is no event log there, cannot be read, or only as far as it is whole, is listed in
// Stats.Skipped, as are links to folders and what is neither a file nor a folder; a file
// that is named itself is an error then, unless it is compressed and only its end is missing.
//
// An error of fn ends the reading and comes back as it is. A broken event does not:
// see Event.Fill.
func (s Source) Each(path string, fn func(Event) error) (Stats, error) {
	one := oneByOne{fn: fn}
	stats, err := s.Batches(path, one.read)
	stats.Events = one.events
	return stats, err
}

// EachIn is Each for an open stream; name stands for it in events and errors. It
// reads r to its end unless an error stops it, and does not close it.
func (s Source) EachIn(name string, r io.Reader, fn func(Event) error) (Stats, error) {
	one := oneByOne{fn: fn}
	stats, err := s.BatchesIn(name, r, one.read)
	stats.Events = one.events
	return stats, err
}

// oneByOne reads batches as they come, on the goroutine that cuts them.
type oneByOne struct {
	fn     func(Event) error
	events int
}

func (o *oneByOne) read(b *Batch) error {
	err := b.Each(o.fn)
	o.events += b.Events()
	b.Free()
	return err
}
