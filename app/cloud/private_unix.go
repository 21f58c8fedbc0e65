//go:build unix

package cloud

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// checkPrivate refuses a file that others than its owner can read or write, as ssh
// does with keys.
func checkPrivate(name string, info fs.FileInfo) error {
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return fmt.Errorf("secret file %q can be read or written by others (mode %04o): run chmod 600 on it", name, mode)
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && int64(stat.Uid) != int64(os.Geteuid()) {
		return fmt.Errorf("secret file %q belongs to user %d, not to the one who runs this (%d): copy it to a file of your own", name, stat.Uid, os.Geteuid())
	}
	return nil
}
