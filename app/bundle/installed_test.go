package bundle_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"sync"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/bundle"
)

// packing makes the packages that tests install: once for all of them, and by
// bin/package in a process of its own. Compilers and compressors take no part in what
// the race detector looks for, and take ten times as long under it.
var packing struct {
	sync.Once
	folder string
	apps   map[bool][]bundle.File // by Package.Cloud, read back
	err    error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if packing.folder != "" {
		_ = os.RemoveAll(packing.folder)
	}
	os.Exit(code)
}

// release returns the files of the app as bin/package packs it, with the programs for a
// platform. What go builds is up to date, or built again.
func release(p bundle.Platform) (apps map[bool][]bundle.File, err error) {
	packing.Do(func() {
		if packing.folder, packing.err = os.MkdirTemp("", "schtaskhunt-release-"); packing.err != nil {
			return
		}
		pack := exec.Command("go", "run", "-race=false", "./bin/package",
			"-version", testVersion, "-platform", p.OS+"/"+p.Arch, "-o", packing.folder)
		pack.Dir = repository
		if said, err := pack.CombinedOutput(); err != nil {
			packing.err = fmt.Errorf("packing the app: %w\n%s", err, said)
			return
		}
		packing.apps = map[bool][]bundle.File{}
		for _, cloud := range []bool{false, true} {
			name := bundle.Package{Version: testVersion, Cloud: cloud}.FileName()
			archive, failed := os.ReadFile(filepath.Join(packing.folder, name))
			list, unsound := bundle.Read(bytes.NewReader(archive))
			packing.apps[cloud], packing.err = list, errors.Join(packing.err, failed, unsound)
		}
	})
	return packing.apps, packing.err
}

// install writes an app into an empty folder laid out as Splunk's, through os.Root,
// which nothing can lead out of, and returns the app's folder.
func install(t *testing.T, list []bundle.File) string {
	t.Helper()
	app := filepath.Join(t.TempDir(), "etc", "apps", bundle.App)
	if err := os.MkdirAll(app, 0o755); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(app)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = root.Close() }()
	for _, f := range list {
		if err := root.MkdirAll(path.Dir(f.Name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := root.WriteFile(f.Name, f.Body, f.Mode); err != nil {
			t.Fatal(err)
		}
	}
	return app
}

// installed is an installed app.
type installed struct {
	program string
	args    []string // command.arg.N of commands.conf
}

// installApp installs the packaged app, with programs that run here. These are as users get
// them: the race detector, for which tests run once more and shortly, sees nothing of them.
func installApp(t *testing.T, cloud bool) installed {
	t.Helper()
	if testing.Short() {
		t.Skip("the program of the package takes its time, and is the same without -short")
	}
	own := here(t)
	apps, err := release(own)
	if err != nil {
		t.Fatal(err)
	}
	app := install(t, apps[cloud])
	s := find(t, conf(t, apps[cloud], "default/commands.conf"), bundle.App)
	return installed{filepath.Join(app, filepath.FromSlash(own.Path())), []string{s.values["command.arg.1"]}}
}
