package event

import "testing"

// One record in two renderings is one event: the add-on's fields have the process id
// and no command line here, NXLog's the other way round.
func TestTwoRenderingsAreOneEvent(t *testing.T) {
	s := NewStore()
	device, name, command := sym(s, "pc"), sym(s, "a.exe"), sym(s, "a.exe /x")
	guid := ID{1, 1}
	source := Source{Device: device, DeviceName: device, Time: 100 * Second, Record: 9}
	s.Processes = []Process{
		{Source: source, Self: Ref{ID: guid, Name: name, Command: command}},
		{Source: source, Self: Ref{ID: guid, Name: name, PID: 4711}, Parent: Ref{ID: ID{1, 2}}},
		{Source: Source{Device: device, Time: 100 * Second, Record: 10}, Self: Ref{ID: ID{1, 3}}},
	}
	s.Connections = []Connection{
		{Source: source, Self: Ref{ID: guid}, Weight: 1, RemotePort: 443},
		{Source: source, Self: Ref{ID: guid, PID: 4711}, Weight: 1, Host: sym(s, "c2.example")},
		{Source: source, Self: Ref{ID: guid}, Weight: 1, Lookup: true, Host: sym(s, "c2.example")}, // another kind of event
		{Source: source, Self: Ref{ID: guid}, Weight: 1, Stamp: 5},                                 // another log with the same number
	}
	s.Ends = []End{{source, Ref{ID: guid}}, {source, Ref{ID: guid, PID: 4711}}}
	if n := s.Settle(); n != 3 {
		t.Errorf("%d duplicates, want 3", n)
	}
	if len(s.Processes) != 2 || len(s.Connections) != 3 || len(s.Ends) != 1 {
		t.Fatalf("%d processes, %d connections, %d ends left", len(s.Processes), len(s.Connections), len(s.Ends))
	}
	if p := s.Processes[0]; p.Self.PID != 4711 || p.Self.Command != command || p.Parent.ID != (ID{1, 2}) {
		t.Errorf("the event that stays is %+v", p)
	}
	if c := s.Connections[0]; c.Self.PID != 4711 || c.RemotePort != 443 || c.Host == NoSym {
		t.Errorf("the connection that stays is %+v", c)
	}
}

// A report id comes again, and so does a process id: neither makes two events one
// when nothing else ties them to one instant.
func TestRepeatingCountersAreNotDuplicates(t *testing.T) {
	s := NewStore()
	device := sym(s, "pc")
	for _, at := range []Time{100 * Second, 9 * Day} {
		source := Source{Device: device, Time: at, Record: 55}
		s.Connections = append(s.Connections, Connection{Source: source, Self: Ref{PID: 8}, Lookup: true, Host: device, Weight: 1})
		s.Processes = append(s.Processes, Process{Source: source, Self: Ref{PID: 8}})
		s.Ends = append(s.Ends, End{source, Ref{PID: 8}})
	}
	if n := s.Settle(); n != 0 {
		t.Errorf("%d duplicates", n)
	}
}

// Without record numbers events are one when everything is equal, and only then.
func TestWithoutRecordNumbers(t *testing.T) {
	s := NewStore()
	device := sym(s, "pc")
	c := Connection{Source: Source{Device: device, Time: 100 * Second}, Self: Ref{ID: ID{1, 1}}, RemotePort: 443, LocalPort: 50001, Weight: 1}
	other := c
	other.LocalPort = 50002
	s.Connections = []Connection{c, other, c}
	if n := s.Settle(); n != 1 || len(s.Connections) != 2 {
		t.Errorf("%d duplicates, %d left", n, len(s.Connections))
	}
}

func sym(s *Store, text string) Sym { return s.Symbols.Intern([]byte(text)) }
