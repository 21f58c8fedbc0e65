//go:build !linux

package host

import "os/exec"

// killStrays does nothing: Windows' job object has all that a plugin starts, and other
// systems do not tell what a process was started with.
func killStrays(string) {}

// startAdopting starts a plugin. Only Linux gives this process what the plugin leaves behind.
func startAdopting(cmd *exec.Cmd, _ string) error { return startBound(cmd) }

// killAdopted does nothing: there is nothing adopted.
func killAdopted(int) {}
