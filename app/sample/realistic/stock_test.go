package realistic

import (
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
	"github.com/schtaskhunt/schtaskhunt/app/stock"
)

// Windows' own tasks do what Windows is known to have them do, all of them and in every run,
// but for those that were planted and what reports a crash.
func TestWindowsOwnTasksAreAsKnown(t *testing.T) {
	const windows = `\Microsoft\Windows\`
	cfg := Config{Devices: 40, Days: 4, Seed: 11, Tail: 0.2}
	judged, named := 0, map[string]bool{}
	histories(t, cfg, func(m *machine, h *sample.History) {
		runs := runsOf(h)
		for i := range m.runs {
			r := &m.runs[i]
			if r.e.plant != nil || r.k.group != "common" {
				continue
			}
			run := runs.run(r.root)
			run.Device, run.Task, run.Scheduled = m.Name, r.task, true
			run.ParentImage, run.ParentCommand = r.service.Image, r.service.Command
			v := stock.Windows().Known(run)
			// Device management is Windows' own folder for what others put into it.
			own := strings.HasPrefix(r.task, windows) && !strings.HasPrefix(r.task, windows+`EnterpriseMgmt\`)
			if own {
				judged, named[r.k.id] = judged+1, true
			}
			if crashed := len(runs.children[r.root]) > len(r.e.root.children); v.Kind != stock.Known && (own || len(v.Departs) > 0) && !crashed {
				t.Errorf("%s: %s", r.k.id, v.String())
			}
		}
	})
	if judged < 1000 || len(named) < 20 {
		t.Errorf("%d runs of %d kinds were judged", judged, len(named))
	}
}

// known is a history as the table of Windows' own tasks is asked for it.
type known struct {
	children map[*sample.Process][]*sample.Process
	contacts map[*sample.Process][]stock.Contact
}

func runsOf(h *sample.History) known {
	k := known{map[*sample.Process][]*sample.Process{}, map[*sample.Process][]stock.Contact{}}
	for _, p := range h.Processes {
		k.children[p.Parent] = append(k.children[p.Parent], p)
	}
	for i := range h.Events {
		switch e := &h.Events[i]; e.Kind {
		case sample.Lookup:
			for _, answer := range e.Remote.Addresses {
				k.contacts[e.Process] = append(k.contacts[e.Process], stock.Contact{Host: e.Remote.Query, Address: answer.String()})
			}
		case sample.Connect:
			k.contacts[e.Process] = append(k.contacts[e.Process], stock.Contact{Host: e.Remote.URL, Address: e.Remote.Peer.Addr().String()})
		}
	}
	return k
}

func (k known) run(root *sample.Process) stock.Run { return stock.Run{Process: k.process(root)} }

func (k known) process(p *sample.Process) stock.Process {
	one := stock.Process{Image: p.Image, Command: p.Command, Account: p.User.Domain + `\` + p.User.Name, Contacts: k.contacts[p]}
	for _, c := range k.children[p] {
		one.Children = append(one.Children, k.process(c))
	}
	return one
}
