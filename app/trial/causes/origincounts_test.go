package causes_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// logged is what an event of a capture says of a program that started or of a call that came in,
// read with nothing of the program.
type logged struct {
	host, parent, clock string // clock is the field that the record time stands in
	at                  time.Time
	guid, from, port    string
}

// startsAndCalls reads Sysmon's JSON lines.
func startsAndCalls(t *testing.T, path string) (started, called []logged) {
	t.Helper()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(whole) {
		var f map[string]any
		if json.Unmarshal(line, &f) != nil {
			continue
		}
		text := func(name string) string {
			if f[name] == nil {
				return ""
			}
			return fmt.Sprint(f[name])
		}
		one := logged{host: strings.ToLower(cmp.Or(text("Hostname"), text("Computer"))), guid: doors.FoldGUID(text("ProcessGuid"))}
		for _, clock := range []string{"@timestamp", "TimeCreated", "EventTime"} {
			if at := worlds.Moment(text(clock)); one.clock == "" && !at.IsZero() {
				one.clock, one.at = clock, at
			}
		}
		switch {
		case text("EventID") == "1" && text("ParentImage") != "":
			one.parent = worlds.LastName(text("ParentImage"))
			started = append(started, one)
		case text("EventID") == "3" && text("Initiated") == "false" && text("SourceIp") != text("DestinationIp") && text("SourceIp") != "0:0:0:0:0:0:0:1" && text("SourceIp") != "127.0.0.1":
			one.from, one.port = text("SourceIp"), text("DestinationPort")
			called = append(called, one)
		}
	}
	return started, called
}

// isCalled reports whether a call close in time came in for a root of a preset.
func (l logged) isCalled(preset string, calls []logged) bool {
	ports := map[string]string{"wmi": "135 5985 5986", "winrm": "5985 5986", "service": "135 445"}[preset]
	for _, c := range calls {
		before := l.at.Sub(c.at)
		if c.host == l.host && c.clock == l.clock && len(c.port) > 2 && strings.Contains(ports, c.port) && before >= -5*time.Second && before <= 15*time.Second {
			return true
		}
	}
	return false
}

var runsCalled = regexp.MustCompile(`\d+ of \d+ runs began close in time`)

// In a public capture of lateral movement the findings of WMI, WinRM and services whose runs were
// called from elsewhere by a slow reading say so, with how many, and no others do.
func TestSourcesInACapture(t *testing.T) {
	path := worlds.Capture(t, "sysmon/merged_theshire2020.jsonl")
	started, calls := startsAndCalls(t, path)
	byID := map[string]logged{}
	for _, s := range started {
		byID[s.guid] = s
	}
	for preset, least := range map[string]int{"wmi": 6, "winrm": 4, "service": 3} {
		runs, called, why := map[string]int{}, map[string]int{}, map[string]string{}
		for _, r := range doors.HuntedFiles(t, "recent=all max_devices=0 internal=include rarity=template output=nodes root="+preset, path).Rows {
			if r.Get("depth") != "1" {
				continue
			}
			id := r.Get("finding_id")
			runs[id]++
			why[id] = r.Get("why")
			if s, known := byID[doors.FoldGUID(r.Get("process_guid"))]; !known {
				t.Errorf("%s: %s is in no start", preset, r.Get("process_guid"))
			} else if s.isCalled(preset, calls) {
				called[id]++
			}
		}
		all := 0
		for id, n := range runs {
			want := ""
			if all += called[id]; called[id] > 0 && 2*called[id] >= n {
				want = fmt.Sprintf("%d of %d runs began close in time", called[id], n)
			}
			if got := runsCalled.FindString(why[id]); got != want {
				t.Errorf("%s %s: %q, a slow reading says %q: %s", preset, id, got, want, why[id])
			}
		}
		if t.Logf("%s: %d roots were called", preset, all); all < least {
			t.Errorf("%s: %d roots were called, want at least %d", preset, all, least)
		}
	}
}
