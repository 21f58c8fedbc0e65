package stock

import "testing"

// Only what a stock task does besides its own action strays: not another program, not an
// address without a name, not a crash that reports itself, not a host of unknown handlers.
func TestStrays(t *testing.T) {
	crash := Process{Image: `C:\Windows\System32\WerFault.exe`, Command: `C:\Windows\System32\WerFault.exe -u -p 1 -s 2`, Contacts: []Contact{{"watson.example.net", "203.0.113.7"}}}
	shell := Process{Image: `C:\Windows\System32\cmd.exe`, Command: "cmd"}
	for name, c := range map[string]struct {
		change          func(*Run)
		starts, contact bool
	}{
		"as known":       {func(*Run) {}, false, false},
		"child":          {func(r *Run) { r.Children = []Process{shell} }, true, false},
		"name":           {func(r *Run) { r.Contacts = []Contact{{"c2.example.net", "203.0.113.7"}} }, false, true},
		"lookup":         {func(r *Run) { r.Contacts = []Contact{{"c2.example.net", ""}} }, false, true},
		"address":        {func(r *Run) { r.Contacts = []Contact{{"", "203.0.113.7"}} }, false, false},
		"known name":     {func(r *Run) { r.Contacts = []Contact{{"umwatson.events.data.microsoft.com", "203.0.113.7"}} }, false, false},
		"crash":          {func(r *Run) { r.Children = []Process{crash} }, false, false},
		"crash and more": {func(r *Run) { r.Children = []Process{crash, shell} }, true, false},
		"under a crash":  {func(r *Run) { p := crash; p.Children = []Process{shell}; r.Children = []Process{p} }, true, false},
		"other program":  {func(r *Run) { r.Image, r.Command, r.Children = `C:\a\b.exe`, "b.exe", []Process{shell} }, false, false},
		"host":           {func(r *Run) { host(r); r.Children = []Process{shell} }, false, false},
	} {
		run := wermgr()
		c.change(&run)
		v := Windows().Known(run)
		if starts, contact := v.Strays(); starts != c.starts || contact != c.contact {
			t.Errorf("%s: strays by a child %t, by a contact %t: %s", name, starts, contact, v.String())
		}
	}
}
