//go:build bench

package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// pluginsMayCost is how many times as long a hunt may take with the plugins as without.
const pluginsMayCost = 1.2

// TestPlugins measures what the mapper and the lists add to a hunt in the same events,
// and fails where that is more than is promised.
func TestPlugins(t *testing.T) {
	l := &lab{dir: os.Getenv("BENCH_DIR"), binary: os.Getenv("BENCH_BINARY"), rounds: number(t, "BENCH_ROUNDS", 5)}
	if l.dir == "" || l.binary == "" {
		t.Fatal("BENCH_DIR and BENCH_BINARY name a folder and the program to measure; make bench-plugins sets both")
	}
	events := number(t, "BENCH_EVENTS", 1_000_000)
	for _, format := range []string{sample.FormatSysmon, sample.FormatFalcon} {
		folder := filepath.Join(l.dir, fmt.Sprint("plugins-", format, "-", events))
		sum := generated(t, folder, format, events)
		binary := l.withLists(t, filepath.Join(folder, sample.IndicatorsFile))
		file := filepath.Join(folder, sum.Files[0])
		without, with := []string{}, []string{"--mapper", "falcon", "--enrich", "lists"}
		if format == sample.FormatFalcon {
			without = []string{"--mapper", "falcon"} // nothing can be read without it
		}
		var plain, judged []cost
		for range l.rounds { // in turn, so that what else the machine does strikes both
			plain = append(plain, hunted(t, binary, file, without))
			judged = append(judged, hunted(t, binary, file, with))
		}
		wall := func(c cost) time.Duration { return c.Wall }
		a, b := middle(plain, wall), middle(judged, wall)
		ratio := float64(b) / float64(a)
		fmt.Printf("%s, %d events: %v without, %v with %v: %.2f times, at most %v\n", format, sum.Events, a, b, with, ratio, pluginsMayCost)
		if ratio > pluginsMayCost && os.Getenv("BENCH_ALLOW_MISS") == "" {
			t.Errorf("%s: plugins cost %.2f times the hunt, at most %v is promised", format, ratio, pluginsMayCost)
		}
	}
	l.getInfoWithMapper(t)
}

// getInfoWithMapper tells what asking a mapper adds to the reply to getinfo.
func (l *lab) getInfoWithMapper(t *testing.T) {
	t.Helper()
	wait := func(args ...string) time.Duration {
		var waits []time.Duration
		for range starts {
			_, w, err := l.asked(args...)
			must(t, err)
			waits = append(waits, w)
		}
		return middle(waits, func(d time.Duration) time.Duration { return d })
	}
	fmt.Printf("from the start to the reply to getinfo: %v, with mapper=falcon %v\n", wait(), wait("mapper=falcon"))
}

// generated makes a fleet of about so many events, unless an earlier run has.
func generated(t *testing.T, folder, format string, events int) sample.Summary {
	t.Helper()
	must(t, os.RemoveAll(folder))
	sum, err := sample.Generate(sample.Config{Devices: max(1, events/eventsPerDevice), Days: 7, Seed: 1, Format: format, OneFile: true}, folder)
	must(t, err)
	return sum
}

// withLists copies the program and its plugins to where a conf file names a list.
func (l *lab) withLists(t *testing.T, list string) (binary string) {
	t.Helper()
	here := filepath.Dir(l.binary)
	to := filepath.Join(l.dir, "plugged")
	must(t, os.RemoveAll(to), os.CopyFS(filepath.Join(to, "plugins"), os.DirFS(filepath.Join(here, "plugins"))),
		os.RemoveAll(filepath.Join(to, "plugins", "local")), os.MkdirAll(filepath.Join(to, "plugins", "local"), 0o755),
		os.Chmod(filepath.Join(to, "plugins"), 0o755))
	list, err := filepath.Abs(list)
	must(t, err)
	conf := []byte("[lists]\ndisabled = 0\nsetting.files = " + list + "\n")
	must(t, os.WriteFile(filepath.Join(to, "plugins", "local", "schtaskhunt_plugins.conf"), conf, 0o600))
	program, err := os.ReadFile(l.binary)
	must(t, err)
	binary = filepath.Join(to, "schtaskhunt")
	must(t, os.WriteFile(binary, program, 0o755))
	return binary
}

// hunted hunts in a file and returns what it took.
func hunted(t *testing.T, binary, file string, flags []string) cost {
	t.Helper()
	c, out, err := wholeRun(".", append(append([]string{binary, "hunt", "--format", "csv"}, flags...), file)...)
	must(t, err)
	if len(out) < 1000 {
		t.Fatalf("%v: only %d bytes of rows", flags, len(out))
	}
	return c
}
