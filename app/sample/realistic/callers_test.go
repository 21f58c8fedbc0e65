package realistic

import (
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// What came from elsewhere has a call right before it, be it planted or benign; and devices are
// called for nothing as well.
func TestCallersComeBeforeWhatTheyStart(t *testing.T) {
	planted, benign, idle := map[string]bool{}, map[string]int{}, 0
	histories(t, rootsFleet(), func(m *machine, h *sample.History) {
		var calls []*sample.Event
		for i := range h.Events {
			if e := &h.Events[i]; e.Kind == sample.Connect && e.Remote.Inbound && !e.Copy {
				calls = append(calls, e)
				if e.Remote.Peer.Addr() == m.Addr || e.Remote.Local.Addr() != m.Addr {
					t.Fatalf("%s is called from %s at %s", h.Device.Name, e.Remote.Peer, e.Remote.Local)
				}
			}
		}
		used := 0
		for i := range m.runs {
			r := &m.runs[i]
			for _, e := range calls {
				if before := r.root.Start - e.At; before <= 0 || before > 4*second || e.Remote.Local.Port() != doors[r.k.under].port {
					continue
				}
				if used++; r.root.Plant == "" {
					benign[r.k.under]++
				} else {
					planted[r.e.plant.kind] = true
				}
			}
		}
		idle += max(0, len(calls)-used)
	})
	for kind := range remoteStories {
		if !planted[kind] {
			t.Errorf("%s was not called for", kind)
		}
	}
	for _, kind := range []string{"wmi-consumer", "dcom-elevated", "service-vendor", "web-shell"} {
		if planted[kind] {
			t.Errorf("%s was called for", kind)
		}
	}
	if benign["wmi"] == 0 || benign["winrm"] == 0 || benign["service"] == 0 || idle < 100 {
		t.Errorf("benign calls %v, %d for nothing", benign, idle)
	}
}
