package template

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
)

// fleet runs a command, with %s for a value, once for each value and device.
func fleet(command string, values ...string) []Seen {
	var seen []Seen
	for i, value := range values {
		text := Of(strings.ReplaceAll(command, "%s", value), Names{})
		seen = append(seen, Seen{text, []int32{int32(i)}})
	}
	return seen
}

// finals returns the distinct final templates.
func finals(seen []Seen) map[string]bool {
	all := map[string]bool{}
	for _, final := range Learn(seen) {
		all[final] = true
	}
	return all
}

// What differs from device to device becomes a slot.
func TestLearnt(t *testing.T) {
	serials := []string{"5cg1234xyz", "pf2a7k1m", "mj0c4r8w", "8w2k3j", "q7r1s9tt"}
	for _, c := range []struct {
		command string
		values  []string
		want    string
	}{
		{`agent.exe --serial=%s /run`, serials, `agent.exe --serial=<*> /run`},
		{`agent.exe --serial %s /run`, serials, `agent.exe --serial <*> /run`},
		{`c:\programdata\acme\%s\agent.exe`, serials, `c:\programdata\acme\<*>\agent.exe`},
		{`agent.exe --site=%s`, []string{"berlin", "oslo2", "lyon", "porto", "turin"}, `agent.exe --site=<*>`},
		{`agent.exe -o c:\logs\inventory_%s.csv`, []string{"berlin", "oslo", "lyon", "porto"}, `agent.exe -o c:\logs\inventory_<*>.csv`},
		{`agent.exe /slot:%s`, []string{"1", "17", "23", "42"}, `agent.exe /slot:<n>`},
		{`agent.exe -o c:\%s\x --site=%s`, []string{"s101a", "s202b", "s303c"}, `agent.exe -o c:\<*>\x --site=<*>`},
		{`agent.exe --id=ab-%s-12345`, serials, `agent.exe --id=ab-<*>`},
		{`c:\temp\%s.exe`, []string{"k3j9x2q", "x8q1z7p", "b4n6m2v"}, `c:\temp\<*>.exe`},
		{`agent.exe --device %s`, []string{"34790724", "46372012", "DR72DN1", "U6RV8HY", "X4UHNNQ", "Z5AZCV3", "ZS99QFY", "48873267"}, `agent.exe --device <*>`},
		{`agent.exe --device %s`, []string{"34790724", "46372012", "48873267", "F2EKWHC", "D6NVIVM", "1ZBBYAQ"}, `agent.exe --device <*>`},
		{`agent.exe --device %s`, []string{"F2EKWHC", "D6NVIVM", "1ZBBYAQ"}, `agent.exe --device <*>`},
		{`agent.exe --id=%s`, []string{"5f3a9c01", "12345678", "0a1b2c3d", "99887766"}, `agent.exe --id=<*>`},
	} {
		for final := range finals(fleet(c.command, c.values...)) {
			if final != c.want {
				t.Errorf("%s: %s, want %s", c.command, final, c.want)
			}
		}
	}
}

// Some serials have no digit, and some of these could be words. Each device has its own, so
// they are serials all the same; a second value on a device that has one is none.
func TestSerialsWithoutDigits(t *testing.T) {
	const letters = "BCDFGHJKLMNPQRSTVWXYZAEIOU0123456789"
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 31))
		var seen []Seen
		add := func(serial string, device int) {
			seen = append(seen, Seen{Of(`"c:\program files\ven\agent.exe" -tag `+serial+` -run {0F1E2D3C-1111-2222-3333-444455556666}`, Names{}), []int32{int32(device)}})
		}
		for d := range 40 + r.IntN(20) + int(seed%2)*r.IntN(300) {
			serial := make([]byte, 7)
			for i := range serial {
				serial[i] = letters[r.IntN(len(letters))]
			}
			add(string(serial), d)
		}
		if all := finals(seen); len(all) > 2 { // a single one beside the others' slot stays: nothing tells it from a planted value
			t.Fatalf("seed %d: %d templates: %v", seed, len(all), all)
		}
		if len(seen) > 60 {
			continue // so many devices' own words are serials, whatever one has besides
		}
		add("monitor", 5)
		if final := Learn(seen)[seen[len(seen)-1].Template]; !strings.Contains(final, "monitor") {
			t.Fatalf("seed %d: what one device has besides became its serial: %s", seed, final)
		}
	}
}

// A serial without digits, alone beside the slot that the others' made, is one where it is the
// value of a switch and its device has no other. A whole argument stays, as it may be planted, and
// so does a program's name that is the value of a switch as well.
func TestOneSerialWithoutDigits(t *testing.T) {
	for _, c := range []struct {
		command string
		device  int
		learnt  bool
	}{
		{`inv.exe /asset:%s /full`, 99, true},
		{`inv.exe /asset:%s /full`, 5, false}, // it has one of its own
		{`inv.exe -asset %s /full`, 99, false},
		{`c:\temp\%s.exe --name=%s`, 99, false},
	} {
		var seen []Seen
		for d := range 30 {
			serial := fmt.Sprintf("%c%dk%c%dx%d", 'b'+d%20, d%10, 'c'+d%7, d%9, d%8)
			seen = append(seen, Seen{Of(strings.ReplaceAll(c.command, "%s", serial), Names{}), []int32{int32(d)}})
		}
		lone := Seen{Of(strings.ReplaceAll(c.command, "%s", "ergmpal"), Names{}), []int32{int32(c.device)}}
		final := Learn(append(seen, lone))
		if final[seen[0].Template] != strings.ReplaceAll(c.command, "%s", "<*>") {
			t.Fatalf("the others became %s", final[seen[0].Template])
		}
		if got := final[lone.Template]; (got == final[seen[0].Template]) != c.learnt {
			t.Errorf("on device %d: %s", c.device, got)
		}
	}
}

// One in fifty numbers of eight hex digits has no letter: beside another place that differs
// it is learnt as those that have one.
func TestHexWithoutLetters(t *testing.T) {
	var seen []Seen
	for i, arguments := range []string{"berlin 0a1b2c3d", "oslo 5f3a9c01", "lyon 99c87766", "porto 7d00e1f2", "turin 12345678"} {
		place, id, _ := strings.Cut(arguments, " ")
		seen = append(seen, Seen{Of("agent.exe --site="+place+" --id="+id, Names{}), []int32{int32(i)}})
	}
	if all := finals(seen); len(all) != 1 || !all["agent.exe --site=<*> --id=<*>"] {
		t.Errorf("%v", all)
	}
}

// What tells programs apart does not, however few devices have each.
func TestNotLearnt(t *testing.T) {
	for command, values := range map[string][]string{
		`powershell.exe -file c:\scripts\%s.ps1`:        {"backup_sql", "cleanup", "inventory", "sync_share", "report2"},
		`wscript c:\scripts\%s_sql.vbs`:                 {"backup", "check", "report", "copy"},
		`c:\programdata\%s\updater.exe`:                 {"acme", "bonzo", "corvid", "delta"},
		`sc.exe start %s /x`:                            {"svc1", "backup2", "evil3", "w32time"},
		`c:\programdata\%s\run.exe`:                     {"app1", "tool2", "evil3", "x4"},
		`sc.exe start %s`:                               {"spooler", "backupd", "evil", "w32time"},
		`taskhostw.exe {%s}`:                            {"222a245b-e637-4ae9-a93f-a59ca119a75e", "0f1e2d3c-1111-2222-3333-444455556666", "a7c73732-6117-4b77-b7b0-3bbaf5a5b5b5"},
		`dllhost.exe /processid:{%s}`:                   {"222a245b-e637-4ae9-a93f-a59ca119a75e", "0f1e2d3c-1111-2222-3333-444455556666", "a7c73732-6117-4b77-b7b0-3bbaf5a5b5b5"},
		`powershell -enc %s`:                            {"SQBFAFgAIABoAGUAbABsAG8A", "SQBFAFgAIABoAGUAbABsAG8B", "SQBFAFgAIABoAGUAbABsAG8C"},
		`curl http://%s/a`:                              {"a1.example", "b2.example", "c3.example", "d4.example"},
		`tool.exe -%s`:                                  {"a1", "b2", "c3", "d4"},
		`tool.exe --%s=1`:                               {"a1", "b2", "c3", "d4"},
		`rundll32.exe %s.dll,run`:                       {"shell1", "advpack", "acme", "zip2"},
		`rundll32.exe acme.dll,%s`:                      {"run1", "start2", "stop3"},
		`agent.exe --unit %s`:                           {"f2ekwhc", "d6nvivm", "monitor"},  // one is no serial
		`agent.exe --host %s`:                           {"f2ekwhc", "d6nvivm", "1zbbyaqk"}, // not of one length
		`agent.exe --node %s`:                           {"f2ekw", "d6nvi", "1zbby"},        // too short
		`agent.exe --machine %s`:                        {"f2ekwhc", "d6nvivm"},             // two show nothing
		`tool1.exe two`:                                 {"", ""},
		`agent.exe --serial=%s`:                         {"a1b2", "c3d4"}, // two devices show nothing
		`agent.exe --device %s`:                         {"34790724", "46372012", "48873267", "48873299", "50987123", "monitor", "x4uhnnq"},
		`msiexec /i http://45.9.148.%s/x`:               {"1", "2", "3", "4"},
		`c:\windows\system32\cmd.exe /c %s -x & exit 0`: {"whoami", "nltest", "ipconfig", "quser"},
	} {
		seen := fleet(command, values...)
		want := map[string]bool{}
		for _, s := range seen {
			want[s.Template] = true
		}
		if got := finals(seen); !maps.Equal(got, want) {
			t.Errorf("%s became %v", command, got)
		}
	}
}

// Devices are counted: the same device with many values, and values on many devices,
// make no slot.
func TestDevicesCount(t *testing.T) {
	one := fleet("agent.exe --id=%s", "a1", "b2", "c3", "d4")
	for i := range one {
		one[i].Devices = []int32{7, 7}
	}
	if len(finals(one)) != 4 {
		t.Error("one device made a slot")
	}
	many := fleet("agent.exe --mode=%s", "a1", "b2", "c3", "evil9")
	for i := range many[:3] {
		many[i].Devices = []int32{1, 2, 3, 4, 5}
	}
	if len(finals(many)) != 4 {
		t.Error("modes made a slot")
	}
}

// A rare argument beside a common one stays rare, whatever the common one looks like.
func TestPlantedStaysRare(t *testing.T) {
	common := make([]int32, 300)
	for i := range common {
		common[i] = int32(i)
	}
	for _, usual := range []string{"full", "a1", "{0F1E2D3C-1111-2222-3333-444455556666}", "12345", "1.2.3.4567", "c:/x/y"} {
		for _, odd := range []string{"evil", "zz9q1x", "http://evil.example/a", "-enc"} {
			seen := []Seen{{Of("agent.exe --to="+usual, Names{}), common}, {Of("agent.exe --to="+odd, Names{}), []int32{5}}}
			if len(finals(seen)) != 2 {
				t.Errorf("%s beside %s: %v", odd, usual, finals(seen))
			}
		}
	}
	tail := fleet(`powershell.exe -file c:\scripts\%s.ps1`, "backup_sql")
	for i := range 40 {
		tail = append(tail, Seen{fmt.Sprintf(`powershell.exe -file c:\scripts\%c%s.ps1`, 'a'+i%26, strings.Repeat("o", 1+i/26)+"job"), []int32{int32(i)}})
	}
	if len(finals(tail)) != 41 {
		t.Errorf("%d scripts, want 41", len(finals(tail)))
	}
}

// randomFleet has agents with serials, constants, and a tail.
func randomFleet(r *rand.Rand, n int) []Seen {
	var seen []Seen
	for d := range n {
		serial := fmt.Sprintf("%c%d%c%d", 'a'+r.IntN(26), r.IntN(1000), 'a'+r.IntN(26), r.IntN(1000))
		for k := range 1 + r.IntN(4) {
			text := []string{"agent.exe --id=" + serial, `c:\x\` + serial + `\run.exe --id=` + serial, "tool.exe --site=" + serial + " /full", fmt.Sprintf("job%d.exe", r.IntN(9))}[k]
			seen = append(seen, Seen{Of(text, Names{}), []int32{int32(d)}})
		}
	}
	return seen
}

// Order, repetition and splitting of what was seen change nothing; what was learnt is
// learnt.
func TestLearnOrder(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 3))
		seen := randomFleet(r, 3+r.IntN(20))
		want := Learn(seen)
		again := append(append([]Seen{}, seen...), seen[:len(seen)/2]...)
		r.Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
		if got := Learn(again); !maps.Equal(got, want) {
			t.Fatalf("seed %d: %v, want %v", seed, got, want)
		}
		for i := range seen {
			seen[i].Template = want[seen[i].Template]
		}
		for from, to := range Learn(seen) {
			if from != to || Of(to, Names{}) != to {
				t.Fatalf("seed %d: %q became %q", seed, from, to)
			}
		}
	}
}

func BenchmarkLearn(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	seen := randomFleet(r, 40_000)
	b.Logf("%d templates", len(Learn(seen)))
	for b.Loop() {
		Learn(seen)
	}
}

// Whatever one device's command has more, in front or behind, or runs instead, no other
// device's command has the same template.
func TestPlantedAnywhere(t *testing.T) {
	letters := "abcdefghijklmnopqrstuvwxyz0123456789"
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 13))
		word := func() string {
			var b strings.Builder
			for range 3 + r.IntN(10) {
				b.WriteByte(letters[r.IntN(len(letters))])
			}
			return b.String()
		}
		seen := randomFleet(r, 40)
		odd := seen[r.IntN(len(seen))].Template
		switch r.IntN(4) {
		case 0:
			odd += " --to=" + word()
		case 1:
			odd = "cmd.exe /c " + odd + " & " + word()
		case 2:
			odd = `c:\users\public\` + word() + ".exe" + odd[strings.Index(odd, ".exe")+4:]
		default:
			odd = strings.Replace(odd, ".exe", ".exe -"+word(), 1)
		}
		odd = Of(odd, Names{})
		final := Learn(append(seen, Seen{odd, []int32{3}}))
		for from, to := range final {
			if from != odd && to == final[odd] {
				t.Fatalf("seed %d: %q fell to %q: %s", seed, odd, from, to)
			}
		}
	}
}

// A number that each device keeps is its own, even where devices share it: a floor, a ring, a
// port of which half have the default. Ones that a device has several of, and a long one that
// stands alone beside a few that all have, tell tasks apart.
func TestNumbersOfDevices(t *testing.T) {
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 17))
		command, draw := []string{"agent.exe -listen 127.0.0.1:%d /x", "agent.exe -ring %d -full", "agent.exe /floor:%d"}[seed%3], func() int { return 1 + r.IntN(9) }
		ports := seed%2 == 1
		if ports {
			command = []string{"agent.exe -listen 127.0.0.1:%d", "agent.exe --port %d", "agent.exe --port=%d /x"}[seed%3]
			draw = func() int { return []int{8443, 9443, 4505, 49152 + r.IntN(9999), 49152 + r.IntN(9999)}[r.IntN(5)] }
		}
		devices := 40 + r.IntN(200)
		own, several, few := []Seen{}, []Seen{}, []Seen{}
		at := func(n, d int) Seen { return Seen{Of(fmt.Sprintf(command, n), Names{}), []int32{int32(d)}} }
		for d := range devices {
			own = append(own, at(draw(), d))
			for range 3 {
				several = append(several, at(draw(), d))
			}
			few = append(few, at([]int{8443, 9443, 4505, 8080}[r.IntN(4)], d))
		}
		few = append(few, at(4444, 7))
		if got := finals(own); len(got) != 1 {
			t.Fatalf("seed %d: of one number a device became %v", seed, got)
		}
		if got := finals(several); !ports && len(got) < 3 {
			t.Fatalf("seed %d: of several a device became %v", seed, got)
		}
		if got := finals(few); ports && len(got) != 5 {
			t.Fatalf("seed %d: a port of one device beside those of all became %v", seed, got)
		}
	}
}

// Base64 that happens to have no digit and no sign is base64 all the same; words put together
// are none.
func TestBase64OfLetters(t *testing.T) {
	letters := "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	r := rand.New(rand.NewPCG(1, 19))
	missed := 0
	for range 1000 {
		text := make([]byte, 32)
		for i := range text {
			text[i] = letters[r.IntN(len(letters))]
		}
		if got := Of("print.exe --token "+string(text), Names{}); got != "print.exe --token <base64>" {
			missed++
		}
	}
	if missed > 250 { // with so few changes of case it could be words
		t.Errorf("%d of 1000 are none", missed)
	}
	for _, words := range []string{"BootstrapUsageDataReporting", "UpdateSoftwareInventoryW", "DoScheduledTelemetryRunNowX", "StateRepositoryDoMaintenanceTasks", "WindowsStateRepositoryClientX", "McAfeeDlpAgentSvcHostProcess"} {
		for cut := range 4 {
			if got := Of("run.exe "+words[cut:], Names{}); strings.Contains(got, "<base64>") {
				t.Errorf("%s became %s", words[cut:], got)
			}
		}
	}
}

// What is made of one letter or hardly more is no base64, however long it is: case and padding
// say nothing there.
func TestRunsOfOneLetterAreNoBase64(t *testing.T) {
	for _, run := range []string{
		strings.Repeat("A", 24), strings.Repeat("A", 40), strings.Repeat("g", 24), strings.Repeat("A", 22) + "==", strings.Repeat("AQ", 12), strings.Repeat("zZ1", 8), strings.Repeat("wAAAAAAA", 4),
	} {
		if got := Of("fill.exe /x "+run+" y", Names{}); got != "fill.exe /x "+strings.ToLower(run)+" y" {
			t.Errorf("%s became %s", run, got)
		}
	}
	if got := Of("x.exe YQBhAGEAYQBhAGEAYQBhAGEA", Names{}); got != "x.exe <base64>" { // nine times a in UTF-16
		t.Error(got)
	}
}
