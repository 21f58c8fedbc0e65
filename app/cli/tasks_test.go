package cli

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// collected are the files of a triage collection: tasks, also one in a folder whose name
// begins with a dot as Windows' own has one, and what is none.
var collected = map[string]string{
	"C/Windows/System32/Tasks/Acme/Nightly": `<Task><Actions><Exec><Command>n.exe</Command></Exec></Actions></Task>`,
	"C/Windows/System32/Tasks/.NET/Ngen":    `<Task><Actions><Exec><Command>ngen.exe</Command></Exec></Actions></Task>`,
	"Exported/Weekly.xml":                   "\xff\xfe" + wide(`<?xml version="1.0" encoding="UTF-16"?><Task><Actions><Exec><Command>w.exe</Command></Exec></Actions></Task>`),
	"autoruns.csv":                          "Entry Location,Entry,Enabled,Launch String\nTask Scheduler,\\Old\\Job,enabled,j.exe\n",
	"C/notes.txt":                           "call the owner\n",
}

func wide(ascii string) string {
	var b strings.Builder
	for i := range len(ascii) {
		b.Write([]byte{ascii[i], 0})
	}
	return b.String()
}

func zipOf(t *testing.T, files map[string]string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(files[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func tarOf(t *testing.T, files map[string]string) []byte {
	var b bytes.Buffer
	packed := gzip.NewWriter(&b)
	w := tar.NewWriter(packed)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(files[name])), Typeflag: tar.TypeReg})
		if err == nil {
			_, err = w.Write([]byte(files[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := packed.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Task files are read wherever they lie, and have the same names there.
func TestTasksOfFoldersAndArchives(t *testing.T) {
	folder := t.TempDir()
	for name, text := range collected {
		path := filepath.Join(folder, "folder", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string][]byte{"triage.zip": zipOf(t, collected), "triage.tar.gz": tarOf(t, collected)} {
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"folder", "triage.zip", "triage.tar.gz"} {
		out, stderr, code := cli("tasks", filepath.Join(folder, name))
		var names []string
		for _, line := range strings.Split(strings.TrimSpace(out), "\n")[1:] {
			names = append(names, strings.Join(strings.SplitN(line, ",", 3)[:2], " "))
		}
		want := []string{`\.NET\Ngen ngen.exe`, `\Acme\Nightly n.exe`, `\Exported\Weekly w.exe`, `\Old\Job j.exe`}
		if code != done || !slices.Equal(names, want) || !strings.Contains(stderr, "exports=4 tasks=4") {
			t.Errorf("%s: exit %d, tasks %q, want %q: %s", name, code, names, want, stderr)
		}
		if strings.Count(stderr, "left out: ") != 1 || !strings.Contains(stderr, "notes.txt is not an event log") {
			t.Errorf("%s: %s", name, stderr)
		}
	}
}

// A task has the name that its path gives it, from wherever above or beneath the folder of
// tasks the list was asked for.
func TestTasksOfAnyFolder(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "Windows", "System32", "Tasks", "Kestrel", "Updater")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(collected["C/Windows/System32/Tasks/Acme/Nightly"]), 0o600); err != nil {
		t.Fatal(err)
	}
	for given := path; given != filepath.Dir(folder); given = filepath.Dir(given) {
		if out, stderr, _ := cli("tasks", given); !strings.Contains(out, "\n\\Kestrel\\Updater,n.exe") {
			t.Errorf("%s: %s%s", given, out, stderr)
		}
	}
	t.Chdir(filepath.Dir(path))
	if out, stderr, _ := cli("tasks", "."); !strings.Contains(out, "\n\\Kestrel\\Updater,n.exe") {
		t.Errorf("%s%s", out, stderr)
	}
}

// A file that is neither a task nor a log costs itself where a folder is read, and is an error
// where it is named.
func TestTasksBesideOtherFiles(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{"desktop.ini": "[.ShellClassInfo]\r\n", "README.txt": "call the owner\n", "Nightly": collected["C/Windows/System32/Tasks/Acme/Nightly"]} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, stderr, code := cli("tasks", folder)
	if code != done || !strings.Contains(out, "\n\\Nightly,n.exe") || !strings.Contains(stderr, "desktop.ini is not an event log") {
		t.Errorf("exit %d, %s%s", code, out, stderr)
	}
	if out, stderr, code = cli("tasks", filepath.Join(folder, "desktop.ini")); code == done || out != "" || !strings.Contains(stderr, "desktop.ini is not an event log") {
		t.Errorf("exit %d, %s%s", code, out, stderr)
	}
	sampled := filepath.Join(t.TempDir(), "fleet")
	if _, stderr, code = cli("sample", "--devices", "5", "--days", "1", sampled); code != done {
		t.Fatal(stderr)
	}
	if out, stderr, code = cli("tasks", sampled); code != done || strings.Count(out, "\n") < 5 {
		t.Errorf("exit %d, %s%s", code, out, stderr)
	}
}
