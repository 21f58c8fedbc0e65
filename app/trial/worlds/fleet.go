package worlds

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// WithMapper adds to options what events of a format need to be read.
func WithMapper(args, format string) string {
	if format == sample.FormatFalcon {
		return strings.TrimSpace(args + " mapper=falcon")
	}
	return args
}

// Whole is a fleet large enough for every process id to be given out many times.
func Whole(format string) sample.Config {
	cfg := sample.Config{Devices: 200, Days: 2, Seed: 23, Format: format}
	if testing.Short() {
		cfg.Devices, cfg.Days = 25, 1
	}
	return cfg
}

// Planted is a generated fleet on disk, with the list of what is planted in it.
func Planted(t testing.TB, format string) (events [][]byte, list string) {
	t.Helper()
	cfg := Whole(format)
	cfg.Devices, cfg.Days, cfg.Plants = 12, 1, 16
	dir := t.TempDir()
	sum, err := sample.Generate(cfg, dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range sum.Files {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, LinesOf(text)...)
	}
	return events, filepath.Join(dir, sample.IndicatorsFile)
}

// ReadKey reads what a generator says that it planted, by the names of the columns.
func ReadKey(t *testing.T, dir, name string) (rows []map[string]string) {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil || len(all) < 2 {
		t.Fatalf("%s: %d lines, %v", name, len(all), err)
	}
	for _, line := range all[1:] {
		r := map[string]string{}
		for i, column := range all[0] {
			r[column] = line[i]
		}
		rows = append(rows, r)
	}
	return rows
}
