package plugins_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sample"
	"github.com/schtaskhunt/schtaskhunt/app/standin"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/executable"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// installBad puts the misbehaving plugin beside a program, and returns how many lines of
// conf name it, once for each thing to do.
func installBad(t *testing.T, binary string, kind string, deeds []string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	file := badPlugin
	if runtime.GOOS == "windows" {
		file += ".exe"
	}
	executable.Safely(t, filepath.Join(filepath.Dir(binary), "plugins"), map[string][]byte{file: body})
	conf := ""
	for _, do := range deeds {
		conf += fmt.Sprintf("[%s]\nprogram = %s\nkind = %s\nsha256 = %x\ntimeout = 700ms\nstart_timeout = 3s\nsetting.do = %s\n",
			stanzaOf(do), badPlugin, kind, sha256.Sum256(body), do)
	}
	conf += fmt.Sprintf("[forged]\nprogram = %s\nkind = %s\nsha256 = %064x\n", badPlugin, kind, 7)
	executable.LocalConf(t, binary, conf)
}

func stanzaOf(do string) string { return strings.ReplaceAll(do, " ", "-") }

// nothingLeft checks that no process runs anything out of a folder, and that a
// temporary folder is empty.
func nothingLeft(t *testing.T, folder, temp string) {
	t.Helper()
	if left, _ := os.ReadDir(temp); len(left) > 0 {
		t.Errorf("there is %v left", left)
	}
	links, _ := filepath.Glob("/proc/[0-9]*/exe")
	for _, link := range links {
		if exe, err := os.Readlink(link); err == nil && strings.HasPrefix(exe, folder+"/") {
			t.Errorf("%s still runs %s", filepath.Dir(link), exe)
		}
	}
}

// The shipped plugins in the program itself, on files and as splunkd starts it, with
// and without the map half.
func TestProgramWithShippedPlugins(t *testing.T) {
	binary := executable.Built(t)
	events, list := worlds.Planted(t, sample.FormatFalcon)
	executable.LocalConf(t, binary, "[lists]\ndisabled = 0\nsetting.files = "+list+"\n")
	args := worlds.WithMapper(doors.Everything, sample.FormatFalcon) + " enrich=lists"
	want := doors.HuntedWith(t, args, list, events)
	if !slices.ContainsFunc(want.Rows, func(r row.Row) bool { return r.Get("intel_label") != "" }) {
		t.Fatal("no verdicts: nothing is tested")
	}
	file := filepath.Join(t.TempDir(), "events.jsonl")
	worlds.WriteLines(t, file, events)
	doors.SameRows(t, "on files", executable.OnFiles(t, binary, args, "TZ=UTC", nil, file), want.Text)
	for _, fields := range []string{doors.RawFields, doors.ExtractedFields} {
		table := doors.Indexed(t, fields, events)
		standin.SortNewestFirst(table.Header, table.Rows)
		for _, indexers := range []int{0, 2} {
			o := executable.Played(t, standin.Config{Binary: binary, Command: "schtaskhunt", Args: strings.Fields(args),
				Header: table.Header, Rows: table.Rows, ChunkRows: 2000, Indexers: indexers})
			doors.SameRows(t, fmt.Sprint(fields, ", ", indexers, " indexers"), o.Text, want.Text)
		}
	}
	nothingLeft(t, filepath.Dir(binary), filepath.Join(t.TempDir()))
}

// The subcommand that lists, verifies and tries them. What a plugin says of itself
// does not reach a terminal as it is.
func TestProgramListsItsPlugins(t *testing.T) {
	binary := executable.Built(t)
	list := filepath.Join(t.TempDir(), "list.txt")
	if err := os.WriteFile(list, []byte("203.0.113.7\nevil.example\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	exec := func(want int, args ...string) string {
		t.Helper()
		var out strings.Builder
		cmd := exec.CommandContext(t.Context(), binary, args...)
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Run(); cmd.ProcessState.ExitCode() != want {
			t.Errorf("%q: exit status %d, want %d, %v\n%s", args, cmd.ProcessState.ExitCode(), want, err, &out)
		}
		if strings.ContainsAny(out.String(), "\x1b\a") {
			t.Errorf("%q prints %q", args, &out)
		}
		return out.String()
	}
	contains := func(text string, parts ...string) {
		t.Helper()
		for _, part := range parts {
			if !strings.Contains(text, part) {
				t.Errorf("%q is not in\n%s", part, text)
			}
		}
	}
	contains(exec(0, "plugins"), "falcon  mapper    schtaskhunt-map-falcon   ok        dev\n", "lists   enricher  schtaskhunt-enrich-list  disabled  -\n")
	contains(exec(0, "plugins", "try", "falcon"), "falcon: schtaskhunt-map-falcon dev started\n", "connection: network_connection, 18 rules\n")
	executable.LocalConf(t, binary, "[lists]\ndisabled = 0\nsetting.files = "+list+"\n")
	contains(exec(0, "plugins"), "schtaskhunt-enrich-list  ok ")
	contains(exec(0, "plugins", "try", "lists", "203.0.113.7", "a.evil.example", "good.example"),
		"ip 203.0.113.7: 75 ", "domain a.evil.example: 75 ", "domain good.example: nothing known\n")
	contains(exec(2, "plugins", "try", "falcon", "203.0.113.7"), "takes no indicators")

	// A program that somebody changed is not started; a list that is not there is told.
	executable.LocalConf(t, binary, "[lists]\ndisabled = 0\nsetting.files = /nowhere\n[falcon]\nsha256 = "+strings.Repeat("0", 64)+"\n")
	contains(exec(1, "plugins"), "schtaskhunt-map-falcon   WRONG  -", "falcon has the SHA-256", "nowhere", "2 of 2 plugins cannot be used")
	contains(exec(1, "plugins", "verify"), "WRONG", "schtaskhunt-enrich-list  ok     -", "1 of 2 plugins cannot be used")
	contains(exec(1, "plugins", "try", "falcon"), "put the right file back")
	installBad(t, binary, "enricher", []string{"fail in start"})
	contains(exec(1, "plugins"), `line 7 is \x1b[31m wrong`)
}
