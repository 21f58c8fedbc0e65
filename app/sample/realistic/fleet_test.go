package realistic

import (
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

func small() Config { return Config{Devices: 40, Days: 3, Seed: 7, Tail: 0.5, Fresh: 1} }

// generated returns the bytes of all files of a fleet by name.
func generated(t *testing.T, cfg Config) map[string]string {
	t.Helper()
	dir := t.TempDir()
	if _, err := Generate(cfg, dir); err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	names, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(name)] = string(b)
	}
	return files
}

func TestSameSeedSameBytes(t *testing.T) {
	a, b := generated(t, small()), generated(t, small())
	if len(a) < 6 {
		t.Fatalf("only %d files", len(a))
	}
	for name, text := range a {
		if b[name] != text {
			t.Errorf("%s differs between two runs of the same seed", name)
		}
	}
	other := small()
	other.Seed++
	c := generated(t, other)
	for name, text := range a {
		if c[name] == text {
			t.Errorf("%s is the same for another seed", name)
		}
	}
}

// Whatever the seed, the size and the age, each channel runs, is in the log, and calls
// from within it; fresh ones not before their time.
func TestEveryChannelIsInTheLog(t *testing.T) {
	for _, cfg := range []Config{
		{Devices: 20, Days: 7, Seed: 1, Tail: 0.25}, {Devices: 50, Days: 2, Seed: 3, Fresh: 1}, {Devices: 50, Days: 4, Seed: 6, Hijacks: true}, {Devices: 30, Days: 7, Seed: 12, Fresh: 2, Hijacks: true}, {Devices: 25, Days: 5, Seed: 9, Fresh: 2},
	} {
		rows := table(t, generated(t, cfg)[ChannelsFile])
		cfg, _ = cfg.complete()
		w := newWorld(cfg)
		if want := w.stories(); len(rows) != len(want) || cfg.Hijacks != (len(want) == len(stories)+4) {
			t.Errorf("%+v: %d channels of %d", cfg, len(rows), len(want))
		}
		for _, r := range rows {
			if r["connections"] == "0" && r["lookups"] == "0" {
				t.Errorf("seed %d, %d devices: %s is not in the log: %v", cfg.Seed, cfg.Devices, r["channel"], r)
			}
			first, _ := strconv.ParseFloat(r["first_run"], 64)
			if begin := float64(w.to)/float64(second) - cfg.Fresh*86400; cfg.Fresh > 0 && first < begin {
				t.Errorf("seed %d: %s ran at %v, before %v", cfg.Seed, r["channel"], first, begin)
			}
		}
	}
}

func table(t *testing.T, text string) (rows []map[string]string) {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// The shape of the tail: as many kinds as asked for, on 1 to 20 devices, most on one.
func TestTailIsLongAndThin(t *testing.T) {
	cfg, _ := Config{Devices: 400, Days: 7, Seed: 3, Tail: 0.25}.complete()
	w := newWorld(cfg)
	tail := w.ofGroup("tail")
	if len(tail) != 100 {
		t.Errorf("%d kinds of 400 devices at 0.25", len(tail))
	}
	single := 0
	for _, k := range tail {
		n := len(k.devices) - len(k.joined)
		if n < 1 || n > 20 {
			t.Errorf("%s is on %d devices", k.id, n)
		}
		if n == 1 {
			single++
		}
	}
	if single < len(tail)/2 {
		t.Errorf("only %d of %d are on one device", single, len(tail))
	}
	if n := w.count("common"); n < 40 {
		t.Errorf("%d kinds of common tasks", n)
	}
	for _, k := range w.kinds {
		if k.group == "tail" && k.from > 0 {
			t.Errorf("%s began in the log", k.id)
		}
	}
}

// histories gives every device of a fleet to each.
func histories(t *testing.T, cfg Config, each func(*machine, *sample.History)) {
	t.Helper()
	cfg, err := cfg.complete()
	if err != nil {
		t.Fatal(err)
	}
	err = newWorld(cfg).each(func(m *machine, h *sample.History) error { each(m, h); return nil })
	if err != nil {
		t.Fatal(err)
	}
}

// A device is the same whatever was made before it, and an error ends the fleet.
func TestDevicesAreIndependent(t *testing.T) {
	cfg, _ := small().complete()
	cfg.Days, cfg.Fresh = 1, 0
	w := newWorld(cfg)
	_, alone := simulate(w, 7)
	seen, stop := 0, errors.New("enough")
	err := w.each(func(m *machine, h *sample.History) error {
		if seen++; m.Index != 7 {
			return nil
		}
		if len(h.Events) != len(alone.Events) {
			t.Fatalf("%d events after others, %d alone", len(h.Events), len(alone.Events))
		}
		for i := range h.Events {
			a, b := sample.AppendEvent(nil, sample.FormatSysmon, &h.Events[i]), sample.AppendEvent(nil, sample.FormatSysmon, &alone.Events[i])
			if string(a) != string(b) {
				t.Fatalf("after others %s alone %s", a, b)
			}
		}
		return stop
	})
	if !errors.Is(err, stop) || seen != 8 {
		t.Errorf("%v after %d devices", err, seen)
	}
}
