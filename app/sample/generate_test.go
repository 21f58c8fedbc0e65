package sample

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// everything returns the content of each file in dir.
func everything(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, e := range entries {
		if all[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func TestSameConfigSameBytes(t *testing.T) {
	for _, format := range AllFormats() {
		cfg := Config{Devices: 9, Days: 1.5, Seed: 3, Format: format, Plants: 10}
		first, sum := written(t, cfg)
		second, _ := written(t, cfg)
		a, b := everything(t, first), everything(t, second)
		if len(a) != len(b) || len(a) != len(sum.Files)+4 {
			t.Errorf("%s: %d and %d files, want %d of events, the two of the key, the indicators and README.txt", format, len(a), len(b), len(sum.Files))
		}
		for name, content := range a {
			if !bytes.Equal(content, b[name]) {
				t.Errorf("%s: %s differs between two runs", format, name)
			}
		}
		cfg.Seed++
		third, _ := written(t, cfg)
		if bytes.Equal(a[KeyFile], everything(t, third)[KeyFile]) {
			t.Errorf("%s: another seed gives the same key", format)
		}
	}
}

// What one device does must not depend on how many others there are.
func TestDevicesAreIndependent(t *testing.T) {
	few := histories(t, Config{Devices: 4, Days: 1, Plants: 1})
	many := histories(t, Config{Devices: 8, Days: 1, Plants: 1})
	same := 0
	for i, h := range few {
		if planted(h) || planted(many[i]) {
			continue // plants are dealt out over the whole fleet
		}
		same++
		var a, b []byte
		for j := range h.Events {
			a = AppendEvent(a, FormatSysmon, &h.Events[j])
		}
		for j := range many[i].Events {
			b = AppendEvent(b, FormatSysmon, &many[i].Events[j])
		}
		if !bytes.Equal(a, b) {
			t.Errorf("device %d differs", i)
		}
	}
	if same == 0 {
		t.Error("no device without plants to compare")
	}
}

func planted(h *History) bool {
	for _, p := range h.Processes {
		if p.Plant != "" {
			return true
		}
	}
	return false
}

func TestSummaryCountsWhatIsThere(t *testing.T) {
	for _, format := range AllFormats() {
		dir, sum := written(t, small(format))
		var n, starts, running, ends, connections, lookups, size int
		lines(t, dir, sum.Files, func(line string) {
			n++
			size += len(line) + 1
			switch e := parse(t, format, line); e["EventID"] + e["category"] + e["event_simpleName"] {
			case "1", "DeviceProcessEvents", "ProcessRollup2":
				starts++
			case "SyntheticProcessRollup2":
				running++
			case "3", "DeviceNetworkEvents", "NetworkConnectIP4", "NetworkConnectIP6", "NetworkReceiveAcceptIP4", "NetworkReceiveAcceptIP6":
				connections++
			case "5", "EndOfProcess":
				ends++
			case "22", "DeviceEvents", "DnsRequest":
				lookups++
			default:
				t.Fatalf("%s: event of no known kind: %s", format, line)
			}
		})
		got := [...]int{n, starts, running, ends, connections, lookups, size}
		want := [...]int{sum.Events, sum.Starts, sum.Running, sum.Ends, sum.Connections, sum.Lookups, int(sum.Bytes)}
		if got != want {
			t.Errorf("%s: files hold %d, summary says %d", format, got, want)
		}
		if rows := len(table(t, dir, KeyFile)); rows != sum.PlantedConnections || rows == 0 {
			t.Errorf("%s: %d rows in the key, summary says %d", format, rows, sum.PlantedConnections)
		}
		if rows := len(table(t, dir, NodesKeyFile)); rows != sum.PlantedProcesses || rows < sum.PlantedTrees {
			t.Errorf("%s: %d rows of nodes, summary says %d", format, rows, sum.PlantedProcesses)
		}
		if sum.Devices != smallFleet() || starts < 20*2*smallFleet() {
			t.Errorf("%s: %d devices with %d process starts is no fleet", format, sum.Devices, starts)
		}
	}
}

func TestFilesAreNewestFirstAndMixed(t *testing.T) {
	dir, sum := written(t, small(FormatSysmon))
	last, device, turns, n := "9", "", 0, 0
	lines(t, dir, sum.Files, func(line string) {
		e := parse(t, FormatSysmon, line)
		if e["TimeCreated"] > last {
			t.Fatalf("%s after %s", e["TimeCreated"], last)
		}
		if n++; e["Computer"] != device {
			turns++
		}
		last, device = e["TimeCreated"], e["Computer"]
	})
	if turns < n/3 {
		t.Errorf("device changes %d times in %d events: not mixed", turns, n)
	}
	if len(sum.Files) != 3 || sum.Files[0] != "events-2026-11-20.jsonl" || sum.Files[2] != "events-2026-11-18.jsonl" {
		t.Errorf("files of two days up to a day's 18:00: %v", sum.Files)
	}
	if last < "2026-11-18T18:00" {
		t.Errorf("oldest event %s is before the window", last)
	}
}

func TestRefusesBadConfigs(t *testing.T) {
	for want, cfg := range map[string]Config{
		"devices: -1 is not between":   {Devices: -1},
		"days: -2 is not between":      {Days: -2},
		"scale: -1 is not above 0":     {Scale: -1},
		"plants: -3 is not between":    {Plants: -3},
		"missing ends: 2 is not":       {MissingEnds: 2},
		`format: "evtx" is not one of`: {Format: "evtx"},
		"end: 1601-01-01T00:00:00Z is": {End: time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		dir := filepath.Join(t.TempDir(), "new")
		if _, err := Generate(cfg, dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: error %v, want one with %q", cfg, err, want)
		}
		if _, err := os.Stat(dir); !os.IsNotExist(err) {
			t.Errorf("%+v: made the directory all the same", cfg)
		}
	}
}

// A fleet is written where nothing is, neither another fleet nor what somebody else wrote.
func TestRefusesADirectoryWithFiles(t *testing.T) {
	cfg := Config{Devices: 1, Days: 1.0 / 24, Plants: 1}
	dir, _ := written(t, cfg)
	if _, err := Generate(cfg, dir); err == nil || !strings.Contains(err.Error(), "already holds README.txt: choose a new or an empty one") {
		t.Errorf("second fleet in one directory: error %v", err)
	}
	for _, name := range []string{"README.txt", KeyFile, "notes.md"} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), []byte("theirs"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Generate(cfg, dir)
		if text, _ := os.ReadFile(filepath.Join(dir, name)); err == nil || string(text) != "theirs" {
			t.Errorf("beside another's %s: error %v, and it is %q", name, err, text)
		}
	}
	hidden := t.TempDir()
	if err := os.WriteFile(filepath.Join(hidden, ".gitkeep"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Generate(cfg, hidden); err != nil {
		t.Errorf("in a folder of hidden files: %v", err)
	}
}

func TestNoTemporaryFileStays(t *testing.T) {
	dir, _ := written(t, Config{Devices: 2, Days: 0.1})
	if left, _ := filepath.Glob(filepath.Join(dir, ".spool*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestFleetStopsAtAnError(t *testing.T) {
	stop, calls := errors.New("enough"), 0
	err := Fleet(Config{Devices: 5, Days: 0.1}, func(*History) error { calls++; return stop })
	if !errors.Is(err, stop) || calls != 1 {
		t.Errorf("error %v after %d calls, want %v after 1", err, calls, stop)
	}
}
