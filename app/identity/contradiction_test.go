package identity

import (
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Two start events of one process that disagree are counted: the first stands, and
// the reader has to know.
func TestContradictoryStartsAreCounted(t *testing.T) {
	parent := func(pid uint32) event.Ref { return event.Ref{PID: pid, Created: 50 * event.Second} }
	for name, tt := range map[string]struct {
		other func(*event.Process)
		want  int
	}{
		"the same":       {func(*event.Process) {}, 0},
		"other name":     {func(p *event.Process) { p.Self.Name = 0 }, 0}, // absent, not another
		"no parent":      {func(p *event.Process) { p.Parent = event.Ref{} }, 0},
		"other parent":   {func(p *event.Process) { p.Parent = parent(9) }, 1},
		"parent's start": {func(p *event.Process) { p.Parent.Created++ }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := event.NewStore()
			pc := s.Symbols.Intern([]byte("pc"))
			first := event.Process{Source: event.Source{Device: pc, DeviceName: pc, Time: 100 * event.Second}, Parent: parent(8),
				Self: event.Ref{PID: 5, Created: 99 * event.Second, Name: s.Symbols.Intern([]byte("a.exe"))}}
			second := first
			second.Time += event.Second // not a duplicate
			tt.other(&second)
			s.Processes = []event.Process{first, second}
			s.Settle()
			r := NewRoster(s)
			if len(r.Actors) != 1 || r.Contradictions != tt.want {
				t.Errorf("%d actors, %d contradictions, want 1 and %d", len(r.Actors), r.Contradictions, tt.want)
			}
		})
	}
}

func TestAnotherNameContradicts(t *testing.T) {
	s := event.NewStore()
	pc := s.Symbols.Intern([]byte("pc"))
	for i, name := range []string{"a.exe", "A.EXE", "b.exe"} {
		s.Processes = append(s.Processes, event.Process{Source: event.Source{Device: pc, DeviceName: pc, Time: event.Time(100+i) * event.Second},
			Self: event.Ref{PID: 5, Created: 99 * event.Second, Name: s.Symbols.Intern([]byte(name))}})
	}
	s.Settle()
	if r := NewRoster(s); r.Contradictions != 1 {
		t.Errorf("%d contradictions, want 1: letter case is none", r.Contradictions)
	}
}
