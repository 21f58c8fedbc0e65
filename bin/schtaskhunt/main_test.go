package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// program is what the scripts run: this one, or the Windows program under Wine.
var (
	program   = hinted
	underWine = false
)

// passed are variables of the environment that programs under test need.
var passed = []string{"GORACE"} // scripts start programs that are built for the race detector

// TestMain makes the test binary the program itself, for the scripts and for the
// stand-in, which starts it once more.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"schtaskhunt": func() { program() }})
}

// setup gives scripts the repository's testdata under its usual name.
func setup(env *testscript.Env) error {
	data, err := filepath.Abs("../../testdata")
	if err != nil {
		return err
	}
	for _, name := range passed {
		env.Setenv(name, os.Getenv(name))
	}
	return os.Symlink(data, filepath.Join(env.WorkDir, "testdata"))
}

// condition is what scripts may ask beside what they always may: whether the program is
// that of Windows, with Windows' own words for what is not there.
func condition(name string) (bool, error) {
	if name != "windows_program" {
		return false, fmt.Errorf("unknown condition %q", name)
	}
	return underWine || runtime.GOOS == "windows", nil
}

// TestScripts runs the program's behaviour as its users meet it.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "../../testdata/script", Setup: setup, Condition: condition, RequireExplicitExec: true})
}

// record has TestHunts write what the hunts print, instead of comparing it.
var record = flag.Bool("record", false, "write what the hunts in testdata/hunts print")

// TestHunts runs whole hunts that a person can read.
func TestHunts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "../../testdata/hunts", Setup: setup, UpdateScripts: *record, RequireExplicitExec: true})
}

// TestPages runs the examples of the pages that have some and compares what they print with
// what stands there. Commands without their output are run in app/trial/pages.
func TestPages(t *testing.T) {
	for _, page := range []string{"README.md", "docs/analyst.md", "docs/one-machine.md", "docs/contributor.md"} {
		t.Run(page, func(t *testing.T) { runPage(t, page) })
	}
}

func runPage(t *testing.T, page string) {
	readme, err := os.ReadFile(filepath.Join("../..", page))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	examples := 0
	for _, block := range strings.Split(string(readme), "```console\n")[1:] {
		block, _, _ = strings.Cut(block, "```")
		command, output, _ := strings.Cut(strings.TrimPrefix(block, "$ "), "\n")
		examples++
		script := "exec " + command + "\ncmp stdout want\n-- want --\n" + output
		name := filepath.Join(dir, "page"+string(rune('0'+examples))+".txtar")
		if err := os.WriteFile(name, []byte(script), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if examples == 0 {
		t.Fatal("the page has no example")
	}
	testscript.Run(t, testscript.Params{Dir: dir, Setup: setup})
}
