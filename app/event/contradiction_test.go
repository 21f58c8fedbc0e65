package event

import "testing"

// Two start events of one process that disagree are counted: the first stands, and
// the reader has to know.
func TestContradictoryStartsAreCounted(t *testing.T) {
	parent := func(pid uint32) Ref { return Ref{PID: pid, Created: 50 * Second} }
	for name, tt := range map[string]struct {
		other func(*Process)
		want  int
	}{
		"the same":       {func(*Process) {}, 0},
		"other name":     {func(p *Process) { p.Self.Name = 0 }, 0}, // absent, not another
		"no parent":      {func(p *Process) { p.Parent = Ref{} }, 0},
		"other parent":   {func(p *Process) { p.Parent = parent(9) }, 1},
		"parent's start": {func(p *Process) { p.Parent.Created++ }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := NewStore()
			pc := s.Symbols.Intern([]byte("pc"))
			first := Process{Source: Source{Device: pc, DeviceName: pc, Time: 100 * Second}, Parent: parent(8),
				Self: Ref{PID: 5, Created: 99 * Second, Name: s.Symbols.Intern([]byte("a.exe"))}}
			second := first
			second.Time += Second // not a duplicate
			tt.other(&second)
			s.Processes = []Process{first, second}
			s.Settle()
			r := NewRoster(s)
			if len(r.Actors) != 1 || r.Contradictions != tt.want {
				t.Errorf("%d actors, %d contradictions, want 1 and %d", len(r.Actors), r.Contradictions, tt.want)
			}
		})
	}
}

func TestAnotherNameContradicts(t *testing.T) {
	s := NewStore()
	pc := s.Symbols.Intern([]byte("pc"))
	for i, name := range []string{"a.exe", "A.EXE", "b.exe"} {
		s.Processes = append(s.Processes, Process{Source: Source{Device: pc, DeviceName: pc, Time: Time(100+i) * Second},
			Self: Ref{PID: 5, Created: 99 * Second, Name: s.Symbols.Intern([]byte(name))}})
	}
	s.Settle()
	if r := NewRoster(s); r.Contradictions != 1 {
		t.Errorf("%d contradictions, want 1: letter case is none", r.Contradictions)
	}
}
