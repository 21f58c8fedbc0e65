//go:build !windows

package chunked

import (
	"errors"
	"syscall"
)

func brokenPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }
