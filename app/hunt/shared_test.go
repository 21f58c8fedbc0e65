package hunt

import (
	"fmt"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
	"github.com/schtaskhunt/schtaskhunt/app/tree"
)

// A content network's address stands for many names. A common task of which a lookup is lost
// does not depart by the name that another task got the same address for, nor by the address;
// an address that stands for one name, or for none, is a departure as before.
func TestSharedAddressesAreNoDepartures(t *testing.T) {
	const cdn, lone, bare = "93.184.216.200", "198.51.100.7", "198.51.100.8"
	image := `C:\Program Files\Alpha\update.exe`
	connect := func(l *logLines, device string, at int, image, id, ip string) {
		l.write(3, device, at, map[string]any{"ProcessGuid": id, "ProcessId": "1", "Image": image, "Protocol": "tcp", "Initiated": "true",
			"DestinationIp": ip, "DestinationPort": "443", "SourceIp": "10.0.0.9", "SourcePort": "40001"})
	}
	rows := func(ip string) string {
		l := &logLines{}
		for n := range 40 {
			l.benign(n)
			device := fmt.Sprintf("WS%04d.corp.example", n)
			id := l.task(device, dayBegins+3*day+700, image, `"`+image+`" /device:5ccd0003 /day:2026-11-04`)
			l.call(device, dayBegins+3*day+702, image, id, "cdn.alpha.com", cdn)
		}
		const device = "WS0009.corp.example"
		other := l.task(device, dayBegins+6*day+3000, `C:\Program Files\Rare\r.exe`, `"C:\Program Files\Rare\r.exe" /x`)
		l.call(device, dayBegins+6*day+3002, `C:\Program Files\Rare\r.exe`, other, "files.rare-vendor.com", cdn)
		id := l.task(device, dayBegins+6*day+4000, image, `"`+image+`" /device:5ccd0003 /day:2026-11-07`)
		connect(l, device, dayBegins+6*day+4002, image, id, ip)
		var all strings.Builder
		for _, r := range huntLines(t, l.lines, 1, "output=findings", "max_devices=0") {
			if strings.HasPrefix(r.Get("root_template"), `c:\program files\alpha\`) {
				all.WriteString(r.Get("why") + "\n")
			}
		}
		return all.String()
	}
	if why := rows(cdn); strings.Contains(why, "departs") || strings.Contains(why, "rare-vendor") || strings.Contains(why, "address +") {
		t.Errorf("a shared address: %s", why)
	}
	for _, ip := range []string{lone, bare} {
		if why := rows(ip); !strings.Contains(why, "departs +") || !strings.Contains(why, ip) {
			t.Errorf("%s: %s", ip, why)
		}
	}
}

// The names of a device's people are found within arguments, where they are no plain words.
func TestPeopleWithinArguments(t *testing.T) {
	people := map[string]bool{"yara.zouk": true, "u93881": true, "backup": true, "svc_app": true, "93881": true, "a.b": true}
	n := &namer{folds: make(map[event.Sym]string), people: people, odd: oddOnes(people)}
	for command, want := range map[string]string{
		`agent.exe --job yara.zouk-<date>-<time>`:  `agent.exe --job <user>-<date>-<time>`,
		`agent.exe c:\data\u93881\x u93881@<host>`: `agent.exe c:\data\<user>\x <user>@<host>`,
		`agent.exe c:\data\u938810\x`:              `agent.exe c:\data\u938810\x`,
		`c:\u93881\u93881.exe u93881`:              `c:\<user>\u93881.exe <user>`,
		`agent.exe backup-<date> backup`:           `agent.exe backup-<date> <user>`,
		`u93881 yara.zouk.example.com`:             `u93881 yara.zouk.example.com`,
		`agent.exe x93881-1 a.b-c svc_app_svc_app`: `agent.exe x93881-1 a.b-c <user>_<user>`,
	} {
		got := string(n.anybody([]byte(command), 0))
		if got != want || string(n.anybody([]byte(got), 0)) != got {
			t.Errorf("%s: %s, want %s", command, got, want)
		}
	}
}

// A mapper that stands apart on a device is a resolver of its own; all other spellings of the
// device's name are one.
func TestTasksOfAMapperAreItsOwn(t *testing.T) {
	symbols := event.NewSymbols()
	command := symbols.Intern([]byte(`c:\tools\sync.exe`))
	const upper, lower, mapper = event.Sym(101), event.Sym(102), event.Sym(103)
	roster := &identity.Roster{}
	for _, device := range []event.Sym{upper, lower, mapper} {
		a := identity.Actor{}
		a.Device, a.Self.Command = device, command
		roster.Actors = append(roster.Actors, a)
	}
	n := &namer{folds: make(map[event.Sym]string),
		symbols: symbols, roster: roster, forest: &tree.Forest{Kind: make([]uint8, 3), Kinds: make([]tree.Kind, 1)}, tasks: make(map[taskOf]int32), runs: make(map[int32]int32),
		isApart: func(device event.Sym) bool { return device == mapper },
	}
	if a, b, c := n.task(0), n.task(1), n.task(2); a != b || b == c {
		t.Errorf("resolvers are %d and %d, of the mapper %d", a, b, c)
	}
}
