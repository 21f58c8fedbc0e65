// Package plugintest tries a plugin as the program would, for its author's tests: it
// starts the built program by the real host, and checks what every plugin has to
// hold to. What a plugin says of a certain indicator is for the author to test.
package plugintest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/plugin"
	"github.com/schtaskhunt/schtaskhunt/plugin/host"
)

// Timeout is what a call may take in the checks.
const Timeout = 30 * time.Second

// Build builds the package in a folder, such as ".", and returns the path of the
// program. It lies in a folder of its own, into which files may be put that the
// plugin's settings name.
func Build(t testing.TB, folder string) (program string) {
	t.Helper()
	out := t.TempDir()
	if err := os.Chmod(out, 0o755); err != nil { // whatever the umask
		t.Fatal(err)
	}
	program = filepath.Join(out, "plugin")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	build := exec.Command("go", "build", "-o", program, ".")
	build.Dir = folder
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the plugin: %v\n%s", err, text)
	}
	if err := os.Chmod(program, 0o755); err != nil {
		t.Fatal(err)
	}
	return program
}

// Open starts a built program as a plugin of a kind. Its folder is the plugin folder.
// The plugin is closed at the end of the test.
func Open(t testing.TB, program string, kind host.Kind, settings map[string]string) *host.Plugin {
	t.Helper()
	g, err := newTarget(program, kind, settings, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	p, err := g.open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// Enricher checks an enricher. samples are indicators that it knows something of, and
// some that it does not; at least two, and none twice.
func Enricher(t *testing.T, program string, settings map[string]string, samples []plugin.Indicator) {
	t.Helper()
	if len(samples) < 2 {
		t.Fatal("plugintest.Enricher needs two samples or more")
	}
	runChecks(t, enricherChecks, program, host.KindEnricher, settings, samples)
}

// Mapper checks a mapper. samples are rows by the name of the table, for every table
// with ByPlugin two or more.
func Mapper(t *testing.T, program string, settings map[string]string, samples map[string][]plugin.Row) {
	t.Helper()
	runChecks(t, mapperChecks, program, host.KindMapper, settings, samples)
}

func runChecks[S any](t *testing.T, checks []check[S], program string, kind host.Kind, settings map[string]string, samples S) {
	t.Helper()
	g, err := newTarget(program, kind, settings, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) {
			if err := c.run(g, samples); err != nil {
				t.Error(err)
			}
		})
	}
}

// target is a plugin to be checked.
type target struct {
	folder string
	conf   host.Conf
	log    func(format string, args ...any)
}

const name = "plugin"

func newTarget(program string, kind host.Kind, settings map[string]string, log func(string, ...any)) (target, error) {
	text, err := os.ReadFile(program)
	if err != nil {
		return target{}, err
	}
	sum := sha256.Sum256(text)
	e := host.Entry{Name: name, Program: filepath.Base(program), SHA256: hex.EncodeToString(sum[:]), Kind: kind,
		Timeout: Timeout, StartTimeout: Timeout, Settings: settings}
	return target{filepath.Dir(program), host.Conf{Entries: []host.Entry{e}}, log}, nil
}

func (g target) open() (*host.Plugin, error) {
	return host.Open(g.folder, g.conf, name, func(line string) { g.log("%s", line) })
}

// with opens the plugin, has it tried, and closes it.
func (g target) with(try func(*host.Plugin) error) error {
	p, err := g.open()
	if err != nil {
		return err
	}
	if err := try(p); err != nil {
		_ = p.Close()
		return err
	}
	return p.Close()
}

// repeated returns items over and over, n of them.
func repeated[T any](items []T, n int) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = items[i%len(items)]
	}
	return out
}

// reversed returns items from the last to the first.
func reversed[T any](items []T) []T {
	out := make([]T, len(items))
	for i := range items {
		out[len(items)-1-i] = items[i]
	}
	return out
}

// same compares what came of items in two ways. what says how the second one differs.
func same[I, O any](what string, items []I, want, got []O, equal func(a, b O) bool) error {
	if len(want) != len(got) {
		return fmt.Errorf("%s: %d answers, want %d", what, len(got), len(want))
	}
	for i := range want {
		if !equal(want[i], got[i]) {
			return fmt.Errorf("%s: the answer on %.200q is %+v, and it was %+v", what, fmt.Sprint(items[i]), got[i], want[i])
		}
	}
	return nil
}
