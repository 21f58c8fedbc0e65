//go:build wine

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// With the tag wine the scripts, hunts and pages run the Windows program of the folder
// SCHTASKHUNT_WINDOWS under Wine; in its folder full lies the same one with its plugins.
// SCHTASKHUNT is this machine's own, whose bytes it has to give.
func init() {
	program, underWine = runUnderWine, true
	passed = append(passed, "WINE", "WINEPREFIX", "WINEDEBUG", "SCHTASKHUNT_WINDOWS")
}

func runUnderWine() {
	for range 2 { // on a busy machine Wine itself now and then fails to start, without a word
		out, errs := &counted{to: os.Stdout}, &counted{to: os.Stderr}
		c := wine("", os.Args[1:]...)
		c.Stdin, c.Stdout, c.Stderr = os.Stdin, out, errs
		err := c.Run()
		var ended *exec.ExitError
		if err != nil && !errors.As(err, &ended) {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(125)
		}
		if code := c.ProcessState.ExitCode(); code == 0 || out.bytes+errs.bytes > 0 { // ours never fails in silence
			os.Exit(code)
		}
	}
	fmt.Fprintln(os.Stderr, "the program failed twice and said nothing")
	os.Exit(125)
}

// counted counts what is written to a file.
type counted struct {
	to    *os.File
	bytes int
}

func (c *counted) Write(p []byte) (n int, err error) {
	n, err = c.to.Write(p)
	c.bytes += n
	return n, err
}

// wine is the program of a folder below SCHTASKHUNT_WINDOWS.
func wine(folder string, args ...string) *exec.Cmd {
	windows := filepath.Join(os.Getenv("SCHTASKHUNT_WINDOWS"), folder, "schtaskhunt.exe")
	return exec.Command(os.Getenv("WINE"), append([]string{windows}, args...)...)
}

// native is this machine's own program.
func native(args ...string) *exec.Cmd { return exec.Command(os.Getenv("SCHTASKHUNT"), args...) }

// output is what a program prints to stdout, and says on stderr, in a folder.
func output(t *testing.T, folder string, c *exec.Cmd) (stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	c.Dir, c.Stdout, c.Stderr = folder, &out, &errs
	if err := c.Run(); err != nil {
		t.Fatalf("%v: %v\n%s", c.Args, err, errs.String())
	}
	return out.String(), errs.String()
}

// sampled is a folder with a generated fleet, made by the Windows program and the same
// as this machine's.
func sampled(t *testing.T, devices, format string) string {
	t.Helper()
	folder := t.TempDir()
	args := []string{"sample", "--devices", devices, "--days", "2", "--seed", "5", "--format", format}
	output(t, folder, wine("", append(args, "theirs")...))
	output(t, folder, native(append(args, "ours")...))
	if out, err := exec.Command("diff", "-r", filepath.Join(folder, "theirs"), filepath.Join(folder, "ours")).CombinedOutput(); err != nil {
		t.Errorf("the fleets differ: %v\n%.2000s", err, out)
	}
	return folder
}

// The rows are those of this machine's program, byte by byte, in memory and spilled, and
// nothing of what was spilled is left.
func TestSpilledUnderWine(t *testing.T) {
	folder := sampled(t, "20", "sysmon-xml")
	output(t, folder, native("sample", "--devices", "300", "--days", "1", "--scale", "10", "--gzip", "fleet"))
	want, _ := output(t, folder, native("hunt", "--format", "csv", "--recent", "all", "fleet"))
	for _, memory := range []string{"1024", "64"} {
		got, said := output(t, folder, wine("", "hunt", "--format", "csv", "--recent", "all", "--max-mem-mb", memory, "fleet"))
		if got != want || len(want) < 10_000 {
			t.Errorf("%s MB: %d bytes, %d here", memory, len(got), len(want))
		}
		if spilled := !strings.Contains(said, "spilled_mb=0"); spilled != (memory == "64") {
			t.Errorf("%s MB: %s", memory, said)
		}
	}
	if left := spilledFiles(t); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// spilledFiles are the files of spills in the whole of Wine's disk.
func spilledFiles(t *testing.T) (left []string) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(os.Getenv("WINEPREFIX"), "drive_c"), func(path string, _ fs.DirEntry, err error) error {
		if strings.Contains(path, "schtaskhunt-spill") {
			left = append(left, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return left
}

// A plugin is a program of Windows as well: found, checked, started, asked.
func TestPluginsUnderWine(t *testing.T) {
	folder := sampled(t, "5", "falcon")
	want, _ := output(t, folder, native("hunt", "--mapper", "falcon", "--format", "csv", "--recent", "all", "ours"))
	got, _ := output(t, folder, wine("full", "hunt", "--mapper", "falcon", "--format", "csv", "--recent", "all", "theirs"))
	if got != want || strings.Count(want, "\n") < 10 {
		t.Errorf("%d bytes, %d here", len(got), len(want))
	}
	if listed, _ := output(t, folder, wine("full", "plugins")); !strings.Contains(listed, "falcon") || !strings.Contains(listed, "lists") {
		t.Errorf("listed: %s", listed)
	}
}

// What a path may look like: blanks, letters of any language, a drive, more than 260
// letters, and the prefix that takes a path as it is. The file's name stands in no row.
func TestOddPathsUnderWine(t *testing.T) {
	events, err := os.ReadFile("../../testdata/first/events.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	want, _ := output(t, folder, native("hunt", "--format", "csv", filepath.Join(mustAbs(t, "../../testdata/first/events.jsonl"))))
	for _, name := range []string{"plain", "Ablage für Läufe", "日本 語/ログ", strings.Repeat("long/", 60) + "x"} {
		file := filepath.Join(folder, name, "events of today.jsonl")
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, events, 0o600); err != nil {
			t.Fatal(err)
		}
		drive := `Z:` + strings.ReplaceAll(file, "/", `\`)
		for _, path := range []string{drive, `\\?\` + drive, filepath.Dir(file)} {
			report := filepath.Dir(path) + "out"
			if strings.Contains(path, `\`) {
				report = drive + ".csv"
			}
			if got, _ := output(t, folder, wine("", "hunt", "--format", "csv", path)); got != want {
				t.Errorf("%s: %q", path, got)
			}
			output(t, folder, wine("", "hunt", "--format", "csv", "-o", report, path))
		}
		if written, err := os.ReadFile(file + ".csv"); err != nil || string(written) != want {
			t.Errorf("%s: %q, %v", file, written, err)
		}
	}
}

func mustAbs(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// Ctrl-C, as Wine makes it of a signal, says what was read, writes nothing, ends with 1.
func TestInterruptedUnderWine(t *testing.T) {
	events, err := os.ReadFile("../../testdata/first/events.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	c := wine("", "hunt", "-o", "report.html", "-")
	var said bytes.Buffer
	c.Dir, c.Stderr = folder, &said
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Write(events); err != nil {
		t.Fatal(err)
	}
	time.Sleep(8 * time.Second) // Wine has to be up before there is anything to interrupt
	if err := c.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	err = c.Wait()
	if c.ProcessState.ExitCode() != 1 || !strings.Contains(said.String(), "interrupted: 7.0 kB of 1 file read, nothing written") {
		t.Errorf("%v: %s", err, said.String())
	}
	if _, err := os.Stat(filepath.Join(folder, "report.html")); err == nil {
		t.Error("there is half a report")
	}
}

// On a console colours are on, where NO_COLOR is not set; in a file they are as asked for.
func TestColourUnderWine(t *testing.T) {
	folder := t.TempDir()
	first := mustAbs(t, "../../testdata/first")
	always := []string{"hunt", "--color", "always", "--width", "80", first}
	want, _ := output(t, folder, native(always...))
	if got, _ := output(t, folder, wine("", always...)); got != want {
		t.Errorf("with colours: %q, here %q", got, want)
	}
	for _, no := range []string{"", "1"} {
		c := exec.Command("script", "-qec", wine("", "hunt", "--no-pager", first).String(), "/dev/null")
		c.Env = append(os.Environ(), "NO_COLOR="+no, "TERM=xterm-256color")
		if shown, _ := output(t, folder, c); strings.Contains(shown, "\x1b[1m") != (no == "") || !strings.Contains(shown, "2 findings") {
			t.Errorf("NO_COLOR=%q: %q", no, shown)
		}
	}
}
