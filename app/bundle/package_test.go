package bundle_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/bundle"
)

// TestTwoBuildsGiveTheSameBytes builds for this machine; make reproducible does the same
// for every platform, from a copy of the sources in another folder.
func TestTwoBuildsGiveTheSameBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("two builds take their time")
	}
	program := func() []byte {
		built, plugins, err := here(t).Build(t.Context(), repository, testVersion)
		if err != nil {
			t.Fatal(err)
		}
		bodies := [][]byte{built.Body}
		for _, p := range plugins {
			bodies = append(bodies, p.Body)
		}
		return bytes.Join(bodies, nil)
	}
	if !bytes.Equal(program(), program()) {
		t.Errorf("the programs for %s differ from build to build", here(t).Words)
	}
	p := withoutPrograms(false)
	p.Programs, p.Plugins = programs(), shipped()
	if !bytes.Equal(packed(t, files(t, p)), packed(t, files(t, p))) {
		t.Error("the package differs from one packing to the next")
	}
}

func TestPlatformsAreSelected(t *testing.T) {
	for list, want := range map[string]int{"": len(bundle.Platforms), "linux/amd64": 1, "windows/amd64,darwin/amd64": 2} {
		if chosen, err := bundle.Select(list); err != nil || len(chosen) != want {
			t.Errorf("%q selects %v, %v", list, chosen, err)
		}
	}
	for _, list := range []string{"plan9/mips", "linux", "linux/amd64,", "Linux/amd64"} {
		if _, err := bundle.Select(list); err == nil || !strings.Contains(err.Error(), "windows/amd64") {
			t.Errorf("%q: error %v, want one that lists the platforms", list, err)
		}
	}
}

func TestPackageIsReadBack(t *testing.T) {
	list := files(t, bundle.Package{Source: os.DirFS(repository), Version: testVersion, Programs: programs()})
	back, err := bundle.Read(bytes.NewReader(packed(t, list)))
	if err != nil {
		t.Fatal(err)
	}
	if len(back) != len(list) {
		t.Fatalf("%d files went in, %d came out", len(list), len(back))
	}
	for i, f := range list {
		if g := back[i]; f.Name != g.Name || f.Mode != g.Mode || !bytes.Equal(f.Body, g.Body) {
			t.Errorf("%s (%o) came out as %s (%o)", f.Name, f.Mode, g.Name, g.Mode)
		}
	}
}

// TestInstalledModes looks at what an installer leaves on disk, not at the headers.
func TestInstalledModes(t *testing.T) {
	list := files(t, bundle.Package{Source: os.DirFS(repository), Version: testVersion, Programs: programs(), Plugins: shipped()})
	back, err := bundle.Read(bytes.NewReader(packed(t, list)))
	if err != nil {
		t.Fatal(err)
	}
	app := install(t, back)
	runnable := 0
	err = filepath.WalkDir(app, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		mode := info.Mode().Perm()
		if mode&0o022 != 0 {
			t.Errorf("%s: others may write: %o", name, mode)
		}
		folder := filepath.Base(filepath.Dir(name))
		isProgram := folder == "bin" || folder == "plugins"
		if isProgram != (mode&0o111 != 0) {
			t.Errorf("%s: mode %o", name, mode)
		}
		if mode&0o111 != 0 {
			runnable++
		}
		return nil
	})
	if err != nil || runnable != 3*len(bundle.Platforms) {
		t.Errorf("%d programs for %d platforms, %v", runnable, len(bundle.Platforms), err)
	}
}

// archiveOf is an archive of one entry.
func archiveOf(t *testing.T, h tar.Header) []byte {
	t.Helper()
	var b bytes.Buffer
	compressed := gzip.NewWriter(&b)
	archive := tar.NewWriter(compressed)
	if err := archive.WriteHeader(&h); err != nil {
		t.Fatal(err)
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := compressed.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadRefusesUnsoundPackages(t *testing.T) {
	sound := tar.Header{Typeflag: tar.TypeReg, Name: "schtaskhunt/default/app.conf", Mode: 0o644}
	if _, err := bundle.Read(bytes.NewReader(archiveOf(t, sound))); err != nil {
		t.Fatalf("a sound package is refused: %v", err)
	}
	for name, change := range map[string]func(*tar.Header){
		"above":             func(h *tar.Header) { h.Name = "../schtaskhunt/x" },
		"above, hidden":     func(h *tar.Header) { h.Name = "schtaskhunt/../../x" },
		"absolute":          func(h *tar.Header) { h.Name = "/etc/passwd" },
		"backslashes":       func(h *tar.Header) { h.Name = `schtaskhunt/..\..\x` },
		"another app":       func(h *tar.Header) { h.Name = "schtaskhunt2/x" },
		"no folder":         func(h *tar.Header) { h.Name = "README.txt" },
		"a hidden file":     func(h *tar.Header) { h.Name = "schtaskhunt/default/.DS_Store" },
		"a link":            func(h *tar.Header) { h.Typeflag, h.Linkname = tar.TypeSymlink, "/etc/passwd" },
		"a hard link":       func(h *tar.Header) { h.Typeflag, h.Linkname = tar.TypeLink, "schtaskhunt/x" },
		"a device":          func(h *tar.Header) { h.Typeflag = tar.TypeChar },
		"world-writable":    func(h *tar.Header) { h.Mode = 0o666 },
		"executable":        func(h *tar.Header) { h.Mode = 0o755 },
		"setuid":            func(h *tar.Header) { h.Name, h.Mode = "schtaskhunt/bin/schtaskhunt", 0o4755 },
		"a dead program":    func(h *tar.Header) { h.Name = "schtaskhunt/bin/schtaskhunt" },
		"a builder's owner": func(h *tar.Header) { h.Uid = 1000 },
		"an open folder":    func(h *tar.Header) { h.Typeflag, h.Name, h.Mode = tar.TypeDir, "schtaskhunt/x/", 0o777 },
	} {
		h := sound
		change(&h)
		if _, err := bundle.Read(bytes.NewReader(archiveOf(t, h))); err == nil {
			t.Errorf("%s: %q was taken", name, h.Name)
		}
	}
}

// TestCloudDiffersInTwoLines: one line of commands.conf decides, one of distsearch.conf
// follows, and nothing else differs.
func TestCloudDiffersInTwoLines(t *testing.T) {
	plain, cloud := files(t, withoutPrograms(false)), files(t, withoutPrograms(true))
	var changed []string
	for i, f := range plain {
		a, b := strings.Split(string(f.Body), "\n"), strings.Split(string(cloud[i].Body), "\n")
		if at := slices.Index(a, "[replicationAllowlist]"); at >= 0 && len(b) == len(a)-1 {
			changed, a = append(changed, f.Name+": without "+a[at]), slices.Delete(a, at, at+1)
		}
		if f.Name != cloud[i].Name || f.Mode != cloud[i].Mode || len(a) != len(b) {
			t.Fatalf("%s became %s", f.Name, cloud[i].Name)
		}
		for j := range a {
			if a[j] != b[j] {
				changed = append(changed, f.Name+": "+a[j]+" -> "+b[j])
			}
		}
	}
	want := "default/commands.conf: command.arg.1 = --map=on -> command.arg.1 = --map=off\n" +
		"default/distsearch.conf: without [replicationAllowlist]"
	if got := strings.Join(changed, "\n"); got != want {
		t.Errorf("changed:\n%s\nwant:\n%s", got, want)
	}
	if a, b := (bundle.Package{Version: "1.0.0"}).FileName(), (bundle.Package{Version: "1.0.0", Cloud: true}).FileName(); a != "schtaskhunt-1.0.0.tgz" || b != "schtaskhunt-cloud-1.0.0.tgz" {
		t.Errorf("names %s and %s", a, b)
	}
}

// splunkPattern compiles a pattern as distsearch.conf.spec has it: ... is anything, *
// anything but a slash, a dot is a dot, and the whole path has to match.
func splunkPattern(pattern string) *regexp.Regexp {
	quoted := regexp.QuoteMeta(pattern)
	quoted = strings.ReplaceAll(quoted, `\.\.\.`, ".*")
	quoted = strings.ReplaceAll(quoted, `\*`, "[^/]*")
	return regexp.MustCompile("^" + quoted + "$")
}

// TestEveryProgramIsSentOrKept: what the first package sends to the indexers is all
// that the second keeps from them.
func TestEveryProgramIsSentOrKept(t *testing.T) {
	for cloud, name := range map[bool]string{false: "replicationAllowlist", true: "replicationDenylist"} {
		list := conf(t, files(t, withoutPrograms(cloud)), "default/distsearch.conf")
		if len(list) != map[bool]int{false: 3, true: 2}[cloud] || find(t, list, "replicationSettings:refineConf").values["replicate.schtaskhunt_plugins"] != "true" {
			t.Fatalf("distsearch.conf has the stanzas %v", list)
		}
		s := find(t, list, name)
		for _, p := range bundle.Platforms {
			for _, path := range []string{p.Path(), bundle.Plugin{Platform: p, Name: bundle.PluginNames[0]}.Path()} {
				matched := false
				for _, pattern := range s.values {
					matched = matched || splunkPattern(pattern).MatchString("apps/schtaskhunt/"+path)
				}
				if !matched {
					t.Errorf("[%s] says nothing of %s", name, path)
				}
			}
		}
		for key, pattern := range s.values {
			if splunkPattern(pattern).MatchString("apps/another/bin/x") || !strings.HasPrefix(key, "schtaskhunt_") {
				t.Errorf("%s = %s reaches beyond the app: such lists hold for all apps", key, pattern)
			}
		}
	}
}

// TestCensusStaysAtHome: of the app's lookups what is a census goes to no search peer, in
// either package, and what is none does.
func TestCensusStaysAtHome(t *testing.T) {
	for _, cloud := range []bool{false, true} {
		s := find(t, conf(t, files(t, withoutPrograms(cloud)), "default/distsearch.conf"), "replicationDenylist")
		kept := splunkPattern(s.values["schtaskhunt_census"])
		for name, want := range map[string]bool{
			"schtaskhunt_census.csv": true, "schtaskhunt_census.csv.gz": true, "schtaskhunt_census_4.csv": true, "schtaskhunt_allow_dest.csv": false,
		} {
			if kept.MatchString("apps/schtaskhunt/lookups/"+name) != want {
				t.Errorf("cloud %t: %s is kept: %t", cloud, name, !want)
			}
		}
	}
}

func TestVersionIsChecked(t *testing.T) {
	for _, version := range []string{"", "1", "1.2", "v1.2.3", "1.2.3-rc1", "../1.2.3", "1.2.3\n"} {
		p := withoutPrograms(false)
		p.Version = version
		if _, err := p.Files(); err == nil {
			t.Errorf("version %q was taken", version)
		}
	}
}

// TestIcons: Splunk Web wants 36 and 72 pixels (app.conf.spec).
func TestIcons(t *testing.T) {
	list := files(t, withoutPrograms(false))
	for name, side := range map[string]int{"appIcon": 36, "appIcon_2x": 72, "appIconAlt": 36, "appIconAlt_2x": 72} {
		img, err := png.Decode(strings.NewReader(text(t, list, "static/"+name+".png")))
		if err != nil {
			t.Fatal(err)
		}
		if b := img.Bounds(); b.Dx() != side || b.Dy() != side {
			t.Errorf("%s is %d x %d, want %d", name, b.Dx(), b.Dy(), side)
		}
		colours := map[any]bool{}
		for y := range side {
			for x := range side {
				colours[img.At(x, y)] = true
			}
		}
		if len(colours) < 8 {
			t.Errorf("%s shows nothing", name)
		}
	}
}

func TestReadmeDeclaresPrograms(t *testing.T) {
	all, plugins := programs(), shipped()
	list := files(t, bundle.Package{Source: os.DirFS(repository), Version: testVersion, Programs: all, Plugins: plugins})
	_, declared, found := strings.Cut(text(t, list, "README.txt"), "# Binary File Declaration\n")
	if !found {
		t.Fatal("README.txt has no section that AppInspect takes for a declaration")
	}
	for _, p := range all {
		if !strings.Contains(declared, p.Path()+"\n") {
			t.Errorf("%s is not declared", p.Path())
		}
	}
	for _, p := range plugins {
		if !strings.Contains(declared, p.Path()+"\n") {
			t.Errorf("%s is not declared", p.Path())
		}
	}
}
