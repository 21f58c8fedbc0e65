package indicator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/schtaskhunt/schtaskhunt/plugin"
)

// DefaultScore is the score of entries for which neither the list nor the settings
// give one.
const DefaultScore = 75

// Enricher is a plugin.Enricher that reads its lists from files when it is configured.
// A process serves one search, so files that change are read by the next one.
type Enricher struct {
	// Log is told what could not be read of the lists, a line at a time; nil for nobody.
	Log io.Writer

	set *Set
}

// settingNames are the settings that Configure takes.
var settingNames = []string{"files", "score", "ttl"}

// Configure implements plugin.Configurer. The settings are: files, the lists, with
// commas between; score, of entries that have none, 0 to 100; ttl, how long a verdict
// may be kept, such as 30m, 12h, 7d. It is an error when none of the files can be read;
// one of several is a warning, and what is wrong inside of one is told.
func (e *Enricher) Configure(ctx context.Context, settings map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		if !slices.Contains(settingNames, name) {
			return fmt.Errorf("there is no setting %q, want %s", name, strings.Join(settingNames, ", "))
		}
	}
	files, err := splitFiles(settings["files"])
	if err != nil {
		return err
	}
	options, err := readOptions(settings)
	if err != nil {
		return err
	}
	b := NewBuilder(options)
	if err := b.addFiles(ctx, files); err != nil {
		return err
	}
	e.tell(b.Report())
	e.set = b.Build()
	return nil
}

// Enrich implements plugin.Enricher.
func (e *Enricher) Enrich(ctx context.Context, batch []plugin.Indicator) ([]plugin.Verdict, error) {
	if e.set == nil {
		return nil, errors.New("no lists were read: the setting files is missing")
	}
	return e.set.Enrich(ctx, batch)
}

func (e *Enricher) tell(r *Report) {
	if e.Log == nil {
		return
	}
	for _, warning := range r.Warnings {
		fmt.Fprintln(e.Log, plugin.WarningMark+"indicators: "+warning)
	}
	for _, line := range r.Lines() {
		fmt.Fprintln(e.Log, "indicators: "+line)
	}
}

// splitFiles cuts the setting files. A path below the plugin folder may not lead out
// of it; whoever means another folder writes the whole path.
func splitFiles(setting string) (files []string, err error) {
	for part := range strings.SplitSeq(setting, ",") {
		file := strings.TrimSpace(part)
		switch {
		case file == "":
		case !filepath.IsAbs(file) && !filepath.IsLocal(file):
			return nil, fmt.Errorf("setting files: %q leads out of the plugin folder; write the whole path", file)
		default:
			files = append(files, file)
		}
	}
	if len(files) == 0 {
		return nil, errors.New("setting files is missing: name the indicator lists, with commas between")
	}
	return files, nil
}

func readOptions(settings map[string]string) (o Options, err error) {
	score := cmp.Or(strings.TrimSpace(settings["score"]), strconv.Itoa(DefaultScore))
	if o.Score, err = strconv.ParseFloat(score, 64); err != nil || !(o.Score >= 0 && o.Score <= 100) {
		return o, fmt.Errorf("setting score: %q is not a number between 0 and 100", score)
	}
	if o.TTL, err = parseSpan(strings.TrimSpace(settings["ttl"])); err != nil {
		return o, fmt.Errorf("setting ttl: %w", err)
	}
	return o, nil
}

// parseSpan reads a span as Splunk writes it; "" is 0.
func parseSpan(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	units := map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}
	unit, known := units[text[len(text)-1]]
	n, err := strconv.ParseUint(text[:len(text)-1], 10, 32)
	if !known || err != nil || n > math.MaxInt64/uint64(unit) {
		return 0, fmt.Errorf("%q is no span such as 90s, 30m, 12h, 7d or 2w", text)
	}
	return time.Duration(n) * unit, nil
}

// addFiles reads lists. One that cannot be read loses itself only, unless there is no
// other.
func (b *Builder) addFiles(ctx context.Context, files []string) error {
	var failed []error
	for _, file := range files {
		err := b.addFile(file)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, errFull):
			return err
		case err != nil:
			failed = append(failed, err)
		}
	}
	if len(failed) == len(files) {
		return errors.Join(failed...)
	}
	for _, err := range failed {
		b.report.warn("%v: %s used without it", err, others(len(files)-len(failed)))
	}
	return nil
}

// others says how many lists are left.
func others(n int) string {
	if n == 1 {
		return "the other list is"
	}
	return fmt.Sprintf("the other %d lists are", n)
}

// addFile reads a list from a regular file. Others are refused before they are opened:
// opening a pipe waits until somebody writes to it.
func (b *Builder) addFile(name string) error {
	info, err := os.Stat(name)
	if err != nil {
		return fmt.Errorf("reading indicators: %w", err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("reading indicators: %s is %s, not a regular file", name, sort(info.Mode()))
	}
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("reading indicators: %w", err)
	}
	defer f.Close()
	return b.AddList(name, f)
}

// sort is what a file is that is not regular.
func sort(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe (FIFO)"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	}
	return "a device"
}
