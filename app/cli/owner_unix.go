//go:build unix

package cli

import (
	"io/fs"
	"os"
	"syscall"
)

// keepOwner gives a file the owner and group of another, or the group alone, and reports whether
// at least that was done.
func keepOwner(name string, old fs.FileInfo) bool {
	of, known := old.Sys().(*syscall.Stat_t)
	if !known {
		return false
	}
	if os.Chown(name, int(of.Uid), int(of.Gid)) == nil {
		return true
	}
	return os.Chown(name, -1, int(of.Gid)) == nil
}
