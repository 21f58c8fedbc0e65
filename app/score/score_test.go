package score

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The vectors are those of Krichevsky and Trofimov's estimate for two classes.
func TestRare(t *testing.T) {
	for _, c := range []struct {
		k, n int
		want float64
	}{{0, 100, 7.658}, {1, 100, 6.073}, {1, 1000, 9.382}, {1, 1, 0.415}, {0, 1000, 10.967}, {50, 50, 0.014}, {0, 0, 1}} {
		if got := Rare(c.k, c.n); math.Abs(got-c.want) > 0.001 {
			t.Errorf("Rare(%d, %d) = %.3f, want %.3f", c.k, c.n, got, c.want)
		}
	}
}

// evidence makes up the numbers of a finding.
func evidence(rng *rand.Rand, fleet int) *Evidence {
	e := &Evidence{Fleet: fleet, Task: 1 + rng.IntN(fleet)}
	e.Devices = e.Task
	if rng.IntN(2) == 0 {
		e.How, e.Devices, e.Within, e.Alike = "x", 1+rng.IntN(e.Task), 1+rng.IntN(e.Task), 1+rng.IntN(9)
		e.Departs = min(Rare(e.Within-1, e.Task-1), Rare(e.Alike-1, fleet-1))
	}
	if rng.IntN(3) > 0 {
		e.Remote, e.RemoteDevices, e.Names = "a.example", e.Devices+rng.IntN(fleet-e.Devices+1), rng.IntN(20)
	}
	e.Young, e.Watched = rng.IntN(2) == 0, rng.IntN(14*fleet)
	e.Runs = Rhythm{Bits: 80*rng.Float64() - 20, Period: 3600, Count: 9}
	e.Inside = Rhythm{Bits: 80*rng.Float64() - 20, Period: 90, Count: 9}
	e.Runs.Sleeps, e.Runs.Jitter, e.Chain = rng.IntN(2) == 0, rng.Float64()/2, rng.IntN(6)
	if rng.IntN(3) == 0 {
		e.Tool, e.ToolDevices = "certutil.exe", e.Devices+rng.IntN(fleet-e.Devices+1)
	}
	if rng.IntN(3) == 0 {
		e.Kin = e.Task + rng.IntN(fleet-e.Task+1)
	}
	e.Quiet, e.Tasks = e.Remote == "", rng.IntN(600)
	for i := range Habits {
		if rng.IntN(4) == 0 {
			e.Habits = append(e.Habits, &Habits[i])
		}
	}
	return e
}

func fleetOf(rng *rand.Rand, devices, findings int) (all []*Evidence) {
	for range findings {
		all = append(all, evidence(rng, devices))
	}
	return all
}

// Parts are whole tenths, so that what is shown adds up to what is shown.
func TestPartsAddUp(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		all := fleetOf(rng, 2+rng.IntN(2000), 1+rng.IntN(40))
		tail := NewTail(all)
		for _, e := range all {
			parts := Standard.Parts(e, tail)
			tenths := 0
			for _, p := range parts {
				whole := math.Round(p.Bits * 10)
				if whole <= 0 || p.Bits != whole/10 || p.Why == "" {
					t.Fatalf("part %+v", p)
				}
				tenths += int(whole)
			}
			if got := Sum(parts); got != float64(tenths)/10 {
				t.Fatalf("sum %v of %v", got, parts)
			}
		}
	}
}

// More devices doing the same never raise a score, as long as the fleet's other findings
// are what they are.
func TestMoreDevicesNeverRaise(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		fleet := 20 + rng.IntN(1000)
		all := fleetOf(rng, fleet, 30)
		tail := NewTail(all)
		e := *all[0]
		if e.How != "" {
			continue // how a departure is counted is tested where it is
		}
		for e.Task < fleet {
			before := Sum(Standard.Parts(&e, tail))
			e.Task, e.Devices = e.Task+1, e.Devices+1
			e.RemoteDevices, e.ToolDevices = max(e.RemoteDevices, e.Devices), max(e.ToolDevices, e.Devices)
			// Where task and destination change places, each is rounded anew.
			if after := Sum(Standard.Parts(&e, tail)); after > before+0.21 {
				t.Fatalf("score rises from %v to %v with device %d: %+v", before, after, e.Task, e)
			}
		}
	}
}

// What every rare finding of a fleet has is no evidence.
func TestWhatAllHaveIsNoEvidence(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	all := fleetOf(rng, 500, 80)
	for _, e := range all {
		e.Task, e.Devices, e.How, e.Habits, e.Runs = 1, 1, "", []*Habit{&Habits[0]}, Rhythm{Bits: 40}
	}
	for _, p := range Standard.Parts(all[0], NewTail(all)) {
		if p.Name == Habits[0].Name || p.Name == "cadence" {
			t.Errorf("%v", p)
		}
	}
}

func TestHabits(t *testing.T) {
	for _, c := range []struct {
		p    Process
		want string
	}{
		{Process{Name: []byte("powershell.exe"), Command: []byte("powershell -w hidden -enc qqba")}, "encoded hidden"},
		{Process{Name: []byte("powershell.exe"), Command: []byte("powershell -executionpolicy bypass -file c:\\a.ps1")}, ""},
		{Process{Name: []byte("svchost.exe"), Path: []byte(`c:\programdata\svchost.exe`)}, "masquerade open_folder"},
		{Process{Name: []byte("svchost.exe"), Path: []byte(`c:\windows\system32\svchost.exe`)}, ""},
		{Process{Name: []byte("svchost.exe"), Path: []byte(`\\?\c:\windows\system32\svchost.exe`)}, ""},
		{Process{Name: []byte("svchost.exe"), Path: []byte(`\device\harddiskvolume3\windows\system32\svchost.exe`)}, ""},
		{Process{Name: []byte("svchost.exe"), Path: []byte(`\systemroot\system32\svchost.exe`)}, ""},
		{Process{Name: []byte("svchost.exe"), Path: []byte(`c:\users\public\windows\svchost.exe`)}, "masquerade odd_folder"},
		{Process{Name: []byte("svchost.exe"), Path: []byte(`\device\harddiskvolume3\backup\windows\svchost.exe`)}, "masquerade"},
		{Process{Name: []byte("rundll32.exe"), Path: []byte(`c:\windows\system32\rundll32.exe`), Command: []byte(`rundll32 c:\programdata\x.dll,y`)}, "proxy_execution open_folder"},
		{Process{Name: []byte("curl.exe"), Command: []byte("curl -s https://a.example/x")}, "download"},
		{Process{Name: []byte("invoice_\u202efdp.exe"), Path: []byte("c:\\tools\\invoice_\u202efdp.exe")}, "right_to_left"},
		{Process{Name: []byte("a.exe"), Path: []byte("c:\\tools\\a\u2067.exe")}, "right_to_left"},
		{Process{Name: []byte("a.exe"), Path: []byte("c:\\\u202etools\\a.exe"), Command: []byte("c:\\\u202etools\\a.exe \u200fb.exe")}, ""},
		{Process{Name: []byte("wscript.exe"), Command: []byte("wscript.exe //b c:\\jobs\\report_\u202efdp.js")}, "right_to_left"},
		{Process{Name: []byte("wscript.exe"), Command: []byte("wscript \"c:\\my jobs\\\u202dthe report.vbs\" /x")}, "right_to_left"},
		{Process{Name: []byte("rundll32.exe"), Path: []byte(`c:\windows\system32\rundll32.exe`), Command: []byte("rundll32 c:\\jobs\\a\u200e.dll,start")}, "right_to_left proxy_execution"},
		{Process{Name: []byte("cmd.exe"), Command: []byte("cmd /c echo \u202bword\u202c > c:\\\u2068jobs\u2069\\a.txt & type \"\u200fletter.docx\" & \u202ac:\\jobs\\a.cmd")}, ""},
		{Process{Name: []byte("cmd.exe"), Command: []byte("cmd /c echo \u202bword & run \u202efdp.bat")}, "right_to_left"},
		{Process{Name: []byte("cmd.exe"), Command: []byte("cmd /c \u202e")}, ""},
		{Process{Name: []byte("update.exe"), Path: []byte(`c:\users\eva\appdata\local\x\update.exe`)}, "profile"},
		{Process{Name: []byte("update.exe"), Path: []byte(`c:\users\public\update.exe`)}, "odd_folder"},
		{Process{Name: []byte("svchost.exe"), Path: []byte(`c:\windows\temp\svchost.exe`)}, "masquerade odd_folder"},
		{Process{Name: []byte("cscript.exe"), Path: []byte(`c:\windows\system32\cscript.exe`), Command: []byte(`cscript c:\windows\tasks\a.vbs`)}, "odd_folder"},
		{Process{Name: []byte("update.exe"), Path: []byte(`c:\program files\x\update.exe`), Command: []byte("update.exe --url https://a.example")}, ""},
	} {
		var got string
		Each(&c.p, func(h *Habit) { got += " " + h.Name })
		if want := " " + c.want; got != want && (got != "" || c.want != "") {
			t.Errorf("%s %s shows%s, want%s", c.p.Path, c.p.Command, got, want)
		}
	}
}

// What a task on so many devices scores for that alone is the level of max_devices, to the tenth:
// what scores as much is kept, however the tenths fall.
func TestAloneIsWhatRarityScores(t *testing.T) {
	for fleet := 2; fleet <= 400; fleet++ {
		for devices := 1; devices <= fleet; devices += 1 + fleet/40 {
			e := Evidence{Fleet: fleet, Task: devices, Devices: devices}
			if got, want := Alone(devices, fleet), Sum(Standard.Parts(&e, NewTail([]*Evidence{&e}))); got != want {
				t.Fatalf("on %d of %d devices: %v, and its parts are %v", devices, fleet, got, want)
			}
		}
	}
}
