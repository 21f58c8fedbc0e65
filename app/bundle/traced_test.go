package bundle_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/bundle"
	"github.com/schtaskhunt/schtaskhunt/app/standin"
)

// call is a system call that strace saw: its name, and the whole line.
type call struct{ name, line string }

// traceLine is how strace writes a call; signals and ends have other lines.
var traceLine = regexp.MustCompile(`^([a-z0-9_]+)\(`)

// TestDeclarationIsTheBehaviour runs searches under strace and holds every file and network
// call of the command to what README.txt in the package and docs/admin.md declare: it
// reads its own lookups and the plugins' configuration, writes one unnamed file in the
// dispatch directory when events exceed its memory, starts nothing and has no socket.
func TestDeclarationIsTheBehaviour(t *testing.T) {
	if testing.Short() {
		t.Skip("the program that is traced is the same without -short")
	}
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not here: apt-get install strace")
	}
	if said, err := exec.Command(strace, "--seccomp-bpf", "-f", "-o", os.DevNull, "true").CombinedOutput(); err != nil {
		t.Skipf("strace may not trace here: %v: %s", err, said)
	}
	app := buildApp(t)
	header := fieldsOf(t, "schtaskhunt_sysmon")
	few := events(t, header)
	app.writeLookup(t, "schtaskhunt_census.csv", app.run(t, "recent=all lookback=all output=census", header, few))
	for _, c := range []struct {
		name, arguments string
		rows            [][]string
		previews        int
		processes       int // the parser's, the previews' and a cancelled one, the search's and an indexer's
		spills          bool
	}{
		{"in memory", "recent=all lookback=all `allow`", few, 1, 5, false},
		{"beyond memory", "recent=all lookback=all max_devices=1 max_mem_mb=64", many(few, header, 15), 0, 3, true},
		{"against a census", `recent=all lookback=all baseline="schtaskhunt_census.csv"`, few, 0, 3, false},
		{"refused", `allow_dest="../../../../../../etc/hostname"`, few, 0, 1, false},
		{"a lookup that is not there", `allow_dest="gone.csv"`, few, 1, 2, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			log := t.TempDir()
			arguments := strings.ReplaceAll(c.arguments, "`allow`", macros(t)["schtaskhunt_allow"])
			traced := installed{strace, append([]string{"-ff", "-y", "--seccomp-bpf", "-qq", "-o", filepath.Join(log, "calls"), "-e", "trace=%file,%network,%process", app.program}, app.args...)}
			result := traced.runAs(t, arguments, standin.Config{Header: header, Rows: c.rows, Indexers: 1, Previews: c.previews})
			calls := readCalls(t, log)
			processes, spilled := checkCalls(t, app, calls)
			if processes != c.processes {
				t.Errorf("%d processes, want %d", processes, c.processes)
			}
			if spilled != c.spills || len(result.Left) > 0 {
				t.Errorf("a file for events: %t, want %t; left %q; %d rows, %q, %v", spilled, c.spills, result.Left, len(result.Rows), result.Error, result.Messages)
			}
		})
	}
}

// many are the events again and again, each time on devices of other names and with
// command lines that are long and all different.
func many(rows [][]string, header []string, times int) (all [][]string) {
	device, words := slices.Index(header, "Computer"), slices.Index(header, "CommandLine")
	for i := range times {
		for _, row := range rows {
			row = slices.Clone(row)
			row[device] = fmt.Sprint(i, row[device])
			if row[words] != "" {
				row[words] += strings.Repeat(fmt.Sprintf(" %x", sha256.Sum256([]byte(row[words]+row[device]))), 40)
			}
			all = append(all, row)
		}
	}
	return all
}

// readCalls reads what strace wrote, a file a thread.
func readCalls(t *testing.T, folder string) (calls []call) {
	t.Helper()
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		body, err := os.ReadFile(filepath.Join(folder, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(body)) {
			if m := traceLine.FindStringSubmatch(line); m != nil {
				calls = append(calls, call{m[1], strings.TrimSpace(line)})
			}
		}
	}
	if len(calls) < 10 {
		t.Fatalf("strace saw %d calls", len(calls))
	}
	return calls
}

// harmless are calls that tell a process of itself or of what a path is, and make its threads.
var harmless = strings.Fields("exit exit_group clone clone3 wait4 waitid access faccessat faccessat2 stat lstat newfstatat fstatat64 statx readlink readlinkat getcwd statfs")

// checkCalls holds each call to the declaration and reports how often the program was
// started and whether it made a file for events.
func checkCalls(t *testing.T, app installed, calls []call) (started int, spilled bool) {
	t.Helper()
	for _, c := range calls {
		switch {
		case c.name == "execve" && strings.Contains(c.line, `"`+app.program+`"`):
			started++
		case strings.HasPrefix(c.name, "open"):
			spilled = checkOpen(t, app, c.line) || spilled
		case strings.HasPrefix(c.name, "unlink") && strings.Contains(c.line, "schtaskhunt-spill-"):
		case c.name == "tgkill" && strings.Contains(c.line, "SIGURG"): // Go's scheduler wakes its own threads
		case !slices.Contains(harmless, c.name):
			t.Errorf("undeclared: %s", c.line)
		}
	}
	return started, spilled
}

// opened is the file that a call has opened: strace -y writes its path behind its number.
// What is not there is read by nobody.
var opened = regexp.MustCompile(`= [0-9]+<(.*)>$`)

// system is what the runtime and the loader read: of the C library, of the processor's
// pages, of the process itself, and the name of the account that it runs as.
var system = regexp.MustCompile(`^(/etc/(ld\.so\.cache|localtime|passwd)|/(usr/)?lib[0-9a-z/_-]*/[a-z+_.0-9-]+\.so[.0-9]*|/sys/(kernel/mm/transparent_hugepage|fs/cgroup)(/.*)?|/proc/(self|[0-9]+)/.*|/usr/share/zoneinfo/.*|/dev/null)$`)

func checkOpen(t *testing.T, app installed, line string) (spilled bool) {
	t.Helper()
	m := opened.FindStringSubmatch(line)
	if m == nil {
		return false
	}
	path, folder := m[1], strings.TrimSuffix(app.program, "/"+here(t).Path())
	within := func(name string) bool { return path == folder+name || strings.HasPrefix(path, folder+name+"/") }
	switch writes := strings.Contains(line, "O_WRONLY") || strings.Contains(line, "O_RDWR") || strings.Contains(line, "O_CREAT"); {
	case writes && strings.Contains(path, "/standin-dispatch-") && (strings.Contains(line, "O_TMPFILE") || strings.Contains(path, "/schtaskhunt-spill-")):
		return true
	case writes:
		t.Errorf("undeclared writing: %s", line)
	case system.MatchString(path), path == app.program, within("/lookups"), within("/default"), within("/local"):
	case strings.HasPrefix(folder, path+"/"): // a folder on the way
	case strings.Contains(filepath.Base(path), "standin-dispatch-"): // where the file for events is made
	default:
		t.Errorf("undeclared reading: %s", line)
	}
	return false
}

// buildApp installs the app with a program for here only, which saves packing the others.
func buildApp(t *testing.T) installed {
	t.Helper()
	list := files(t, withoutPrograms(false))
	app := installed{filepath.Join(install(t, list), filepath.FromSlash(here(t).Path())), nil}
	app.args = []string{find(t, conf(t, list, "default/commands.conf"), bundle.App).values["command.arg.1"]}
	build := exec.Command("go", "build", "-pgo=off", "-o", app.program, "./bin/schtaskhunt") // compiled for the tests already
	build.Dir, build.Env = repository, append(os.Environ(), "CGO_ENABLED=0")                 // as it is packed: else it asks nscd who it is
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the program: %v\n%s", err, said)
	}
	return app
}
