package tree

import (
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

// A plain netsvcs host, or one whose words are missing, starts roots when it is known
// to be the scheduler: by another child's words or by its own event, on its device.
func TestSchedulerKnownElsewhere(t *testing.T) {
	self := [2]string{"task.exe", "task.exe"}
	plain, missing, schedule := [2]string{"svchost.exe", netsvcsLine}, [2]string{"", ""}, [2]string{"svchost.exe", scheduleLine}
	for name, c := range map[string]struct {
		add  func(fleet)
		root bool
	}{
		"nobody says so":            {func(fleet) {}, false},
		"another child says so":     {func(f fleet) { f.starts("pc", 3, self, 900, schedule) }, true},
		"its own event says so":     {func(f fleet) { f.starts("pc", 900, schedule, 901, [2]string{"services.exe", "services.exe"}) }, true},
		"its own event says BITS":   {func(f fleet) { f.starts("pc", 900, [2]string{"svchost.exe", netsvcsLine + " -s BITS"}, 901, self) }, false},
		"said on another device":    {func(f fleet) { f.starts("other", 3, self, 900, schedule) }, false},
		"said of another process":   {func(f fleet) { f.starts("pc", 3, self, 899, schedule) }, false},
		"said of an unknown parent": {func(f fleet) { f.starts("pc", 3, self, 0, schedule) }, false},
	} {
		for _, words := range [][2]string{plain, missing, {"svchost.exe", ""}} {
			f := newFleet()
			f.starts("pc", 1, self, 900, words)
			c.add(f)
			roster, forest := f.build(32)
			for i := range roster.Actors {
				if roster.Actors[i].Self.ID == guid(1) && (forest.Depth[i] == 1) != c.root {
					t.Errorf("%s, words %q: depth %d", name, words, forest.Depth[i])
				}
			}
		}
	}
}

// Defender has no GUIDs: process id and creation time identify the scheduler.
func TestSchedulerKnownByCreationTime(t *testing.T) {
	for _, c := range []struct {
		created event.Time
		depth   int32
	}{{50 * event.Second, 1}, {51 * event.Second, 0}, {event.NoTime, 0}} {
		f := newFleet()
		for i, words := range []string{scheduleLine, netsvcsLine} {
			f.starts("pc", i+1, [2]string{"task.exe", "task"}, 0, [2]string{"svchost.exe", words})
			p := &f.Processes[i]
			p.Self = event.Ref{PID: uint32(i + 100), Created: p.Time, Name: p.Self.Name}
			p.Parent.PID, p.Parent.Created = 4, 50*event.Second
		}
		f.Processes[1].Parent.Created = c.created
		roster, forest := f.build(32)
		for i := range roster.Actors {
			if roster.Actors[i].Self.PID == 101 && forest.Depth[i] != c.depth {
				t.Errorf("parent created %d: depth %d, want %d", c.created, forest.Depth[i], c.depth)
			}
		}
	}
}

// Sysmon loses the parent's GUID and words and keeps its process id: the process that
// had it then is the scheduler, as another child says of its GUID.
func TestSchedulerKnownByInterval(t *testing.T) {
	f := newFleet()
	f.starts("pc", 1, [2]string{"svchost.exe", ""}, 0, [2]string{"", ""})
	f.Processes[0].Self.PID = 4
	f.starts("pc", 5, [2]string{"task.exe", "task"}, 1, [2]string{"svchost.exe", scheduleLine})
	f.starts("pc", 6, [2]string{"lost.exe", "lost"}, 0, [2]string{"", ""})
	f.Processes[2].Parent.PID = 4
	roster, forest := f.build(32)
	for i := range roster.Actors {
		if roster.Actors[i].Self.ID == guid(6) && (forest.Depth[i] != 1 || forest.Edge[i] != identity.ByPIDInterval) {
			t.Errorf("depth %d by %d", forest.Depth[i], forest.Edge[i])
		}
	}
}
