package sample

import (
	"slices"
	"strings"
	"testing"
)

// The list holds every remote end of a planted process, and the digest of every program
// it brought along; and nothing that any other process has.
func TestIndicatorsAreOfPlantsOnly(t *testing.T) {
	for _, format := range AllFormats() {
		dir, _ := written(t, small(format))
		listed := map[string]flat{}
		for _, row := range table(t, dir, IndicatorsFile) {
			if listed[row["indicator"]] != nil || row["score"] != "90" || row["source"] != "planted" || row["label"] == "" {
				t.Errorf("%s: row %v", format, row)
			}
			listed[row["indicator"]] = row
		}
		for _, row := range table(t, dir, KeyFile) {
			for _, value := range slices.Concat([]string{row["remote_ip"], row["remote_host"]}, strings.Split(row["answers"], ";")) {
				if value != "" && listed[strings.ToLower(value)] == nil {
					t.Errorf("%s: %s is not in the list", format, value)
				}
			}
		}
		kinds := map[string]int{}
		for _, row := range listed {
			kinds[row["type"]]++
		}
		if kinds["ip"] < 10 || kinds["domain"] < 8 || kinds["sha256"] < 4 || len(kinds) != 3 {
			t.Errorf("%s: %v", format, kinds)
		}
		for _, h := range histories(t, small(format)) {
			checkIndicators(t, h, listed)
		}
	}
}

// checkIndicators looks at everything a device's processes show of themselves.
func checkIndicators(t *testing.T, h *History, listed map[string]flat) {
	t.Helper()
	check := func(p *Process, value string) {
		if row := listed[strings.ToLower(value)]; p.Plant == "" && row != nil {
			t.Errorf("%s of %s is listed as %v", value, p.Command, row)
		}
	}
	for _, p := range h.Processes {
		check(p, digest("SHA256", p.Image, 64))
		if p.Plant != "" && !strings.HasPrefix(p.Image, `C:\Windows\System32`) && listed[digest("SHA256", p.Image, 64)] == nil {
			t.Errorf("program %s is not listed", p.Image)
		}
	}
	for i := range h.Events {
		e := &h.Events[i]
		check(e.Process, e.Remote.Query)
		check(e.Process, e.Remote.PeerName)
		check(e.Process, e.Remote.Peer.Addr().String())
		for _, a := range e.Remote.Addresses {
			check(e.Process, a.String())
		}
	}
}
