package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/source"
)

// checkApart refuses to write over what is read: a file that is named by whatever name, or one
// in a folder that is named, where events are read from it. A report of an earlier hunt there is
// none of these, and is replaced.
func checkApart(name string, files []string, s Streams) error {
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() {
		return nil
	}
	for _, file := range files {
		if over := readAs(info, file, s); over != "" {
			return command.Usage("flag %q: %q is what is read (%s): name another file to write to", "--out-file", name, over)
		}
	}
	return nil
}

// readAs returns by what name a file is read when another, or a folder, is; "" if it is not. What
// cannot be opened is told by whoever reads it.
func readAs(info fs.FileInfo, file string, s Streams) (over string) {
	if file == "-" && isFileOf(info, s.In) {
		return "standard input"
	}
	named, err := os.Stat(file)
	switch {
	case err != nil:
		return ""
	case os.SameFile(named, info):
		return file
	case !named.IsDir():
		return ""
	}
	_ = filepath.WalkDir(file, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return nil
		}
		if one, err := os.Stat(path); err != nil || !os.SameFile(one, info) || !hasEvents(path) {
			return nil
		}
		over = path
		return fs.SkipAll
	})
	return over
}

// errFound ends a reading.
var errFound = errors.New("there is an event")

// hasEvents reports whether any event is read from a file.
func hasEvents(path string) bool {
	_, err := source.Source{Own: ownTables()}.Batches(path, func(b *source.Batch) error {
		b.Free()
		return errFound
	})
	return errors.Is(err, errFound)
}
