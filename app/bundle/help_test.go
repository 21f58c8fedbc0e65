package bundle_test

import (
	"bytes"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/bundle"
)

// repository is the top of the repository.
const repository = "../.."

const testVersion = "1.2.3"

var stamp = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// here is this machine's platform.
func here(t *testing.T) bundle.Platform {
	t.Helper()
	at := slices.IndexFunc(bundle.Platforms, func(p bundle.Platform) bool {
		return p.OS == runtime.GOOS && p.Arch == runtime.GOARCH
	})
	if at < 0 {
		t.Skipf("the app has no program for %s/%s, so none can be run here", runtime.GOOS, runtime.GOARCH)
	}
	return bundle.Platforms[at]
}

// programs stand in for the command's programs where nothing is started.
func programs() (all []bundle.Program) {
	for _, p := range bundle.Platforms {
		all = append(all, bundle.Program{Platform: p, Body: []byte("a program for " + p.Words)})
	}
	return all
}

// shipped stand in for the plugins' programs.
func shipped() (all []bundle.Plugin) {
	for _, p := range bundle.Platforms {
		for _, name := range bundle.PluginNames {
			all = append(all, bundle.Plugin{Platform: p, Name: name, Body: []byte(name + " for " + p.Words)})
		}
	}
	return all
}

// withoutPrograms is the app as far as no program matters.
func withoutPrograms(cloud bool) bundle.Package {
	return bundle.Package{Source: os.DirFS(repository), Version: testVersion, Cloud: cloud}
}

func files(t *testing.T, p bundle.Package) []bundle.File {
	t.Helper()
	list, err := p.Files()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// text returns a file of the app.
func text(t *testing.T, list []bundle.File, name string) string {
	t.Helper()
	at := slices.IndexFunc(list, func(f bundle.File) bool { return f.Name == name })
	if at < 0 {
		t.Fatalf("the app has no %s", name)
	}
	return string(list[at].Body)
}

func packed(t *testing.T, list []bundle.File) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := bundle.Write(&b, list, stamp); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// searches are the files of spl/, by their names in markers.
func searches(t *testing.T) map[string]string {
	t.Helper()
	source := os.DirFS(repository)
	all := map[string]string{}
	err := fs.WalkDir(source, "spl", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		all[name], err = bundle.ReadSearch(source, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("spl/ is empty")
	}
	return all
}

// stanza is a section of a .conf file.
type stanza struct {
	name   string
	keys   []string // in their order
	values map[string]string
}

// parseConf reads a .conf file as Splunk does: a backslash at the end of a line joins
// the next one to the value, as a new line.
func parseConf(t *testing.T, name, body string) (list []stanza) {
	t.Helper()
	lines := strings.Split(body, "\n")
	for i := 0; i < len(lines); i++ {
		line := strings.TrimSpace(lines[i])
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
			continue
		case strings.HasPrefix(line, "["):
			list = append(list, stanza{name: strings.Trim(line, "[]"), values: map[string]string{}})
			continue
		}
		key, value, found := strings.Cut(lines[i], "=")
		if !found || len(list) == 0 {
			t.Fatalf("%s:%d: %q is neither a stanza nor a setting in one", name, i+1, line)
		}
		for strings.HasSuffix(value, `\`) {
			i++
			value = strings.TrimSuffix(value, `\`) + "\n" + lines[i]
		}
		last := &list[len(list)-1]
		key = strings.TrimSpace(key)
		last.keys = append(last.keys, key)
		last.values[key] = strings.TrimSpace(value)
	}
	return list
}

// conf is a parsed configuration file of the app.
func conf(t *testing.T, list []bundle.File, name string) []stanza {
	t.Helper()
	return parseConf(t, name, text(t, list, name))
}

func find(t *testing.T, list []stanza, name string) stanza {
	t.Helper()
	for _, s := range list {
		if s.name == name {
			return s
		}
	}
	t.Fatalf("no stanza %q", name)
	return stanza{}
}
