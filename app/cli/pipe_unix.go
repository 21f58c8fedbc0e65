//go:build unix

package cli

import (
	"os/signal"
	"syscall"
)

// ignoreClosedPipe makes a write to a pipe that splunkd closed an error rather than
// the death of the program, so that it can clean up and leave quietly.
func ignoreClosedPipe() { signal.Ignore(syscall.SIGPIPE) }
