package schema

import (
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// FuzzRead: any text is read without harm, its kind is one of the kinds, and what the
// map half would pass on of it is the same event.
func FuzzRead(f *testing.F) {
	for _, fixture := range fixtures() {
		if raw := fixture[Raw]; raw != "" {
			f.Add([]byte(raw))
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r := newReading(t)
		row := text(string(raw))
		if kind, _ := r.read(row); kind > event.InstallationEvent {
			t.Fatalf("kind is %d", kind)
		}
		r.checkReduced(t, row.record())
	})
}

// FuzzReadField: any value in any field that decides about an event.
func FuzzReadField(f *testing.F) {
	for i, v := range []string{"1", "-", "null", "4321", processGUID, systemTime, "::1", "{", `{"DnsQueryString":"a"}`, `C:\a\`, "SHA1=", "0x"} {
		f.Add(uint16(i*37), v)
	}
	var base []fields
	for _, e := range sysmonEvents {
		base = append(base, addonCIM(e).and(addonOwn(e)), columnsOf(inBeat7)(e))
	}
	base = append(base, columns(envelope(defenderProcess())), columns(envelope(defenderConnection("ConnectionSuccess"))), columns(envelope(dnsAnswer())))
	required := RequiredFields(false)
	f.Fuzz(func(t *testing.T, field uint16, value string) {
		r := newReading(t)
		for _, b := range base {
			r.checkReduced(t, b.with(required[int(field)%len(required)], value).record())
		}
	})
}
