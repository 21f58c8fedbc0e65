//go:build !windows && !linux

package hunt

import (
	"runtime"
	"syscall"
)

// peakMemory returns the most memory that the process ever had resident, in bytes; 0
// when the system does not tell.
func peakMemory() int64 {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
		return usage.Maxrss // in bytes there, in kilobytes elsewhere
	}
	return usage.Maxrss << 10
}
