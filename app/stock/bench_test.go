package stock

import "testing"

// BenchmarkKnown is one run with a console beneath it and a lookup.
func BenchmarkKnown(b *testing.B) {
	run := wermgr()
	run.Contacts = []Contact{{"umwatson.events.data.microsoft.com", "203.0.113.7"}}
	run.Children = []Process{{Image: `C:\Windows\System32\conhost.exe`, Command: `\??\C:\Windows\system32\conhost.exe 0xffffffff -ForceV1`}}
	for b.Loop() {
		Windows().Known(run)
	}
}
