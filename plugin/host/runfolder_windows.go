package host

import (
	"io/fs"
	"os"
	"time"
)

// lockFolder does nothing: there are no locks on folders.
func lockFolder(string) (*os.File, error) { return nil, nil }

// isPrivate allows all: temporary folders are in the user's own profile.
func isPrivate(fs.FileInfo) bool { return true }

// removeAbandoned removes a folder after a day. A program in it that still runs
// cannot be removed, and stays.
func removeAbandoned(path string) {
	if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) > 24*time.Hour {
		_ = os.RemoveAll(path)
	}
}

func socketBase() string { return os.TempDir() }
