package cli

import (
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// pipeSize is what a pipe may hold, in bytes: what Linux lets everybody have, 16 times
// what it gives by itself. splunkd then waits for us, and we for it, less often.
const pipeSize = 1 << 20

// widen gives a pipe more room. Where that cannot be had, the pipe works as it is.
func widen(stream io.Reader) {
	file, isFile := stream.(*os.File)
	if !isFile {
		return
	}
	if raw, err := file.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { _, _ = unix.FcntlInt(fd, unix.F_SETPIPE_SZ, pipeSize) })
	}
}
