//go:build unix && !linux

package host

import (
	"os/exec"
	"syscall"
)

// startBound starts a process that leads a process group of its own. When this
// process is killed, the plugin learns it from the end of its standard input.
func startBound(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd.Start()
}
