package cli

import (
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestLookupsFolder: the folder lies beside bin, whichever of splunkd's it is.
func TestLookupsFolder(t *testing.T) {
	app := filepath.Join("opt", "splunk", "etc", "apps", "schtaskhunt")
	want := filepath.Join(app, "lookups")
	for _, bin := range []string{"bin", "linux_x86_64/bin", "windows_x86_64/bin", "darwin_x86_64/bin", "linux_x86/bin", "windows_x86/bin"} {
		executable := filepath.Join(app, filepath.FromSlash(bin), "schtaskhunt")
		if got, err := lookupsFolder(executable); err != nil || got != want {
			t.Errorf("%s: %s, %v", executable, got, err)
		}
	}
	if folder, err := lookupsFolder(filepath.Join("home", "dist", "schtaskhunt")); err == nil {
		t.Errorf("a program outside an app reads %s", folder)
	}
}

// lookups makes an app's lookups folder with a secret beside it.
func lookups(t *testing.T) (folder string) {
	t.Helper()
	app := filepath.Join(t.TempDir(), "myapp")
	folder = filepath.Join(app, "lookups")
	if err := os.MkdirAll(filepath.Join(folder, "folder.csv"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{filepath.Join(folder, "a.csv"): "dest\n", filepath.Join(app, "secret.csv"): "key\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestOpenIn(t *testing.T) {
	folder := lookups(t)
	file, err := openIn(folder, "a.csv")
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(file); err != nil || string(text) != "dest\n" {
		t.Errorf("read %q, %v", text, err)
	}
	if err := file.Close(); err != nil {
		t.Error(err)
	}
	for name, want := range map[string]string{
		"gone.csv":      filepath.Join("etc", "apps", "myapp", "lookups"),
		"folder.csv":    "not a regular file",
		"../secret.csv": "cannot be read",
	} {
		if _, err := openIn(folder, name); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := openIn(filepath.Join(folder, "none"), "a.csv"); err == nil {
		t.Error("a folder that is not there was opened")
	}
}

// TestLinksDoNotLeadOut: a link in the folder to a file outside it is not followed.
func TestLinksDoNotLeadOut(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need a privilege on Windows")
	}
	folder := lookups(t)
	for name, target := range map[string]string{"up.csv": "../secret.csv", "abs.csv": filepath.Join(filepath.Dir(folder), "secret.csv")} {
		if err := os.Symlink(target, filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
		if _, err := openIn(folder, name); err == nil {
			t.Errorf("%s led out of the folder", name)
		}
	}
}
