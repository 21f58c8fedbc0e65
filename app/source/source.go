// Package source reads events from files: Sysmon events as XML, JSON or classic
// text, Defender events as JSON or CSV, and Splunk's CSV exports; plain or
// compressed, one file or a folder of them. It finds where each event begins and
// ends, and knows the form of a file by its content, never by its name; package
// record reads what is in an event.
package source

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Stats is what a call of Each went through.
type Stats struct {
	Files   int       // files that were read as event logs
	Events  int       // events handed on, broken ones too
	Skipped []Skipped // files of a folder that are no event logs
}

// Skipped is a file that was left out, and why.
type Skipped struct {
	File   string
	Reason error
}

func (s *Stats) add(t Stats) {
	s.Files += t.Files
	s.Events += t.Events
	s.Skipped = append(s.Skipped, t.Skipped...)
}

// Source reads events from files. The zero Source is ready.
type Source struct {
	// Read, if set, is told how many bytes more were read of a file as it lies on disk,
	// for a display of progress.
	Read func(bytes int)
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
// their names, leaving out names that begin with a dot, links to folders, and what
// is neither a file nor a folder; files that are no event logs are listed in
// Stats.Skipped there, while one that is named itself is an error.
//
// An error of fn ends the reading and comes back as it is. A broken event does not:
// see Event.Fill.
func (s Source) Each(path string, fn func(Event) error) (Stats, error) {
	if path == "-" {
		return s.EachIn("standard input", os.Stdin, fn)
	}
	info, err := os.Stat(path)
	if err != nil {
		return Stats{}, fmt.Errorf("reading events: %w", err)
	}
	if info.IsDir() {
		return s.eachBelow(path, fn)
	}
	return s.eachInFile(path, fn)
}

// EachIn is Each for an open stream; name stands for it in events and errors. It
// reads r to its end unless an error stops it, and does not close it.
func (s Source) EachIn(name string, r io.Reader, fn func(Event) error) (stats Stats, err error) {
	if s.Read != nil {
		r = counted{r, s.Read}
	}
	text, closeText, err := open(name, r)
	if err != nil {
		return stats, err
	}
	defer closeText()
	each := func(e Event) error {
		stats.Events++
		return fn(e)
	}
	if err = eachInText(name, text, each); !isForeign(err) {
		stats.Files = 1
	}
	return stats, err
}

func (s Source) eachInFile(path string, fn func(Event) error) (Stats, error) {
	f, err := os.Open(path)
	if err != nil {
		return Stats{}, fmt.Errorf("reading events: %w", err)
	}
	stats, err := s.EachIn(path, f, fn)
	return stats, errors.Join(err, f.Close())
}

func (s Source) eachBelow(folder string, fn func(Event) error) (stats Stats, err error) {
	entries, err := os.ReadDir(folder) // sorted by name
	if err != nil {
		return stats, fmt.Errorf("reading events: %w", err)
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		part, err := s.eachEntry(filepath.Join(folder, entry.Name()), entry, fn)
		stats.add(part)
		if err != nil {
			return stats, err
		}
	}
	return stats, nil
}

// eachEntry reads one entry of a folder.
func (s Source) eachEntry(path string, entry os.DirEntry, fn func(Event) error) (Stats, error) {
	if entry.IsDir() {
		return s.eachBelow(path, fn)
	}
	info, err := os.Stat(path) // follows a link to a file
	if err != nil {
		return Stats{Skipped: []Skipped{{path, err}}}, nil // a link to nowhere
	}
	if !info.Mode().IsRegular() {
		return Stats{}, nil
	}
	stats, err := s.eachInFile(path, fn)
	if isForeign(err) {
		return Stats{Skipped: []Skipped{{path, err}}}, nil
	}
	return stats, err
}

func isForeign(err error) bool {
	var foreign *ForeignError
	return errors.As(err, &foreign)
}
