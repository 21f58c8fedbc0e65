package hold

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// filePrefix begins the names of all files of spilled events.
const filePrefix = "schtaskhunt-spill-"

// newFile makes a file that has no name for longer than a moment, so that nothing of
// it is left when the program is killed. What a program left that was killed in that
// moment is removed on the way.
func newFile(folder string) (*os.File, error) {
	if folder == "" {
		folder = os.TempDir()
	}
	Sweep(folder)
	file, err := create(folder)
	if err != nil {
		return nil, fmt.Errorf("making a file for spilled events: %w; raise max_mem_mb, or give TMPDIR a folder that can be written to", err)
	}
	return file, nil
}

// Sweep removes from a folder the files of programs that were killed. Those of
// programs at work have no name any more, or bear one only until they are closed.
func Sweep(folder string) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return // whoever writes there will say what is wrong
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), filePrefix) && e.Type().IsRegular() {
			_ = os.Remove(filepath.Join(folder, e.Name())) // another may have done so
		}
	}
}
