package notations_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// A device whose clock runs behind is in no window of the others', which is told with how
// many of its trees that costs, and where they can be seen.
func TestOneClockBehindIsTold(t *testing.T) {
	const options = "max_devices=0 rebuilt=all rarity=command"
	var fleet [][]byte
	for i := range 4 {
		b := &worlds.Box{Name: fmt.Sprintf("pc%d.corp.example", i)}
		for _, f := range []worlds.Fields{b.Start(1, 0, "root.exe"), b.Connect(1, "root.exe", "198.51.100.7", 443)} {
			fleet = append(fleet, f.Text())
		}
	}
	behind := &worlds.Box{Name: "dead-battery.corp.example"}
	var shifted [][]byte
	for _, f := range []worlds.Fields{behind.Start(1, 0, "root.exe"), behind.Connect(1, "root.exe", "198.51.100.7", 443)} {
		earlier := f.With(worlds.Fields{"TimeCreated": "2015-01-01T00:07:01Z", "UtcTime": "2015-01-01 00:07:01.000"})
		shifted = append(shifted, earlier.Text())
	}
	want := doors.Hunted(t, options, fleet)
	if warned := want.Warnings(); len(warned) > 0 {
		t.Fatalf("of devices that agree: %q", warned)
	}
	got := doors.Hunted(t, options, slices.Concat(shifted, fleet))
	if a, b := len(got.Kind("node")), len(want.Kind("node")); a != b {
		t.Errorf("%d nodes beside a clock that runs behind, want %d", a, b)
	}
	warned := strings.Join(got.Warnings(), "\n")
	for _, say := range []string{"dead-battery.corp.example are far older than all others", "1 tree left out", "now=2015-01-01T00:07:01Z"} {
		if !strings.Contains(warned, say) {
			t.Errorf("nothing says %q: %s", say, warned)
		}
	}
	there := doors.Hunted(t, options+" now=2015-01-01T00:07:01Z", slices.Concat(shifted, fleet))
	if nodes := there.Kind("node"); len(nodes) != 1 || nodes[0].Get("device") != behind.Name {
		t.Errorf("with that now= came %d nodes, want the one of %s", len(nodes), behind.Name)
	}
	if all := doors.Hunted(t, doors.Everything, slices.Concat(shifted, fleet)); len(all.Warnings()) > 0 {
		t.Errorf("although nothing is left out: %q", all.Warnings())
	}
}

// A device whose clock runs ahead hides no other, and is named. Scores are of a fleet with one
// device more, so they are left out.
func TestOneClockAheadHidesNoFleet(t *testing.T) {
	const format = "sysmon"
	var events, shifted [][]byte
	err := sample.Fleet(sample.Config{Devices: 8, Days: 2, Scale: 0.3, Seed: 5, Format: format}, func(h *sample.History) error {
		for i := range h.Events {
			if line := sample.AppendEvent(nil, format, &h.Events[i]); len(line) > 0 {
				events = append(events, bytes.TrimSuffix(line, []byte("\n")))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := doors.Hunted(t, "max_devices=0 rebuilt=all rarity=command", events)
	ahead := &worlds.Box{Name: "runaway.corp.example"}
	for _, f := range []worlds.Fields{ahead.Start(1, 0, "root.exe"), ahead.Connect(1, "root.exe", "198.51.100.7", 443)} {
		later := f.With(worlds.Fields{"TimeCreated": "2041-05-01T00:00:01Z", "UtcTime": "2041-05-01 00:00:01.000"})
		shifted = append(shifted, later.Text())
	}
	r := rand.New(rand.NewPCG(1, 1))
	all := slices.Concat(events, shifted)
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	got := doors.Hunted(t, "max_devices=0 rebuilt=all rarity=command", all)
	doors.SameRows(t, "one clock ahead", got.Text, want.Text)
	warned := strings.Join(got.Warnings(), "\n")
	for _, say := range []string{"runaway.corp.example runs ahead", "1 tree left out", "now=2041-05-01T00:00:01Z"} {
		if !strings.Contains(warned, say) {
			t.Errorf("warnings do not say %q: %s", say, warned)
		}
	}
	if there := doors.Hunted(t, "max_devices=0 now=2041-05-01T00:00:02Z", all); len(there.Kind("node")) != 1 {
		t.Errorf("now= hunts %d nodes there", len(there.Kind("node")))
	}
	if no := doors.Hunted(t, doors.Everything, all); len(no.Kind("node")) <= len(want.Kind("node")) {
		t.Error("recent=all leaves the runaway out")
	}
}
