package host

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/plugin"
)

func TestOpenRefuses(t *testing.T) {
	dir, good := install(t, "enricher", nil)
	outside := filepath.Join(t.TempDir(), "outside")
	if err := os.WriteFile(outside, []byte("x"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{"link": outside, "loop": "loop", "relative": "../" + filepath.Base(filepath.Dir(outside)) + "/outside"} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Skip(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what, name string
		change     func(*Entry)
		says       string
	}{
		{"unknown name", "other", nil, "there is no plugin other in schtaskhunt_plugins.conf: it has enricher"},
		{"path as name", "../enricher", nil, "there is no plugin ../enricher"},
		{"disabled", "", func(e *Entry) { e.Disabled = true }, "is disabled"},
		{"path", "", func(e *Entry) { e.Program = outside }, "without a path"},
		{"parent", "", func(e *Entry) { e.Program = ".." }, "want the name of a file"},
		{"backslash", "", func(e *Entry) { e.Program = `..\x` }, "without a path"},
		{"drive", "", func(e *Entry) { e.Program = "c:x" }, "without a path"},
		{"no file", "", func(e *Entry) { e.Program = "none" }, "none is not in the plugin folder"},
		{"folder", "", func(e *Entry) { e.Program = "folder" }, "not a regular file"},
		{"link out", "", func(e *Entry) { e.Program = "link" }, "cannot be used"},
		{"relative link out", "", func(e *Entry) { e.Program = "relative" }, "cannot be used"},
		{"link to itself", "", func(e *Entry) { e.Program = "loop" }, "cannot be used"},
		{"other sum", "", func(e *Entry) { e.SHA256 = strings.Repeat("0", 64) }, "has the SHA-256 " + good.Entries[0].SHA256},
		{"other sums", "", func(e *Entry) { e.SHA256 = strings.Repeat("0", 64) + " " + strings.Repeat("1", 64) }, "has the SHA-256 " + good.Entries[0].SHA256},
		{"part of a sum", "", func(e *Entry) { e.SHA256 = e.SHA256[:63] }, "has the SHA-256 " + good.Entries[0].SHA256},
		{"no sum", "", func(e *Entry) { e.SHA256 = "" }, "schtaskhunt_plugins.conf says"},
	} {
		t.Run(c.what, func(t *testing.T) {
			conf := Conf{Entries: []Entry{good.Entries[0]}}
			if c.change != nil {
				c.change(&conf.Entries[0])
			}
			name := c.name
			if name == "" {
				name = "enricher"
			}
			refused(t, dir, conf, name, c.says)
		})
	}
}

// A plugin whose bytes change after its sum was written down is refused.
func TestOpenRefusesAChangedProgram(t *testing.T) {
	dir, conf := install(t, "enricher", nil)
	file, err := os.OpenFile(filepath.Join(dir, "enricher"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteString("x"); err != nil {
		t.Fatal(err)
	}
	_ = file.Close()
	refused(t, dir, conf, "enricher", "has the SHA-256")
}

func TestOpenRefusesWhatOthersCanWrite(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has access control lists")
	}
	for _, mode := range []os.FileMode{0o775, 0o757} {
		dir, conf := install(t, "enricher", nil)
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
		refused(t, dir, conf, "enricher", "chmod go-w")
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(filepath.Join(dir, "enricher"), mode); err != nil {
			t.Fatal(err)
		}
		refused(t, dir, conf, "enricher", "chmod go-w")
	}
}

func refused(t *testing.T, dir string, conf Conf, name, says string) {
	t.Helper()
	p, err := Open(dir, conf, name, nil)
	if err == nil {
		_ = p.Close()
		t.Fatal("it was started")
	}
	if !strings.Contains(err.Error(), says) {
		t.Errorf("error %q, want %q", err, says)
	}
	if e, found := conf.Entry(name); found && !e.Disabled && Verify(dir, e) == nil {
		t.Error("Verify has nothing against it")
	}
}

// What is started is what was summed, though its name leads elsewhere by then.
func TestTheSummedFileIsStarted(t *testing.T) {
	dir, conf := install(t, "enricher", nil)
	for _, byDescriptor := range []bool{true, false} {
		if byDescriptor && !startsByDescriptor() {
			continue
		}
		e := conf.Entries[0]
		program, err := openProgram(dir, e)
		if err != nil {
			t.Fatal(err)
		}
		run, err := newRunFolder(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		prepare := program.prepare
		if !byDescriptor {
			prepare = func(e Entry, run *runFolder) error { return program.copyInto(run.path, e) }
		}
		if err := prepare(e, run); err != nil {
			t.Fatal(err)
		}
		original := filepath.Join(dir, "enricher")
		if err := os.Rename(original, original+".real"); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(original, []byte("#!/bin/false"), 0o755); err != nil {
			t.Fatal(err)
		}
		p := &Plugin{entry: e, run: run, log: &pluginLog{}}
		if err := p.start(dir, program); err != nil {
			t.Errorf("by descriptor %t: %v", byDescriptor, err)
		}
		_ = p.Close()
		program.close()
		if err := os.Rename(original+".real", original); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPluginGetsNextToNoEnvironment(t *testing.T) {
	t.Setenv("SPLUNK_SESSION_KEY", "secret")
	dir, conf := install(t, "enricher", map[string]string{"do": "environment"})
	p, err := Open(dir, conf, "enricher", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.Close() }()
	ask := func(what string) string {
		v, err := p.Enrich(context.Background(), []plugin.Indicator{{Value: what}})
		if err != nil {
			t.Fatal(err)
		}
		return v[0].Label
	}
	const want = "SCHTASKHUNT_PLUGIN PLUGIN_MIN_PORT PLUGIN_MAX_PORT PLUGIN_PROTOCOL_VERSIONS PLUGIN_CLIENT_CERT PLUGIN_UNIX_SOCKET_DIR"
	if got := ask("names"); got != want+" PATH" && got != want+" SystemRoot" {
		t.Errorf("environment: %s", got)
	}
	if got := ask("stdin"); got != "0 EOF" {
		t.Errorf("standard input: %s", got)
	}
	folder, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := ask("folder"); got != folder && got != dir {
		t.Errorf("working directory %s, want %s", got, dir)
	}
}

// What a plugin writes arrives in single lines, escaped and cut; JSON lines of the
// form that go-plugin's own reader stumbles over are text like any other.
func TestPluginLog(t *testing.T) {
	dir, conf := install(t, "enricher", map[string]string{"do": "talk"})
	lines := make(chan string, 1000)
	p, err := Open(dir, conf, "enricher", func(line string) { lines <- line })
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Enrich(context.Background(), make([]plugin.Indicator, 1))
	if err != nil {
		t.Error(err)
	}
	want := map[string]bool{
		`plugin enricher: on \x1b[31mstdout`:                               true,
		`plugin enricher: {"@level":"error","@message":7}`:                 true,
		"plugin enricher: " + strings.Repeat("long", maxLogLine/4) + "...": true,
	}
	within(t, quickly, "the log", func() {
		for len(want) > 0 {
			line := <-lines
			if !want[line] {
				t.Errorf("unexpected line %q", line)
			}
			delete(want, line)
		}
	})
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

// One conf file serves several platforms: a program must have one of the sums.
func TestOneOfSeveralSums(t *testing.T) {
	dir, conf := install(t, "enricher", nil)
	conf.Entries[0].SHA256 = strings.Repeat("0", 64) + " " + conf.Entries[0].SHA256
	if err := Verify(dir, conf.Entries[0]); err != nil {
		t.Error(err)
	}
	for _, c := range []struct{ program, system, want string }{
		{"x", "windows", "x.exe"}, {"x.exe", "windows", "x.exe"}, {"x", "linux", "x"}, {"x.exe", "darwin", "x.exe"}, {"x.v2", "windows", "x.v2"},
	} {
		if got := fileName(c.program, c.system); got != c.want {
			t.Errorf("%s on %s is %s, want %s", c.program, c.system, got, c.want)
		}
	}
}
