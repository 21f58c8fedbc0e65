package plugins_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/executable"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// installFaults puts hostile plugins beside a program. Each has the name of its place in
// the table.
func installFaults(t *testing.T, binary string) {
	t.Helper()
	folder := filepath.Join(filepath.Dir(binary), "plugins")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	executable.Safely(t, folder, map[string][]byte{badPlugin: body, "sound.txt": []byte(sound)})
	for how := range handshakes {
		if err := os.Link(filepath.Join(folder, badPlugin), filepath.Join(folder, badPlugin+"-"+how)); err != nil {
			t.Fatal(err)
		}
	}
	sum := fmt.Sprintf("%x", sha256.Sum256(body))
	var conf strings.Builder
	for i, f := range pluginFaults {
		fmt.Fprintf(&conf, "[%s]\nprogram = %s\nkind = %s\nsha256 = %s\nsetting.do = %s\n%s", f.name(i), f.file(), f.kind, sum, f.do, f.conf)
	}
	fmt.Fprintf(&conf, "[forged]\nprogram = %s\nkind = enricher\nsha256 = %064x\n", badPlugin, 7)
	fmt.Fprintf(&conf, "[sound]\nprogram = %s\nkind = enricher\nsha256 = %s\n", badPlugin, sum)
	fmt.Fprintf(&conf, "[other-kind]\nprogram = schtaskhunt-enrich-list\nkind = mapper\nsha256 = %s\nsetting.files = sound.txt\n", sumOfFile(t, filepath.Join(folder, "schtaskhunt-enrich-list")))
	executable.LocalConf(t, binary, conf.String())
}

func sumOfFile(t *testing.T, name string) string {
	t.Helper()
	body, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", sha256.Sum256(body))
}

func (f pluginFault) name(i int) string { return fmt.Sprintf("fault%d", i) }

func (f pluginFault) file() string {
	if f.program == "" {
		return badPlugin
	}
	return badPlugin + "-" + f.program
}

// faultHunt are the rows that a hunt has to give whatever its plugins do.
type faultHunt struct {
	binary string
	truth  []worlds.Fields
	want   doors.Outcome
}

// run hunts with a plugin, and says what came of its rows.
func (h faultHunt) run(t *testing.T, kind, name string, more []worlds.Fields) (r faultRun, happens string) {
	t.Helper()
	option := map[string]string{"enricher": "enrich", "mapper": "mapper"}[kind]
	var lines [][]byte
	for _, f := range slices.Concat(more, h.truth) {
		lines = append(lines, f.Text())
	}
	file := filepath.Join(t.TempDir(), "events.jsonl")
	worlds.WriteLines(t, file, lines)
	r = runFaulty(t, h.binary, doors.Everything+" "+option+"="+name, file)
	if r.code != 0 {
		return r, "no rows"
	}
	blind := h.want
	blind.Columns = slices.DeleteFunc(slices.Clone(blind.Columns), func(name string) bool { return strings.HasPrefix(name, "intel_") })
	got := r.Outcome
	got.Columns = blind.Columns
	if len(got.Rows) < len(h.want.Rows) || len(lost(blind, got)) > 0 {
		t.Errorf("rows were lost: %q", lost(blind, got))
	}
	judged := 0
	for _, row := range r.Rows {
		if row.Get("intel_label") != "" {
			judged++
		}
	}
	switch {
	case kind == "mapper":
		return r, fmt.Sprintf("all rows of the others; of %d events that it was to read %d count as malformed, %d as other", len(more), r.Ledger["malformed"], r.Ledger["other"])
	case judged == 0:
		return r, "all rows, without verdicts"
	case judged == len(r.Rows):
		return r, "all rows, with verdicts"
	}
	return r, "all rows, some with verdicts"
}

// faultsOfPlugins returns the lines of the table.
func faultsOfPlugins(t *testing.T, binary string) []string {
	t.Helper()
	installFaults(t, binary)
	truth := truths()
	var own [][]byte
	for _, f := range truth {
		own = append(own, f.Text())
	}
	h := faultHunt{binary, truth, doors.Hunted(t, doors.Everything, own)}
	lines := make([]string, len(pluginFaults))
	t.Run("plugins", func(t *testing.T) {
		for i, f := range pluginFaults {
			t.Run(f.kind+" "+f.what, func(t *testing.T) {
				t.Parallel()
				var more []worlds.Fields
				if f.more != nil {
					more = f.more(truth)
				} else if f.kind == "mapper" {
					more = slices.Repeat([]worlds.Fields{{"odd": "1"}}, 3)
				}
				r, happens := h.run(t, f.kind, f.name(i), more)
				lines[i] = f.line(f.name(i), r, happens)
			})
		}
	})
	refusals := faultsOfInstalling(t, h)
	nothingLeft(t, filepath.Dir(binary), t.TempDir())
	return append(lines, refusals...)
}

// faultsOfInstalling are the lines of plugins that are not started at all.
func faultsOfInstalling(t *testing.T, h faultHunt) (lines []string) {
	t.Helper()
	folder := filepath.Join(filepath.Dir(h.binary), "plugins")
	for _, c := range []struct {
		kind, what, name, opened string
		mode                     os.FileMode
	}{
		{"enricher", "has another SHA-256 than the conf file says", "forged", folder, 0o755},
		{"mapper", "is none, but an enricher", "other-kind", folder, 0o755},
		{"enricher", "lies in a folder that all may write to", "sound", folder, 0o777},
		{"enricher", "is a file that its group may write to", "sound", filepath.Join(folder, badPlugin), 0o775},
		{"enricher", "has a conf file in a folder that all may write to", "sound", filepath.Join(folder, "local"), 0o777},
	} {
		if err := os.Chmod(c.opened, c.mode); err != nil {
			t.Fatal(err)
		}
		r, happens := h.run(t, c.kind, c.name, nil)
		lines = append(lines, pluginFault{kind: c.kind, what: c.what}.line(c.name, r, happens))
		if err := os.Chmod(c.opened, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return lines
}

const pluginsHead = `
Each line is a run of ` + "`schtaskhunt hunt --enrich NAME`" + ` or ` + "`--mapper NAME`" + ` with a plugin that does one thing. A test makes
this table and the next (` + "`app/trial/plugins`, `TestFaultsOfPluginsAndLists`" + `) and checks of each run: it ends; rows that do not come from
the plugin are all there, the same; no process of the plugin is left, nor a file; nothing that it prints reaches the terminal
unescaped.

*Message* is what is said of the plugin by name, and cut where it is long. *Seconds* are what the run waits for the plugin, by the timeouts as they are by default (docs/plugins.md). Those of the test are
shorter, which the messages show.

| plugin | what it does | exit status | what happens | seconds | message |
|---|---|---|---|---|---|
`

func (f pluginFault) line(name string, r faultRun, happens string) string {
	text := inTable(strings.ReplaceAll(strings.Join(r.failure(func(warning string) bool { return strings.Contains(warning, name) }), "; "), name, "NAME"))
	if f.do == "slow in rows" { // how far it comes is chance
		happens = countOf.ReplaceAllString(happens, "N count as malformed, N as other")
		text = lossOf.ReplaceAllString(text, "malformed counts N events")
	}
	return fmt.Sprintf("| %s | %s | %d | %s | %.0f | %s |\n", f.kind, f.what, r.code, happens, f.waits.Seconds(), text)
}
