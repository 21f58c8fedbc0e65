package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain makes the test binary the program itself, for the scripts and for the
// stand-in, which starts it once more.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"schtaskhunt": main})
}

// setup gives scripts the repository's testdata under its usual name.
func setup(env *testscript.Env) error {
	data, err := filepath.Abs("../../testdata")
	if err != nil {
		return err
	}
	env.Setenv("GORACE", os.Getenv("GORACE")) // scripts start programs that are built for the race detector
	return os.Symlink(data, filepath.Join(env.WorkDir, "testdata"))
}

// TestScripts runs the program's behaviour as its users meet it.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "../../testdata/script", Setup: setup, RequireExplicitExec: true})
}

// record has TestHunts write what the hunts print, instead of comparing it.
var record = flag.Bool("record", false, "write what the hunts in testdata/hunts print")

// TestHunts runs whole hunts that a person can read.
func TestHunts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "../../testdata/hunts", UpdateScripts: *record, RequireExplicitExec: true})
}

// TestPages runs the examples of the pages that have some and compares what they print with
// what stands there. Commands without their output are run in app/trial.
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
