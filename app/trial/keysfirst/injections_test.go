package keysfirst_test

import (
	"encoding/csv"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/rounds"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

var injectingColumns = append(append([]string{}, installingColumns...),
	"SourceProcessGuid", "SourceProcessGUID", "SourceProcessId", "SourceImage", "TargetProcessGuid", "TargetProcessGUID", "TargetProcessId", "TargetImage", "GrantedAccess")

// injectingWorld is installingWorld with processes that reach into others, some of them by process ids alone, which
// come again.
func injectingWorld(seed uint64) (rows [][]string) {
	r := rand.New(rand.NewPCG(seed, 12))
	wide := len(injectingColumns) - len(installingColumns)
	for _, one := range installingWorld(seed) {
		rows = append(rows, append(one, make([]string, wide)...))
	}
	for i := range 20 + r.IntN(20) {
		clock := fmt.Sprintf("10:%02d:%02d.000", r.IntN(4), r.IntN(60))
		id, spell := "8", "Guid"
		if r.IntN(2) == 0 {
			id, spell = "10", "GUID"
		}
		f := map[string]string{
			"EventCode": id, "Channel": worlds.SysmonChannel, "Computer": fmt.Sprint("PC", seed), "UtcTime": "2026-11-10 " + clock, "TimeCreated": "2026-11-10T" + clock + "Z", "EventRecordID": fmt.Sprint(5000 + i),
			"SourceProcessId": fmt.Sprint(1 + r.IntN(9)), "TargetProcessId": fmt.Sprint(1 + r.IntN(9)), "SourceImage": `C:\Windows\System32\cmd.exe`, "TargetImage": `C:\Windows\System32\cmd.exe`,
			"GrantedAccess": []string{"0x1fffff", "0x1410", "0x2a"}[r.IntN(3)],
		}
		if id == "8" {
			f["GrantedAccess"] = ""
		}
		for _, side := range []string{"Source", "Target"} {
			if r.IntN(4) > 0 {
				f[side+"Process"+spell] = fmt.Sprintf("{5aa6c7d6-%04x-6400-1000-%012x}", seed, 1+r.IntN(100))
			}
		}
		one := make([]string, len(injectingColumns))
		for i, c := range injectingColumns {
			one[i] = f[c]
		}
		rows = append(rows, one)
	}
	r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	return rows
}

// Injections are the same whether rows are read for their keys first or in full at once, and hunts for tasks alone have
// none.
func TestInjectionsWithKeysFirst(t *testing.T) {
	injections, makers := 0, 0
	hunts := rounds.Of(12, 4) // of each preset and rarity
	for hunt := range hunts {
		file := filepath.Join(t.TempDir(), "injections.csv")
		f, err := os.Create(file)
		if err != nil {
			t.Fatal(err)
		}
		w := csv.NewWriter(f)
		err = w.Write(injectingColumns)
		for world := range 20 {
			err = errors.Join(err, w.WriteAll(injectingWorld(uint64(20*hunt+world))))
		}
		if err = errors.Join(err, w.Error(), f.Close()); err != nil {
			t.Fatal(err)
		}
		rarity := []string{"command", "template"}[hunt%2]
		found, _, _ := doors.SameTwice(t, "recent=all max_devices=0 rarity="+rarity+" root="+[]string{"service,wmi", "logon,schtask"}[hunt/2%2], file)
		if t.Failed() {
			t.Fatalf("hunt %d", hunt)
		}
		for _, r := range found.Rows {
			if r.Get("cause") != row.CauseInjection {
				continue
			}
			if injections++; r.Get("parent_node_id") != "" {
				makers++
			}
			if c := r.Get("cause_certainty"); (c == "likely") != strings.Contains(r.Get("cause_name"), "remote thread") || c == "sure" || strings.Contains(r.Get("cause_name"), "0x1410") {
				t.Errorf("%v", r.Values)
			}
		}
		if alone, _, _ := doors.SameTwice(t, "recent=all max_devices=0 rarity="+rarity, file); strings.Contains(alone.Text, row.CauseInjection) {
			t.Errorf("a hunt for tasks tells of injections: %s", alone.Text)
		}
	}
	if t.Logf("%d injections, %d with who did", injections, makers); injections < 25*hunts || makers < 9*hunts || makers == injections {
		t.Errorf("%d injections, %d with who did: these worlds test little", injections, makers)
	}
}
