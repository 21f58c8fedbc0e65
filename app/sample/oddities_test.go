package sample

import (
	"net/netip"
	"strings"
	"testing"
)

func parseAddr(t *testing.T, text string) netip.Addr {
	t.Helper()
	a, err := netip.ParseAddr(text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Each fault that real logs have occurs, often enough to matter and not so often
// that it is the rule.
func TestOdditiesOccur(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: a small fleet does not have them all")
	}
	n := map[string]int{}
	tally := func(name string, is bool) { n[name] += count(is) }
	for _, h := range histories(t, Config{Devices: 40, Days: 3, Seed: 4}) {
		tally("device with skewed connection times", h.Device.Skew != 0)
		tally("device with GUIDs in capitals", h.Device.UpperGUIDs)
		for _, p := range h.Processes {
			tally("process", true)
			tally("process without event", !p.Logged)
			tally("process without end", !p.EndLogged)
			tally("scheduler with event", p.scheduler && p.Logged)
			tally("scheduler without event", p.scheduler && !p.Logged)
		}
		for i := range h.Events {
			e := &h.Events[i]
			f := parse(t, FormatSysmon, string(AppendEvent(nil, FormatSysmon, e)))
			tally("event", true)
			tally("copy", e.Copy)
			tally("hidden parent", f["ParentProcessGuid"] == zeroGUID && f["ParentCommandLine"] == "-" && f["ParentProcessId"] != "-")
			network := e.Kind == Connect || e.Kind == Lookup
			tally("network event", network)
			if !network {
				continue
			}
			tally("zero GUID", f["ProcessGuid"] == zeroGUID)
			tally("orphan", !e.Process.Logged)
			tally("other case of path", f["Image"] != e.Process.Image && strings.EqualFold(f["Image"], e.Process.Image))
			tally("earlier than its process", e.Clock < e.Process.Start)
			tally("inbound", f["Initiated"] == "false")
			tally("failed lookup", f["QueryStatus"] == "9003")
			tally("long IPv6", strings.Count(f["DestinationIp"], ":") == 7)
			tally("loopback", strings.HasSuffix(f["DestinationIp"], "0:0:1") || f["DestinationIp"] == "127.0.0.1")
			tally("no host name", f["DestinationHostname"] == "-")
			tally("host name", e.Kind == Connect && f["DestinationHostname"] != "-")
		}
	}
	for _, want := range []struct {
		name, of string
		lo, hi   float64
	}{
		{"copy", "event", 0.003, 0.008}, {"process without event", "process", 0.005, 0.2}, {"process without end", "process", 0.04, 0.25},
		{"zero GUID", "network event", 0.001, 0.1}, {"orphan", "network event", 0.02, 0.5}, {"other case of path", "network event", 0.02, 0.15},
		{"earlier than its process", "network event", 0.005, 0.3}, {"inbound", "network event", 0.005, 0.3}, {"failed lookup", "network event", 0.0005, 0.1},
		{"long IPv6", "network event", 0.01, 0.3}, {"loopback", "network event", 0.001, 0.1}, {"no host name", "network event", 0.3, 0.9},
		{"host name", "network event", 0.01, 0.4}, {"hidden parent", "process", 0.0005, 0.01}, {"scheduler with event", "process", 0.00001, 1},
		{"scheduler without event", "process", 0.00001, 1}, {"device with skewed connection times", "event", 0.00001, 1}, {"device with GUIDs in capitals", "event", 0.00001, 1},
	} {
		if share := float64(n[want.name]) / float64(n[want.of]); share < want.lo || share > want.hi {
			t.Errorf("%s: %d of %d (%s), want a share of %v to %v", want.name, n[want.name], n[want.of], want.of, want.lo, want.hi)
		}
	}
}

// Ends go missing as often as Config says, beside those that a shutdown takes.
func TestMissingEnds(t *testing.T) {
	for _, share := range []float64{-1, 0.5} {
		ended, missing := 0, 0
		cfg := Config{Devices: 10, Days: 1, Seed: 9, MissingEnds: share}
		_, to := windowOf(t, cfg)
		for _, h := range histories(t, cfg) {
			down := Time(0) // of the first session, if there are two
			for _, p := range h.Processes {
				if p.Boot == 1 && p.Parent == nil && p.End < to {
					down = p.End
				}
			}
			for _, p := range h.Processes {
				if p.End != down && p.End < to-10*second && p.Start > to-day {
					ended++
					missing += count(!p.EndLogged)
				}
			}
		}
		if got, want := float64(missing)/float64(ended), max(0, share); got < want-0.05 || got > want+0.05 {
			t.Errorf("%.3f of %d ends are missing, want %v", got, ended, want)
		}
	}
}
