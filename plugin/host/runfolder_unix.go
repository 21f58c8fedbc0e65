//go:build unix

package host

import (
	"io/fs"
	"os"
	"syscall"
)

// lockFolder takes the folder's lock, which the system drops when this process ends.
// It fails when another process has it.
func lockFolder(path string) (*os.File, error) {
	folder, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(folder.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = folder.Close()
		return nil, err
	}
	return folder, nil
}

// isPrivate reports whether a folder is one that os.MkdirTemp made for this user.
func isPrivate(info fs.FileInfo) bool {
	return info.Mode().Perm() == 0o700 && checkOwner(info) == nil
}

// removeAbandoned removes a folder whose lock the caller has.
func removeAbandoned(path string) { _ = os.RemoveAll(path) }

// socketBase is where run folders are made: not in a temporary folder whose name is
// so long that a socket's name in it would not fit (104 bytes on some systems).
func socketBase() string {
	if base := os.TempDir(); len(base) <= 60 {
		return base
	}
	return "/tmp"
}
