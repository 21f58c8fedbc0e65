//go:build unix

package host

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// checkOwner refuses files and folders that somebody else owns or may write to.
func checkOwner(info fs.FileInfo) error {
	if info.Mode().Perm()&0o022 != 0 {
		return errors.New("may be written to by its group or by everybody: chmod go-w it")
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && stat.Uid != 0 && int(stat.Uid) != os.Geteuid() {
		return errors.New("belongs to another user: it must be root's or that of the user whom schtaskhunt runs as")
	}
	return nil
}
