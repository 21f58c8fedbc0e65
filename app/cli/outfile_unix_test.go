//go:build unix

package cli

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// huntTo hunts in one task's events and has the rows written to a file.
func huntTo(t *testing.T, file string) (stderr string) {
	t.Helper()
	_, stderr, code := cli("hunt", "--format", "csv", "-o", file, filepath.Join("..", "..", "testdata", "first", "events.jsonl"))
	if code != done {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	return stderr
}

func checkRows(t *testing.T, what string, text []byte) {
	t.Helper()
	if !strings.HasPrefix(string(text), "_time,row,") || strings.Count(string(text), "\n") < 2 {
		t.Errorf("%s has %q", what, text)
	}
}

func checkMode(t *testing.T, file string, want os.FileMode) {
	t.Helper()
	info, err := os.Lstat(file)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode() != want {
		t.Errorf("%s has the mode %v, want %v", filepath.Base(file), info.Mode(), want)
	}
}

// What is no regular file is written through: a pipe or a device stays what it is.
func TestOutputToPipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	read := make(chan []byte, 1)
	go func() {
		text, err := os.ReadFile(pipe)
		if err != nil {
			t.Error(err)
		}
		read <- text
	}()
	huntTo(t, pipe)
	checkMode(t, pipe, os.ModeNamedPipe|0o600)
	checkRows(t, "the pipe", <-read)
}

// A link stays one, whether what it names is there or not. The one here stands beside a link to
// a folder: .. is above what that names.
func TestOutputThroughLinks(t *testing.T) {
	folder := t.TempDir()
	if err := os.MkdirAll(filepath.Join(folder, "reports", "2026"), 0o700); err != nil {
		t.Fatal(err)
	}
	link, target := filepath.Join(folder, "link.csv"), filepath.Join(folder, "reports", "real.csv")
	for name, to := range map[string]string{link: "there/../second.csv", filepath.Join(folder, "there"): "reports/2026", filepath.Join(folder, "reports", "second.csv"): "real.csv"} {
		if err := os.Symlink(to, name); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // into a new file, and over that
		huntTo(t, link)
		checkMode(t, link, os.ModeSymlink|0o777)
		text, err := os.ReadFile(target)
		if err != nil {
			t.Fatal(err)
		}
		checkRows(t, "the link's target", text)
		if err := os.WriteFile(target, []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// A new file has what the umask leaves, one that is there keeps its mode.
func TestModeOfOutput(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0o027))
	file := filepath.Join(t.TempDir(), "rows.csv")
	huntTo(t, file)
	checkMode(t, file, 0o640)
	for _, mode := range []os.FileMode{0o600, 0o666} {
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
		huntTo(t, file)
		checkMode(t, file, mode)
	}
}

// A file without a name, or in a folder that takes no other, is written over where it is.
func TestOutputInPlace(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, "rows.csv")
	if err := os.WriteFile(name, []byte(strings.Repeat("old", 9999)), 0o600); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() == 0 {
		t.Log("to root every folder is open: only a file without a name is tested")
	} else {
		if err := os.Chmod(folder, 0o500); err != nil {
			t.Fatal(err)
		}
		stderr := huntTo(t, name)
		if err := os.Chmod(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(name)
		if checkRows(t, "the file", text); err != nil || !strings.Contains(stderr, "written over in place") {
			t.Errorf("%v, %s", err, stderr)
		}
	}
	if _, err := os.Stat("/dev/fd"); err != nil {
		t.Skip("no names of descriptors here")
	}
	file, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	stderr := huntTo(t, filepath.Join("/dev/fd", strconv.Itoa(int(file.Fd()))))
	text, err := io.ReadAll(file)
	if checkRows(t, "the file without a name", text); err != nil || !strings.Contains(stderr, "written over in place") {
		t.Errorf("%v, %s", err, stderr)
	}
}

// A run that fails leaves what was there, and nothing beside it.
func TestFailedOutput(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, "rows.csv")
	if err := os.WriteFile(name, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	full := errors.New("full")
	if _, err := replace(name, func(io.Writer) error { return full }); !errors.Is(err, full) {
		t.Error(err)
	}
	text, err := os.ReadFile(name)
	if left, _ := os.ReadDir(folder); err != nil || string(text) != "old" || len(left) != 1 {
		t.Errorf("%q, %v, %d files", text, err, len(left))
	}
}
