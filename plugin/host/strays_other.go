//go:build !linux

package host

// killStrays does nothing: Windows' job object has all that a plugin starts, and other
// systems do not tell what a process was started with.
func killStrays(string) {}
