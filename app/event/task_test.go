package event

import "testing"

// Two renderings of one record are one event; two logs that give out the same number, and a
// log that begins anew, are not.
func TestTaskRecords(t *testing.T) {
	s := NewStore()
	device, name, action := sym(s, "pc"), sym(s, `\A`), sym(s, "a.exe")
	source := Source{Device: device, DeviceName: device, Time: 100 * Second, Record: 9}
	later := source
	later.Time = 3 * Day
	s.Tasks = []Task{
		{Source: source, Act: TaskProcess, Name: name, PID: 7, Writer: 4},
		{Source: later, Act: TaskProcess, Name: name, PID: 7, Action: action}, // the same in local time
		{Source: source, Act: TaskCreated, Name: name},
		{Source: source, Act: TaskCreated, Name: name, Audit: true},
		{Source: later, Act: TaskCreated, Name: name},
		{Source: source, Act: TaskProcess, Name: name, PID: 8},
		{Source: source, Act: TaskProcess, Name: sym(s, `\B`), PID: 7},
	}
	if n := s.Settle(); n != 0 || len(s.Tasks) != 6 { // the ledger counts no duplicates of them
		t.Fatalf("%d duplicates, %d left: %+v", n, len(s.Tasks), s.Tasks)
	}
	for _, k := range s.Tasks {
		if k.PID == 7 && k.Name == name && (k.Action != action || k.Writer != 4) {
			t.Errorf("the event that stays is %+v", k)
		}
	}
}
