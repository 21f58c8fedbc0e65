package cli

import (
	"io/fs"
	"path/filepath"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// progress is a bar on the terminal while files are read: which, how much, how fast, for
// how long. How long it will take is not told: the hunt that follows the reading would
// make it wrong. Without a terminal on Err it does nothing.
type progress struct{ bar *progressbar.ProgressBar }

func newProgress(files []string, quiet bool, s Streams) progress {
	if quiet || !isTerminal(s.Err) {
		return progress{}
	}
	return progress{progressbar.NewOptions64(totalSize(files),
		progressbar.OptionSetWriter(s.Err), progressbar.OptionSetDescription("reading"), progressbar.OptionShowBytes(true),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(false),
		progressbar.OptionSetElapsedTime(true), progressbar.OptionSetWidth(20))}
}

// fileShown is how much of a file's name a bar has room for, in characters.
const fileShown = 24

// file is told of every file that is opened.
func (p progress) file(name string) {
	if p.bar != nil {
		p.bar.Describe(row.Printable(row.Clip(filepath.Base(name), fileShown)))
	}
}

// read is told of every piece that was read.
func (p progress) read(bytes int) {
	if p.bar != nil {
		_ = p.bar.Add(bytes) // a display that fails must not end the hunt
	}
}

// clear takes the bar off the terminal, before anything else is written to it.
func (p progress) clear() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}

// unknownSize makes a bar without an end, for standard input.
const unknownSize = -1

// totalSize is what will be read, in bytes as they lie on disk.
func totalSize(files []string) (total int64) {
	for _, file := range files {
		if file == "-" {
			return unknownSize
		}
		// What cannot be looked at here is named by an error when it is read.
		_ = filepath.WalkDir(file, func(_ string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.Type().IsRegular() {
				return nil //nolint:nilerr // see above
			}
			if info, err := entry.Info(); err == nil {
				total += info.Size()
			}
			return nil
		})
	}
	return total
}
