package cli

import (
	"io/fs"
	"path/filepath"
	"time"

	"github.com/schollz/progressbar/v3"
)

// progress is a bar on the terminal while files are read: how much, how fast, how long
// it will take. Without a terminal on Err it does nothing.
type progress struct{ bar *progressbar.ProgressBar }

func newProgress(files []string, s Streams) progress {
	if !isTerminal(s.Err) {
		return progress{}
	}
	return progress{progressbar.NewOptions64(totalSize(files),
		progressbar.OptionSetWriter(s.Err), progressbar.OptionSetDescription("reading"), progressbar.OptionShowBytes(true),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(true),
		progressbar.OptionShowElapsedTimeOnFinish(), progressbar.OptionSetWidth(30))}
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
