// Package executable is the program itself in tests: linked as it is shipped, with its plugins
// beside it, and run on files and as splunkd runs it.
package executable

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/bundle"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
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
		if bodies[name], err = linked(name, filepath.Join(dir, name)); err != nil {
			return nil, err
		}
	}
	return bodies, nil
})

// linked links a program into a file. What the tests of another package have linked of the same
// sources lies in .build, and go build leaves a file as it is that need not be linked again.
func linked(name, file string) ([]byte, error) {
	shared := filepath.Join(worlds.Checkout(), ".build", "linked", name)
	if before, err := os.ReadFile(shared); err == nil {
		if err := os.WriteFile(file, before, 0o755); err != nil {
			return nil, err
		}
	}
	// As make build compiles them, so that they are compiled once.
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", file, "./bin/"+name)
	build.Dir, build.Env = worlds.Checkout(), append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building %s: %w: %s", name, err, out)
	}
	body, err := os.ReadFile(file)
	if err == nil {
		share(shared, body)
	}
	return body, err
}

// share leaves a program to the next package, whole or not at all: several link at a time. Where
// that cannot be, each links its own.
func share(name string, body []byte) {
	_ = os.MkdirAll(filepath.Dir(name), 0o755)
	f, err := os.CreateTemp(filepath.Dir(name), "linking")
	if err != nil {
		return
	}
	_, err = f.Write(body)
	if errors.Join(err, f.Close()) != nil || os.Rename(f.Name(), name) != nil {
		_ = os.Remove(f.Name())
	}
}

// Built returns a program in a folder of its own, with the plugins that come with it beside it.
func Built(t *testing.T) string {
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
