//go:build !linux && !noremote

package cli

// closeToOthers does nothing where the system has no such thing.
func closeToOthers() {}
