//go:build unix

package host

import (
	"os"
	"syscall"
)

// killGroup kills a process and all that it started and that did not leave its group.
func killGroup(leader *os.Process) { _ = syscall.Kill(-leader.Pid, syscall.SIGKILL) }
