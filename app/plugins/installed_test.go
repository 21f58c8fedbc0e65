package plugins

import (
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/command"
)

var sum = strings.Repeat("0a", 32)

// conf is the text of a conf file with one plugin.
func conf(name, more string) string {
	return "[" + name + "]\nprogram = p\nkind = enricher\nsha256 = " + sum + "\n" + more + "\n"
}

func write(t *testing.T, mode os.FileMode, text string, path ...string) {
	t.Helper()
	file := filepath.Join(path...)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, mode); err != nil {
		t.Fatal(err)
	}
}

// Beside a program that lies anywhere, and in the app that it is part of, of whichever
// platform.
func TestFind(t *testing.T) {
	for bin, inApp := range map[string]bool{"anywhere": false, "bin": true, "linux_x86_64/bin": true, "windows_x86_64/bin": true, "linux_ppc/bin": false} {
		app := filepath.Join(t.TempDir(), "myapp")
		folder := filepath.Join(app, filepath.FromSlash(bin))
		write(t, 0o644, conf("a", "setting.x = beside")+conf("beside", ""), folder, "plugins", ConfFile)
		write(t, 0o600, "[a]\nsetting.y = beside, local", folder, "plugins", "local", ConfFile)
		write(t, 0o644, "[a]\nsetting.x = default\nsetting.z = default\n"+conf("app", "disabled = 1"), app, "default", ConfFile)
		write(t, 0o644, "[a]\nsetting.z = local", app, "local", ConfFile)
		in, err := Find(filepath.Join(folder, "schtaskhunt"))
		if err != nil || in.Folder != filepath.Join(folder, "plugins") {
			t.Errorf("%s: %s, %v", bin, in.Folder, err)
		}
		e, _ := in.Conf.Entry("a")
		settings := map[string]string{"x": "beside", "y": "beside, local"}
		names := command.Installed{Enrichers: []string{"a", "beside"}}
		if inApp {
			settings["x"], settings["z"] = "default", "local"
			names.Disabled = []string{"app"}
		}
		if !reflect.DeepEqual(e.Settings, settings) || !reflect.DeepEqual(in.Names(), names) {
			t.Errorf("%s: settings %v, want %v; plugins %v, want %v", bin, e.Settings, settings, in.Names(), names)
		}
	}
}

func TestFindNone(t *testing.T) {
	in, err := Find(filepath.Join(t.TempDir(), "schtaskhunt"))
	if err != nil || len(in.Conf.Entries) != 0 {
		t.Errorf("%+v, %v", in, err)
	}
	if p, err := in.Start("falcon", nil); p != nil || err == nil {
		t.Errorf("a plugin that is not installed was started: %v, %v", p, err)
	}
}

// A conf file says which programs may run: nobody else may have written it.
func TestFindRefuses(t *testing.T) {
	folder := t.TempDir()
	program, file := filepath.Join(folder, "schtaskhunt"), filepath.Join(folder, "plugins", ConfFile)
	if runtime.GOOS != "windows" {
		for _, mode := range []os.FileMode{0o664, 0o646, 0o666} {
			write(t, mode, conf("a", ""), file)
			if _, err := Find(program); err == nil || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), "chmod go-w") {
				t.Errorf("mode %o: %v", mode, err)
			}
		}
	}
	write(t, 0o644, "[a]\nprogram = /bin/sh\nkind = enricher\nsha256 = "+sum, file)
	if _, err := Find(program); err == nil || !strings.Contains(err.Error(), "[a]: program = /bin/sh") {
		t.Errorf("a path: %v", err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(file, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Find(program); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("a folder: %v", err)
	}
}

// A folder that others can write to is refused as a file is, wherever it lies.
func TestFindRefusesOpenFolders(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes mean nothing on Windows")
	}
	for _, place := range [][]string{{"linux_x86_64", "bin", "plugins"}, {"linux_x86_64", "bin", "plugins", "local"}, {"default"}, {"local"}} {
		app := t.TempDir()
		folder := filepath.Join(append([]string{app}, place...)...)
		write(t, 0o644, conf("a", ""), folder, ConfFile)
		executable := filepath.Join(app, "linux_x86_64", "bin", "schtaskhunt")
		if _, err := Find(executable); err != nil {
			t.Fatal(err)
		}
		for _, mode := range []os.FileMode{0o777, 0o775, 0o757} {
			if err := os.Chmod(folder, mode); err != nil {
				t.Fatal(err)
			}
			if _, err := Find(executable); err == nil || !strings.Contains(err.Error(), folder) || !strings.Contains(err.Error(), "chmod go-w") {
				t.Errorf("%v of mode %o: %v", place, mode, err)
			}
		}
	}
}
