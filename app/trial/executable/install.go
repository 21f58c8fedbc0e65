package executable

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/bundle"
	"github.com/schtaskhunt/schtaskhunt/app/plugins"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// installShipped puts the plugins that come with the app into the plugin folder of a program in dir.
func installShipped(t *testing.T, dir string, programs map[string][]byte) {
	t.Helper()
	files := make(map[string][]byte)
	shipped := make([]bundle.Plugin, 0, len(bundle.PluginNames))
	for _, name := range bundle.PluginNames {
		file, body := name, programs[name]
		if runtime.GOOS == "windows" {
			file += ".exe"
		}
		files[file] = body
		shipped = append(shipped, bundle.Plugin{Name: name, Body: body})
	}
	conf, err := bundle.PluginsConf(os.DirFS(worlds.Checkout()), shipped)
	if err != nil {
		t.Fatal(err)
	}
	files[plugins.ConfFile] = conf
	Safely(t, filepath.Join(dir, "plugins"), files)
}

// Safely writes files into a folder that only its owner can write to, whatever the
// umask.
func Safely(t *testing.T, folder string, files map[string][]byte) {
	t.Helper()
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, body := range files {
		if err := os.WriteFile(filepath.Join(folder, name), body, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range append(entries, nil) {
		name := folder
		if e != nil {
			name = filepath.Join(folder, e.Name())
		}
		if err := os.Chmod(name, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

// LocalConf writes what an administrator sets beside what comes with the program.
func LocalConf(t *testing.T, binary, text string) {
	t.Helper()
	Safely(t, filepath.Join(filepath.Dir(binary), "plugins", "local"), map[string][]byte{plugins.ConfFile: []byte(text)})
}
