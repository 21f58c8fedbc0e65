package cli

import (
	"os"

	"golang.org/x/sys/windows"
)

// enableColor has a console understand colours; false where it cannot.
func enableColor(out any) bool {
	f, ok := out.(*os.File)
	if !ok {
		return false
	}
	var mode uint32
	console := windows.Handle(f.Fd())
	return windows.GetConsoleMode(console, &mode) == nil &&
		windows.SetConsoleMode(console, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}
