package hunt

import (
	"bufio"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sample"
	"github.com/schtaskhunt/schtaskhunt/app/sample/judge"
	"github.com/schtaskhunt/schtaskhunt/app/sample/realistic"
	"github.com/schtaskhunt/schtaskhunt/app/stock"
)

// firstLooked is how many findings a person is expected to look at.
const firstLooked = 25

// In a fleet with a tail, whose channels are as old as its log, Windows' own tasks that were
// hijacked are among the first that a person looks at: after benign findings and each other,
// as the profile's other 23 channels nearly fill those by themselves. And to know Windows' own ranks no
// channel lower than to know nothing does.
func TestHijacksInAFleet(t *testing.T) {
	if testing.Short() {
		t.Skip("it makes and reads a fleet of some 100,000 events")
	}
	nothing, err := stock.Parse(`\*` + strings.Repeat("\t", 9))
	if err != nil {
		t.Fatal(err)
	}
	for _, seed := range []uint64{41} {
		dir := t.TempDir()
		cfg := realistic.Config{Devices: 50, Days: 7, Seed: seed, Tail: 0.25, Hijacks: true, OneFile: true}
		made, err := realistic.Generate(cfg, dir)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, made.Files[0])
		with, without := placesOf(t, dir, file, nil), placesOf(t, dir, file, nothing)
		hijacks, last := 0, 0
		for name, at := range with {
			was := without[name]
			if was.rank > 0 && (at.rank == 0 || at.benign > was.benign) {
				t.Errorf("seed %d: %s has %d benign findings before it, %d without the table", seed, name, at.benign, was.benign)
			}
			if strings.Contains(name, "-stock-") {
				hijacks++
				last = max(last, at.benign)
				if at.rank == 0 {
					t.Errorf("seed %d: %s is not found", seed, name)
				}
			}
		}
		if hijacks+last > firstLooked {
			t.Errorf("seed %d: the last of %d hijacked tasks stands after %d benign findings", seed, hijacks, last)
		}
		if hijacks != 5 {
			t.Errorf("seed %d: %d hijacked tasks of Windows, want 5", seed, hijacks)
		}
	}
}

// place is where a channel stands: at which rank, 0 for nowhere, and with how many benign
// findings before it. Channels that overtake each other are no matter.
type place struct{ rank, benign int }

// placesOf hunts and returns where the channels stand.
func placesOf(t *testing.T, dir, file string, table *stock.Table) map[string]place {
	t.Helper()
	key, err := os.Open(filepath.Join(dir, realistic.KeyFile))
	if err != nil {
		t.Fatal(err)
	}
	defer key.Close()
	c := judge.Case{Trees: treesOf(t, file, table)}
	if c.Key, err = judge.ReadKey(key); err != nil {
		t.Fatal(err)
	}
	report, places := judge.Judge(c), make(map[string]place)
	for _, channel := range report.Channels {
		places[channel.Name] = place{channel.Rank, report.BenignWithin(channel.Rank)}
	}
	return places
}

func treesOf(t *testing.T, file string, table *stock.Table) (all []judge.Row) {
	t.Helper()
	o, err := command.Parse([]string{"recent=7d", "lookback=7d", "output=trees", "now=" + strconv.FormatInt(sample.DefaultEnd.Unix(), 10)})
	if err != nil {
		t.Fatal(err)
	}
	h, err := New(Config{Options: o, Stock: table})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	lane, err := h.Lane()
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if _, err := lane.AddText(lines.Bytes()); err != nil {
			t.Fatal(err)
		}
	}
	result, err := h.Finish()
	if err != nil {
		t.Fatal(err)
	}
	for i := range result.Rows {
		all = append(all, judgeRow(&result.Rows[i]))
	}
	return all
}

// judgeRow is a row as it leaves the program.
func judgeRow(r *row.Row) judge.Row {
	values := make(judge.Row)
	for _, name := range []string{"row", "finding_id", "score", "device", "process_guid", "root_process", "_time", "known", "why", "task_name"} {
		values[name] = r.Get(name)
	}
	return values
}
