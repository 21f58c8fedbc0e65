package plugins_test

import (
	"bytes"
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/executable"
)

// faultRun is a run of the program with something hostile.
type faultRun struct {
	doors.Outcome
	code     int
	warnings []string // what it warned of, without what differs from run to run
	told     []string // what plugins said
	reason   string   // why it failed
}

// runFaulty runs a hunt with the program, which ends soon and leaves nothing.
func runFaulty(t *testing.T, binary, options, file string) (r faultRun) {
	t.Helper()
	temp := t.TempDir()
	cmd := exec.CommandContext(t.Context(), binary, append(executable.HuntFlags(options), file)...)
	cmd.Env = append(os.Environ(), "TMPDIR="+temp)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	begun := time.Now()
	_ = cmd.Run() // its exit status is in the table
	if took := time.Since(begun); took > time.Minute {
		t.Errorf("it took %s", took)
	}
	r.code = cmd.ProcessState.ExitCode()
	if strings.ContainsAny(stderr.String(), "\x1b\a") {
		t.Errorf("it prints what is for terminals: %q", &stderr)
	}
	if peak := peakOf.FindStringSubmatch(stderr.String()); peak != nil {
		if mb, _ := strconv.Atoi(peak[1]); mb > faultyPeak {
			t.Errorf("it held %d MB, and what it was given may cost %d", mb, faultyPeak)
		}
	}
	for line := range strings.Lines(stderr.String()) {
		line = strings.TrimSpace(line)
		r.Messages = append(r.Messages, "INFO "+line)
		said := sameEachTime(line, filepath.Dir(binary))
		if text, isWarning := strings.CutPrefix(said, "warning: "); isWarning {
			r.warnings = append(r.warnings, text)
		} else if text, isTold := strings.CutPrefix(said, "plugin "); isTold {
			r.told = append(r.told, "plugin "+text)
		} else if text, isReason := strings.CutPrefix(said, "schtaskhunt: "); isReason && !strings.HasPrefix(text, "events=") {
			r.reason = text
		}
	}
	if r.Text = stdout.String(); r.code != 0 {
		return r
	}
	r.Read(t)
	r.Audit(t)
	if left, _ := os.ReadDir(temp); len(left) > 0 {
		t.Errorf("there is %v left", left)
	}
	return r
}

// faultyPeak is what a run with something hostile may hold, in MB: the hunt itself holds a few, an answer
// of a plugin is of 64 MB at most, and is there twice while it is decoded.
const faultyPeak = 256

var peakOf = regexp.MustCompile(`peak_mb=(\d+)`)

var (
	sumOf   = regexp.MustCompile(`\b[0-9a-f]{64}\b`)
	callsOf = regexp.MustCompile(`its \d+ calls took [0-9.]+m?s`)
)

// sameEachTime is a message without what differs from run to run.
func sameEachTime(text, folder string) string {
	text = strings.ReplaceAll(text, folder, "FOLDER")
	return callsOf.ReplaceAllString(sumOf.ReplaceAllString(text, "SUM"), "its N calls took T")
}

// failure is why there are no rows, else the warnings of one kind.
func (r faultRun) failure(of func(warning string) bool) (said []string) {
	for _, text := range r.warnings {
		if r.code == 0 && of(text) {
			said = append(said, text)
		}
	}
	if r.code != 0 {
		said = append(said, r.reason)
	}
	return said
}

// inTable is what was said as a cell of a table.
func inTable(text string) string {
	const most = 300
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "..."
	}
	return strings.ReplaceAll(cmp.Or(text, "(nothing)"), "|", `\|`)
}

const (
	faultsPage = "../../../docs/faults.md"
	// faultsMark begins the part of the page that is written here; app/cli writes what is
	// before it.
	faultsMark = "\n# What becomes of a plugin that does not behave\n"
)

// Whatever plugins and lists do, a hunt gives its rows, says what it lacks and leaves
// nothing. What comes of each kind is in docs/faults.md.
func TestFaultsOfPluginsAndLists(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the table is of runs on Linux")
	}
	binary := executable.Built(t)
	pluginLines, listLines := faultsOfPlugins(t, binary), faultsOfLists(t, binary)
	if t.Failed() || slices.Contains(slices.Concat(pluginLines, listLines), "") { // some were left out
		return
	}
	part := faultsMark + pluginsHead + strings.Join(pluginLines, "") + listsHead + strings.Join(listLines, "")
	page, err := os.ReadFile(faultsPage)
	if err != nil {
		t.Fatal(err)
	}
	before, have, _ := strings.Cut(string(page), faultsMark)
	if os.Getenv("UPDATE_FAULTS") != "" {
		if err := os.WriteFile(faultsPage, []byte(before+part), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	doors.SameRows(t, "docs/faults.md (UPDATE_FAULTS=1 go test ./app/trial/plugins -run TestFaultsOfPluginsAndLists writes it anew)", have, strings.TrimPrefix(part, faultsMark))
}
