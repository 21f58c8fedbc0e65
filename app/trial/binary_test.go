package trial_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/bundle"
	"github.com/schtaskhunt/schtaskhunt/app/standin"
)

// programs are the program and the plugins that come with it, by their names, linked once for
// all tests that run them.
var programs = sync.OnceValues(func() (bodies map[string][]byte, err error) {
	dir, err := os.MkdirTemp("", "programs")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	bodies = make(map[string][]byte)
	for _, name := range append([]string{"schtaskhunt"}, bundle.PluginNames...) {
		file := filepath.Join(dir, name)
		// As make build compiles them, so that they are compiled once.
		build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", file, "../../bin/"+name)
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("building %s: %w: %s", name, err, out)
		}
		if bodies[name], err = os.ReadFile(file); err != nil {
			return nil, err
		}
	}
	return bodies, nil
})

// built returns a program in a folder of its own, with the plugins that come with it beside it.
func built(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: the program is not built")
	}
	bodies, err := programs()
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(t.TempDir(), "schtaskhunt.exe")
	if err := os.WriteFile(binary, bodies["schtaskhunt"], 0o755); err != nil {
		t.Fatal(err)
	}
	installShipped(t, filepath.Dir(binary), bodies)
	return binary
}

// The program itself, as splunkd starts it, with and without its map half on two
// indexers, gives the rows of a hunt in this process.
func TestProgramInSplunkGivesTheSameRows(t *testing.T) {
	binary := built(t)
	for _, w := range worlds(t) {
		for i, fields := range []string{rawFields, extractedFields, bothFields} {
			t.Run(w.name+"/"+fields, func(t *testing.T) {
				events := indexed(t, fields, w.events)
				standin.SortNewestFirst(events.header, events.rows)
				setting := w.args(settings[i%len(settings)])
				args, want := strings.Fields(setting), hunted(t, setting, w.events)
				for _, indexers := range []int{0, 2} {
					o := played(t, standin.Config{Binary: binary, Command: "schtaskhunt", Args: args,
						Header: events.header, Rows: events.rows, ChunkRows: 200, Indexers: indexers})
					sameRows(t, fmt.Sprint(indexers, " indexers"), o.text, want.text)
				}
			})
		}
	}
}

// played runs a search in the stand-in for splunkd.
func played(t *testing.T, cfg standin.Config) outcome {
	t.Helper()
	result, err := standin.Run(t.Context(), cfg)
	if err != nil || result.Error != "" || result.Stderr != "" {
		t.Fatalf("%v, error %q, stderr %q", err, result.Error, result.Stderr)
	}
	var o outcome
	if len(result.Rows) > 0 {
		o.text = string(table{result.Header, result.Rows}.body(t))
	}
	for _, m := range result.Messages {
		if m.From == "reduce" {
			o.messages = append(o.messages, m.Level+" "+m.Text)
		}
		if strings.Contains(m.Text, "no session") {
			t.Errorf("the session key came back in %q", m.Text)
		}
	}
	o.read(t)
	o.audit(t)
	return o
}

// On the command line too: whole files, split ones, a folder, standard input, in any
// time zone.
func TestProgramOnFilesGivesTheSameRows(t *testing.T) {
	binary := built(t)
	for _, w := range worlds(t) {
		t.Run(w.name, func(t *testing.T) {
			dir := t.TempDir()
			half := len(w.events) / 2
			whole, first, second := filepath.Join(dir, "whole"), filepath.Join(dir, "parts", "a"), filepath.Join(dir, "parts", "b")
			writeLines(t, whole, w.events)
			writeLines(t, first, w.events[half:])
			writeLines(t, second, w.events[:half])
			args := w.args(everything)
			want := hunted(t, args, w.events).text
			sameRows(t, "one file", onFiles(t, binary, args, "TZ=UTC", nil, whole), want)
			sameRows(t, "two files", onFiles(t, binary, args, "TZ=UTC", nil, second, first), want)
			sameRows(t, "a folder", onFiles(t, binary, args, "TZ=UTC", nil, filepath.Dir(first)), want)
			sameRows(t, "another time zone", onFiles(t, binary, args, "TZ=Asia/Kathmandu", nil, whole), want)
			sameRows(t, "standard input", onFiles(t, binary, args, "TZ=UTC", bytes.Join(w.events, []byte("\n")), "-"), want)
		})
	}
}

func writeLines(t *testing.T, path string, lines [][]byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(bytes.Join(lines, []byte("\n")), '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

// onFiles runs the hunt subcommand and returns its rows as CSV.
func onFiles(t *testing.T, binary, options, zone string, stdin []byte, files ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary, append(huntFlags(options), files...)...)
	cmd.Env = append(os.Environ(), zone)
	cmd.Stdin = bytes.NewReader(stdin)
	return commandOutcome(t, cmd).text
}

// huntFlags are the arguments of a hunt with options as in a search.
func huntFlags(options string) []string {
	args := []string{"hunt", "--format", "csv"}
	for _, option := range strings.Fields(options) {
		name, value, _ := strings.Cut(option, "=")
		args = append(args, "--"+strings.ReplaceAll(name, "_", "-"), value)
	}
	return args
}

// commandOutcome runs the program, which must end well.
func commandOutcome(t *testing.T, cmd *exec.Cmd) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%q: %v\n%s", cmd.Args, err, &stderr)
	}
	o := outcome{text: stdout.String()}
	for line := range strings.Lines(stderr.String()) {
		o.messages = append(o.messages, "INFO "+strings.TrimSpace(line))
	}
	o.read(t)
	o.audit(t)
	return o
}
