package host

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// runPrefix begins the names of run folders. They are short, for the path of a socket
// in one has room for about 100 bytes.
const runPrefix = "schtaskhunt-run-"

// runFolder is a private folder that holds a plugin's socket until the host has
// connected to it. As soon as it has, the folder goes: a host that is killed later
// leaves nothing behind. One that is killed before leaves the folder, and the next
// start of any plugin finds that nobody holds its lock any more.
type runFolder struct {
	path string
	lock *os.File // nil where folders cannot be locked
}

// newRunFolder makes a folder in base that only this user may enter.
func newRunFolder(base string) (*runFolder, error) {
	// Another host may take the new folder for an abandoned one until it is locked.
	for range 3 {
		path, err := os.MkdirTemp(base, runPrefix)
		if err != nil {
			return nil, fmt.Errorf("making a folder for the plugin's socket: %w", err)
		}
		lock, err := lockFolder(path)
		if err == nil && stillThere(path, lock) {
			return &runFolder{path, lock}, nil
		}
		closeLock(lock)
	}
	return nil, errors.New("making a folder for the plugin's socket: others take it away each time")
}

// remove takes the folder away, with what is in it.
func (r *runFolder) remove() {
	_ = os.RemoveAll(r.path)
	closeLock(r.lock)
	r.lock = nil
}

// sweep removes the run folders in base whose hosts are gone.
func sweep(base string) {
	paths, err := filepath.Glob(filepath.Join(base, runPrefix+"*"))
	if err != nil {
		return
	}
	for _, path := range paths {
		info, err := os.Lstat(path)
		if err != nil || !info.IsDir() || !isPrivate(info) {
			continue
		}
		if lock, err := lockFolder(path); err == nil {
			removeAbandoned(path)
			closeLock(lock)
		}
	}
}

func stillThere(path string, lock *os.File) bool {
	now, err := os.Stat(path)
	if err != nil || lock == nil {
		return err == nil
	}
	held, err := lock.Stat()
	return err == nil && os.SameFile(now, held)
}

func closeLock(lock *os.File) {
	if lock != nil {
		_ = lock.Close()
	}
}
