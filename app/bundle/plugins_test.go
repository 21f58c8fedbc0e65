package bundle_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/bundle"
	"github.com/schtaskhunt/schtaskhunt/app/plugins"
	"github.com/schtaskhunt/schtaskhunt/app/sample"
	"github.com/schtaskhunt/schtaskhunt/app/standin"
	"github.com/schtaskhunt/schtaskhunt/plugin/host"
)

// TestPluginsConf: every plugin is named with the sum of each of its programs and of
// nothing else, and nothing that needs settings first is enabled.
func TestPluginsConf(t *testing.T) {
	all := shipped()
	list := files(t, bundle.Package{Source: os.DirFS(repository), Version: testVersion, Plugins: all})
	conf, err := host.ReadConf(strings.NewReader(text(t, list, "default/schtaskhunt_plugins.conf")))
	if err != nil {
		t.Fatal(err)
	}
	var programs []string
	for _, e := range conf.Entries {
		programs = append(programs, e.Program)
		sums := strings.Fields(e.SHA256)
		for _, p := range all {
			sum := fmt.Sprintf("%x", sha256.Sum256(p.Body))
			if slices.Contains(sums, sum) != (p.Name == e.Program) {
				t.Errorf("[%s] has the sum of %s for %s: %t", e.Name, p.Name, p.Words, p.Name != e.Program)
			}
		}
		if len(sums) != len(bundle.Platforms) || e.Disabled != (e.Kind == host.KindEnricher) || len(e.Settings) > 0 {
			t.Errorf("[%s] is %+v", e.Name, e)
		}
	}
	if !slices.Equal(programs, bundle.PluginNames) {
		t.Errorf("programs %q, want %q", programs, bundle.PluginNames)
	}
}

// TestNothingLocalIsShipped: what an administrator sets is never overwritten.
func TestNothingLocalIsShipped(t *testing.T) {
	for _, f := range files(t, bundle.Package{Source: os.DirFS(repository), Version: testVersion, Programs: programs(), Plugins: shipped()}) {
		if strings.HasPrefix(f.Name, "local/") || strings.Contains(f.Name, "/local/") {
			t.Errorf("%s is shipped", f.Name)
		}
	}
}

// TestConfOfAPluginFolder: beside a program that is in no app, the same file with the
// sums of what lies there.
func TestConfOfAPluginFolder(t *testing.T) {
	body, err := bundle.PluginsConf(os.DirFS(repository), []bundle.Plugin{
		{Name: bundle.PluginNames[0], Body: []byte("a")}, {Name: bundle.PluginNames[1], Body: []byte("b")},
	})
	if err != nil {
		t.Fatal(err)
	}
	conf, err := host.ReadConf(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range conf.Entries {
		if want := fmt.Sprintf("%x", sha256.Sum256([]byte{byte('a' + i)})); e.SHA256 != want {
			t.Errorf("[%s] sha256 = %s, want %s", e.Name, e.SHA256, want)
		}
	}
}

// falconEvents are a small fleet's, as FDR lines in _raw, with the list of what is
// planted in it.
func falconEvents(t *testing.T) (rows [][]string, list string) {
	t.Helper()
	dir := t.TempDir()
	sum, err := sample.Generate(sample.Config{Devices: 4, Days: 1, Seed: 3, Plants: 6, Scale: 0.2, Format: sample.FormatFalcon, OneFile: true}, dir)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := os.ReadFile(filepath.Join(dir, sum.Files[0]))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(lines)) {
		rows = append(rows, []string{strings.TrimSpace(line)})
	}
	return rows, filepath.Join(dir, sample.IndicatorsFile)
}

// TestPluginsOfTheInstalledApp: the mapper works as it is unpacked, the lists once an
// administrator has named some in local.
func TestPluginsOfTheInstalledApp(t *testing.T) {
	rows, list := falconEvents(t)
	for _, cloud := range []bool{false, true} {
		app := installApp(t, cloud)
		const arguments = "recent=all lookback=all mapper=falcon"
		plain := app.run(t, arguments, []string{"_raw"}, rows)
		if plain.Error != "" || len(plain.Rows) < 10 || plain.Preop == "" != cloud {
			t.Fatalf("%d rows, error %q, preop %q", len(plain.Rows), plain.Error, plain.Preop)
		}
		warned(t, plain, "")
		refused := app.run(t, arguments+" enrich=lists", []string{"_raw"}, rows)
		if !strings.Contains(refused.Error, `plugin "lists" is disabled`) {
			t.Errorf("before lists are named: %q", refused.Error)
		}
		local := filepath.Join(appFolder(t, app), "local")
		if err := os.MkdirAll(local, 0o755); err != nil {
			t.Fatal(err)
		}
		conf := "[lists]\ndisabled = 0\nsetting.files = " + list + "\n"
		if err := os.WriteFile(filepath.Join(local, plugins.ConfFile), []byte(conf), 0o600); err != nil {
			t.Fatal(err)
		}
		judged := app.run(t, arguments+" enrich=lists", []string{"_raw"}, rows)
		score, labelled := slices.Index(judged.Header, "intel_score"), 0
		for _, row := range judged.Rows {
			if row[score] != "" {
				labelled++
			}
		}
		if judged.Error != "" || len(judged.Rows) != len(plain.Rows) || labelled == 0 {
			t.Errorf("%d of %d rows have verdicts, error %q", labelled, len(judged.Rows), judged.Error)
		}
	}
}

// TestIndexerWithoutThePlugins: a bundle that left them out costs time, and no row.
func TestIndexerWithoutThePlugins(t *testing.T) {
	rows, _ := falconEvents(t)
	app := installApp(t, false)
	const arguments = "recent=all lookback=all mapper=falcon"
	want := app.run(t, arguments, []string{"_raw"}, rows)
	folder := filepath.Join(filepath.Dir(app.program), "plugins")
	gone := installApp(t, false)
	if err := os.RemoveAll(filepath.Join(filepath.Dir(gone.program), "plugins")); err != nil {
		t.Fatal(err)
	}
	args, raw, err := standin.Tokenize(strings.TrimPrefix(want.Preop, "schtaskhunt "))
	if err != nil {
		t.Fatal(err)
	}
	passed, err := standin.Run(t.Context(), standin.Config{
		Binary: gone.program, Command: bundle.App, Args: args, RawArgs: raw, Header: []string{"_raw"}, Rows: rows,
	})
	if err != nil || passed.Error != "" || len(passed.Rows) != len(rows) {
		t.Fatalf("%d of %d rows are passed on without %s: %v, %q", len(passed.Rows), len(rows), folder, err, passed.Error)
	}
	warned(t, passed, "plugin falcon: ")
	again := app.run(t, arguments, passed.Header, passed.Rows)
	if len(again.Rows) != len(want.Rows) {
		t.Errorf("%d rows, want %d", len(again.Rows), len(want.Rows))
	}
}

// warned checks that there is a warning with a text, or, for "", that no message names a
// plugin.
func warned(t *testing.T, result standin.Result, text string) {
	t.Helper()
	told := false
	for _, m := range result.Messages {
		if text == "" && m.Level == "WARN" && strings.Contains(m.Text, "plugin") {
			t.Errorf("%s: %s", m.From, m.Text)
		}
		told = told || m.Level == "WARN" && strings.Contains(m.Text, text)
	}
	if text != "" && !told {
		t.Errorf("no warning says %q: %v", text, result.Messages)
	}
}

// appFolder is the folder of an installed app.
func appFolder(t *testing.T, app installed) string {
	t.Helper()
	folder, ok := plugins.AppFolder(app.program)
	if !ok {
		t.Fatalf("%s is in no app", app.program)
	}
	return folder
}
