package hold

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Logons come out of their pages as they went in, leave the rows of their device to be read by
// their keys, and have no say in what is the newest event.
func TestLogonsComeOutAsTheyWentIn(t *testing.T) {
	set := NewSet(Limit{})
	w := set.Writer()
	sym := func(text string) event.Sym { return w.Interner().Intern([]byte(text)) }
	device, _ := w.Device([]byte("PC"))
	w.AddRow(device, &RowKeys{Origin: Origin{File: 1}}, 5*event.Second)
	var want []string
	for i, from := range []string{"10.1.2.3", "fe80::1", ""} {
		address := event.Address{}
		if from != "" {
			address = event.NewAddress(netip.MustParseAddr(from))
		}
		l := event.Logon{Source: event.Source{Device: sym("pc"), DeviceName: sym("PC"), Time: 9 * event.Day, Record: uint64(i + 1)},
			Session: 1<<63 + uint64(i), User: sym("u"), From: address, Workstation: sym([]string{"", "LAP", "B"}[i])}
		w.AddLogon(&l)
		want = append(want, from+" "+[]string{"", "LAP", "B"}[i])
	}
	if newest := set.Clock().Newest; newest != 5*event.Second {
		t.Errorf("the newest event is of %d", newest)
	}
	r, whole := set.Reader(), false
	var got []string
	for i := range Count {
		part, err := r.Read(i)
		if err != nil {
			t.Fatal(err)
		}
		for j, l := range part.Store.Logons {
			from := ""
			if !l.From.IsZero() {
				from = l.From.Addr().String()
			}
			y := part.Store.Symbols
			got = append(got, from+" "+y.String(l.Workstation))
			if l.Session != 1<<63+uint64(j) || y.String(l.User) != "u" || y.String(l.Device) != "pc" || l.Time != 9*event.Day || l.Record != uint64(j+1) {
				t.Errorf("%+v", l)
			}
		}
		part.EachDevice(func(rows Rows) { whole = whole || rows.Whole })
	}
	if !slices.Equal(got, want) || whole {
		t.Errorf("%q, want %q; read in full: %t", got, want, whole)
	}
}
