package host

import (
	"os/exec"
	"syscall"
)

// startBound starts a process that the system kills when this thread ends, and that
// leads a process group of its own.
func startBound(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	return cmd.Start()
}
