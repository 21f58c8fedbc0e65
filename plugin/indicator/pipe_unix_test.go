//go:build unix

package indicator

import "syscall"

func makePipe(path string) error { return syscall.Mkfifo(path, 0o600) }
