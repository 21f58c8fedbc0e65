package bundle_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/bundle"
)

// small is a small Go program of this module, built beside the race detector: packing even one
// that prints takes half a minute under it.
func small(t *testing.T) []byte { return smallLinked(t, "default") }

func smallLinked(t *testing.T, mode string) []byte {
	t.Helper()
	name := filepath.Join(t.TempDir(), "program")
	build := exec.Command("go", "build", "-race=false", "-trimpath", "-buildmode="+mode, "-ldflags", "-s -w", "-o", name, "./testdata/program")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building a program: %v\n%s", err, out)
	}
	body, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func archiveFor(p bundle.Platform, body []byte) bundle.Archive {
	a := bundle.Archive{Source: os.DirFS(repository), Version: testVersion, Program: bundle.Program{Platform: p, Body: body}}
	for _, name := range bundle.PluginNames {
		a.Plugins = append(a.Plugins, bundle.Plugin{Platform: p, Name: name, Body: body})
	}
	return a
}

// unpack returns the files of an archive with their modes.
func unpack(t *testing.T, name string, body []byte) map[string]fs.FileMode {
	t.Helper()
	files := make(map[string]fs.FileMode)
	if strings.HasSuffix(name, ".zip") {
		z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range z.File {
			files[f.Name] = f.Mode().Perm()
		}
		return files
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		if h.Typeflag == tar.TypeReg {
			files[h.Name] = h.FileInfo().Mode().Perm()
		}
	}
}

// Every archive has one folder with the program, the plugins beside it and the list of
// parts, the same bytes each time.
func TestArchives(t *testing.T) {
	body := small(t)
	for _, p := range []bundle.Platform{bundle.Desks[0], bundle.Desks[2]} {
		a := archiveFor(p, body)
		packed, err := a.Pack(stamp)
		if err != nil {
			t.Fatal(err)
		}
		again, err := archiveFor(p, body).Pack(stamp)
		if err != nil || !bytes.Equal(packed, again) {
			t.Errorf("%s differs from itself (%v)", a.FileName(), err)
		}
		exe := map[bool]string{true: ".exe"}[p.OS == "windows"]
		top := "schtaskhunt-" + testVersion + "-" + p.OS + "-" + p.Arch + "/"
		files := unpack(t, a.FileName(), packed)
		for name, mode := range map[string]fs.FileMode{
			"schtaskhunt" + exe: 0o755, "plugins/schtaskhunt-map-falcon" + exe: 0o755, "plugins/schtaskhunt-enrich-list" + exe: 0o755,
			"plugins/schtaskhunt_plugins.conf": 0o644, "schtaskhunt.cdx.json": 0o644, "LICENSE": 0o644, "README.md": 0o644,
		} {
			if got, there := files[top+name]; !there || got != mode {
				t.Errorf("%s: %s is %v, there: %t", a.FileName(), name, got, there)
			}
		}
		if len(files) != 7 {
			t.Errorf("%s has %d files", a.FileName(), len(files))
		}
	}
}

// What README says of the archives: one for each system and processor, and what lies in
// Linux' needs nothing that the machine may not have.
func TestArchivesNeedNothing(t *testing.T) {
	for _, system := range []string{"linux", "windows", "darwin"} {
		for _, processor := range []string{"amd64", "arm64"} {
			if chosen, err := bundle.SelectFrom(bundle.Desks, system+"/"+processor); err != nil || len(chosen) != 1 {
				t.Errorf("%s/%s: %v, %v", system, processor, chosen, err)
			}
		}
	}
	if _, err := archiveFor(bundle.Desks[0], smallLinked(t, "pie")).Pack(stamp); err == nil || !strings.Contains(err.Error(), "loader") {
		t.Errorf("a program that needs a loader is packed: %v", err)
	}
}

// The list of parts names every module in the program, with its version, and depends on
// nothing that it does not have.
func TestBillOfMaterials(t *testing.T) {
	text, err := archiveFor(bundle.Desks[0], small(t)).Bill()
	if err != nil {
		t.Fatal(err)
	}
	var bill struct {
		BomFormat, SpecVersion string
		Components             []struct {
			Ref                 string `json:"bom-ref"`
			Name, Version, PURL string
		}
		Dependencies []struct {
			Ref       string
			DependsOn []string
		}
	}
	if err := json.Unmarshal(text, &bill); err != nil || bill.BomFormat != "CycloneDX" || bill.SpecVersion != "1.6" {
		t.Fatalf("%v, %+v", err, bill)
	}
	var refs []string
	for _, c := range bill.Components {
		if c.Name == "" || c.Version == "" || c.PURL != "" && c.PURL != "pkg:golang/"+c.Name+"@"+c.Version {
			t.Errorf("%+v", c)
		}
		refs = append(refs, c.Ref)
	}
	for _, module := range []string{"pkg:golang/std@1.", "pkg:golang/golang.org/x/sys@v"} {
		if !slices.ContainsFunc(refs, func(r string) bool { return strings.HasPrefix(r, module) }) {
			t.Errorf("no %s in %q", module, refs)
		}
	}
	if len(slices.Compact(slices.Clone(refs))) != len(refs) {
		t.Errorf("%q", refs)
	}
	for _, d := range bill.Dependencies {
		for _, on := range d.DependsOn {
			if !slices.Contains(refs, on) {
				t.Errorf("%s depends on %s, which is no component", d.Ref, on)
			}
		}
	}
	if _, err := archiveFor(bundle.Desks[0], []byte("no program")).Bill(); err == nil {
		t.Error("what is no program has a list of parts")
	}
}
