package realistic

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// class is the kind of a device: when it is on, and whether people work at it.
type class string

const (
	server   class = "server"
	tower    class = "tower"    // a workstation that is never switched off
	desktop  class = "desktop"  // off at night
	notebook class = "notebook" // asleep at night and now and then
)

const workstation class = "workstation"

// base is server or workstation.
func (c class) base() class {
	if c == server {
		return server
	}
	return workstation
}

// trait is what some devices have and a channel may need.
type trait string

const (
	proxied      trait = "proxied"
	hidesParents trait = "hides parents"
)

// machine is one device of the fleet with all that it does.
type machine struct {
	*sample.Device
	w          *world
	class      class
	born       Time // when it joined the fleet; before the log for most
	short      string
	user, home string
	systemRoot string
	serial     string
	proxy      *netip.AddrPort
	sensor     sensor
	awake      []interval
	sessions   []*session
	values     map[string]string

	processes []*sample.Process
	events    []sample.Event
	runs      []taskRun
	changes   []taskChange
	installed []install
	calls     []sample.Event // of other machines
	entries   []networkLogon // likewise
	injected  []injection
}

var (
	cities  = []string{"LON", "VIE", "OSL", "MAD", "DUB", "RIX", "LYS", "GOT"}
	given   = []string{"anna", "ben", "carla", "david", "elif", "frank", "grace", "hugo", "ines", "jonas", "kaya", "lena", "milan", "nora", "otto", "paula", "quentin", "rosa", "sven", "tara", "ulla", "viktor", "wanda", "yusuf", "zoë", "mei", "omar", "petra"}
	family  = []string{"adler", "berg", "costa", "dahl", "engel", "falk", "gruber", "holm", "ivanov", "jensen", "keller", "lindt", "moser", "novak", "olsen", "petrov", "quist", "rossi", "silva", "thorne", "urban", "vogel", "weber", "young", "zimmer"}
	folders = []string{`C:\Windows`, `C:\Windows`, `C:\windows`, `C:\WINDOWS`}
)

// newMachine makes the device of a number, idle so far.
func newMachine(w *world, index int) *machine {
	d := diceFor(w.cfg.Seed, "device", fmt.Sprint(index))
	m := &machine{w: w, class: []class{server, tower, desktop, notebook}[d.weighted([]int{10, 30, 25, 35})], values: map[string]string{}}
	m.name(d, index)
	m.ID = d.text(40, hexDigits)
	m.Machine, m.UpperGUIDs, m.UniqueIDs = d.Uint32(), d.chance(0.3), d.chance(0.5)
	m.Addr = netip.AddrFrom4([4]byte{10, byte(16 + index/64000), byte(index / 250), byte(2 + index%250)})
	m.Addr6 = netip.MustParseAddr(fmt.Sprintf("fe80::%x:%x", d.IntN(65536), 1+d.IntN(65000)))
	m.Skew = skew(d)
	m.systemRoot, m.serial = pick(d, folders), serialNumber(d)
	m.born = w.born(index)
	if d.chance(0.15) {
		m.proxy = &w.proxies[index%len(w.proxies)]
	}
	m.sensor = newSensor(w, d)
	m.sensor.hidesParents = m.sensor.hidesParents || w.forced[index] == hidesParents
	if w.forced[index] == proxied && m.proxy == nil {
		m.proxy = &w.proxies[0]
	}
	m.live(d)
	return m
}

func (m *machine) name(d dice, index int) {
	m.short = fmt.Sprintf("%s-%s%04d", pick(d, cities), map[class]string{server: "SRV", tower: "WS", desktop: "WS", notebook: "NB"}[m.class], index+1)
	m.user = pick(d, given) + "." + pick(d, family)
	if d.chance(0.3) {
		m.user += fmt.Sprint(d.within(2, 9))
	}
	m.home = `C:\Users\` + m.user
	m.Device = &sample.Device{Index: index, Name: m.short + "." + companyDomain}
}

// born is when a device joined the fleet: the last of the numbers do so within the log,
// one a day and 1,000 devices.
func (w *world) born(index int) Time {
	late := (w.cfg.Days*w.cfg.Devices + 999) / 1000
	if index < w.cfg.Devices-min(late, w.cfg.Devices/5) {
		return 0
	}
	return diceFor(w.cfg.Seed, "born", fmt.Sprint(index)).between(w.from, w.to-4*hour)
}

// skew is how far the clock of connections is off: mostly not, as captures show.
func skew(d dice) Time {
	switch share := d.Float64(); {
	case share < 0.88:
		return 0
	case share < 0.99:
		return d.between(-20*second, 10*second)
	}
	return d.between(-3*hour, -hour)
}

func serialNumber(d dice) string {
	if d.chance(0.5) {
		return d.text(7, upperAlnum)
	}
	return d.text(d.within(8, 10), digits)
}

// dice are the dice of one thing on this device.
func (m *machine) dice(names ...string) dice {
	return diceFor(m.w.cfg.Seed, append(names, "on", fmt.Sprint(m.Index))...)
}

// stable is a value that is the same on this device for one kind at all times.
func (m *machine) stable(what, of string, throw func(dice) string) string {
	key := what + " " + of
	if _, known := m.values[key]; !known {
		m.values[key] = throw(m.dice(what, of))
	}
	return m.values[key]
}

// person is the account of who works at the device, on a server of who looks after it.
func (m *machine) person() sample.Account {
	return sample.Account{Domain: "CORP", Name: m.user, SID: fmt.Sprintf("S-1-5-21-1085031214-1563985344-725345543-%d", 1200+m.Index), LogonID: 0x4d000 + m.Machine&0xffff, Session: 1, Integrity: "Medium"}
}

func (m *machine) account(a account, parent *sample.Process) sample.Account {
	switch a {
	case asLocalService:
		return localService
	case asNetworkService:
		return networkService
	case asUser:
		return m.person()
	case asAdmin:
		return sample.Account{Domain: "CORP", Name: "svc-tasks", SID: "S-1-5-21-1085031214-1563985344-725345543-1105", LogonID: 0x9a000 + m.Machine&0xfff, Integrity: "High"}
	case inherit:
		if parent != nil && parent.Depth > 0 {
			return parent.User
		}
	}
	return systemAccount
}

// build is the version of Windows on the device at a time.
func (m *machine) build(at Time) string {
	old := m.w.builds[m.Index%2]
	if at >= m.w.patch+m.dice("patch").between(0, 4*day) {
		return m.w.builds[2]
	}
	return old
}

// isWindows reports whether a file is part of Windows.
func isWindows(image string) bool {
	return strings.HasPrefix(image, `C:\Windows\`) && !strings.Contains(image, `\Temp\`) && !strings.Contains(image, `\Tasks\`)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
