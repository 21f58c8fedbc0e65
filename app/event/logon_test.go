package event

import (
	"net/netip"
	"testing"
)

// Two renderings of one record are one logon that knows what either tells; a log that begins
// anew gives its numbers out again.
func TestLogonRecords(t *testing.T) {
	s := NewStore()
	device, user := sym(s, "pc"), sym(s, `CORP\ann`)
	from := NewAddress(netip.MustParseAddr("10.1.2.3"))
	source := Source{Device: device, DeviceName: device, Time: 100 * Second, Record: 9}
	later := source
	later.Time = 3 * Day
	s.Logons = []Logon{
		{Source: source, Session: 7, User: user},
		{Source: source, Session: 7, From: from, Workstation: sym(s, "LAP")},
		{Source: later, Session: 7, User: user},
		{Source: source, Session: 8, User: user},
	}
	if n := s.Settle(); n != 0 || len(s.Logons) != 3 { // the ledger counts no duplicates of them
		t.Fatalf("%d duplicates, %d left: %+v", n, len(s.Logons), s.Logons)
	}
	whole := 0
	for _, l := range s.Logons {
		if l.User == user && l.From == from && l.Workstation != NoSym {
			whole++
		}
	}
	if whole != 1 {
		t.Errorf("%d of them know all: %+v", whole, s.Logons)
	}
}
