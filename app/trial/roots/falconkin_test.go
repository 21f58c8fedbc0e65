package roots_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sample"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// What docs/falcon.md says of a search that does not go back to the start of the Task Scheduler's host: on such
// a device tasks are found only where the host starts what the scheduler is known to start on others, and none
// where no device tells.
func TestFalconHostsThatStartedBeforeTheSearch(t *testing.T) {
	events, list := worlds.Planted(t, sample.FormatFalcon)
	args := worlds.WithMapper("recent=all max_devices=0 internal=include", sample.FormatFalcon)
	sensors := map[string]bool{}
	without := func(strip func(n int) bool) (left [][]byte, stripped map[string]bool) {
		number := map[string]int{}
		stripped = map[string]bool{}
		for _, e := range events {
			var f struct {
				Aid         string `json:"aid"`
				CommandLine string
			}
			if err := json.Unmarshal(e, &f); err != nil {
				t.Fatal(err)
			}
			if _, known := number[f.Aid]; !known {
				number[f.Aid] = len(number)
			}
			sensors[f.Aid] = true
			if strings.HasSuffix(f.CommandLine, "-s Schedule") && strip(number[f.Aid]) {
				stripped[f.Aid] = true
				continue
			}
			left = append(left, e)
		}
		return left, stripped
	}
	rootsOf := func(events [][]byte) (all, byKin map[string]int) {
		all, byKin = map[string]int{}, map[string]int{}
		for _, r := range doors.HuntedWith(t, args, list, events).Rows {
			if r.Kind != row.Nodes || r.Get("depth") != "1" {
				continue
			}
			if all[r.Get("device")]++; r.Get("root_evidence") == "kin" {
				byKin[r.Get("device")]++
			}
		}
		return all, byKin
	}
	whole, kin := rootsOf(events)
	if len(whole) < 3 || len(kin) > 0 {
		t.Fatalf("%d devices have roots, %d by kin", len(whole), len(kin))
	}
	some, stripped := without(func(n int) bool { return n%3 == 0 })
	all, kin := rootsOf(some)
	if t.Logf("%d of %d sensors without; roots on %d devices, by kin on %d", len(stripped), len(sensors), len(all), len(kin)); len(stripped) == 0 || len(kin) == 0 || len(kin) > len(stripped) {
		t.Errorf("%d of %d sensors without the host's start; roots on %d devices, by kin on %d", len(stripped), len(sensors), len(all), len(kin))
	}
	none, _ := without(func(int) bool { return true })
	if all, _ := rootsOf(none); len(all) > 0 || bytes.Contains(bytes.Join(none, nil), []byte("-s Schedule")) {
		t.Errorf("where no device tells of the host, roots are found on %d", len(all))
	}
}
