//go:build unix

package host

import "syscall"

// endedBySignal names the signal that ended the process and that was not ours, "" when
// there was none. The process has ended.
func (p *process) endedBySignal() string {
	status, known := p.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !known || !status.Signaled() || p.killed.Load() && status.Signal() == syscall.SIGKILL {
		return ""
	}
	return status.Signal().String()
}
