package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// pseudoTerminal opens a terminal that nobody sits at. What is written to the terminal
// can be read from the other end.
func pseudoTerminal(t *testing.T) (terminal, other *os.File) {
	t.Helper()
	other, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudo terminals here: %v", err)
	}
	t.Cleanup(func() { _ = other.Close() })
	number, err := unix.IoctlGetInt(int(other.Fd()), unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(other.Fd()), unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	}
	if err != nil {
		t.Skipf("no pseudo terminals here: %v", err)
	}
	return terminal, other
}

// On a terminal a bar shows which file is read and how much there is, and goes when it is done.
func TestAFolderIsReadWithABar(t *testing.T) {
	terminal, other := pseudoTerminal(t)
	folder := mixedFolder(t)
	shown := make(chan []byte)
	go func() {
		all, _ := io.ReadAll(other) // ends with an error when the terminal is closed
		shown <- all
	}()
	var out bytes.Buffer
	code := Main([]string{"hunt", "--recent", "all", "--max-devices", "0", "--format", "csv", folder}, Streams{In: strings.NewReader(""), Out: &out, Err: terminal})
	_ = terminal.Close()
	text := string(<-shown)
	if code != done {
		t.Fatalf("exit %d: %.2000s", code, text)
	}
	last := strings.LastIndex(text, "% |")
	if last < 0 {
		t.Fatalf("no bar: %.2000q", text)
	}
	if ledger := strings.Index(text, "kept="); ledger < last {
		t.Errorf("the bar is drawn after the hunt's own words: %.2000q", text)
	}
}
