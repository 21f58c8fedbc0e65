package sample

import (
	"fmt"
	"net/netip"
)

const domain = "corp.example"

var (
	places     = []string{"LON", "VIE", "OSL", "MAD", "DUB", "RIX", "LYS", "GOT"}
	roles      = []string{"WS", "WS", "WS", "NB", "NB", "SRV"}
	givenNames = []string{"anna", "ben", "carla", "david", "elif", "frank", "grace", "hugo", "ines", "jonas", "kaya", "lena", "milan", "nora", "otto", "paula", "quentin", "rosa", "sven", "tara", "ulla", "viktor", "wanda", "yusuf", "zoë"}
	systemDirs = []string{`C:\Windows`, `C:\Windows`, `C:\windows`, `C:\WINDOWS`}
)

// newDevice makes the machine of the given number.
func newDevice(index int, d dice) *Device {
	dev := &Device{
		Index:      index,
		Name:       fmt.Sprintf("%s-%s%04d.%s", pick(d, places), pick(d, roles), index+1, domain),
		ID:         d.text(40, hexDigits),
		Machine:    d.Uint32(),
		UpperGUIDs: d.chance(0.5),
		UniqueIDs:  d.chance(0.5),
		Addr:       netip.AddrFrom4([4]byte{10, byte(16 + index/64000), byte(index / 250), byte(2 + index%250)}),
		userName:   fmt.Sprintf("%s.%c%d", pick(d, givenNames), 'a'+d.IntN(26), index+1),
		systemRoot: pick(d, systemDirs),
	}
	dev.Addr6 = linkLocal(d.Uint64())
	dev.home = `C:\Users\` + dev.userName
	dev.Skew = clockSkew(d)
	return dev
}

// linkLocal returns the address fe80::/64 with the given interface identifier.
func linkLocal(id uint64) netip.Addr {
	a := [16]byte{0: 0xfe, 1: 0x80}
	for i := range 8 {
		a[8+i] = byte(id >> (56 - 8*i))
	}
	return netip.AddrFrom16(a)
}

// clockSkew follows what public Sysmon captures show: connection times run on a
// clock of their own, mostly right, on some machines seconds and on a few hours off.
func clockSkew(d dice) Time {
	switch share := d.Float64(); {
	case share < 0.80:
		return 0
	case share < 0.97:
		return d.between(-40*second, 20*second)
	default:
		return d.between(-6*hour, -4*hour)
	}
}

var (
	systemAccount  = Account{"NT AUTHORITY", "SYSTEM", "S-1-5-18", 0x3e7, 0, "System"}
	localService   = Account{"NT AUTHORITY", "LOCAL SERVICE", "S-1-5-19", 0x3e5, 0, "System"}
	networkService = Account{"NT AUTHORITY", "NETWORK SERVICE", "S-1-5-20", 0x3e4, 0, "System"}
)

// user returns the account of the person who works at the device.
func (dev *Device) user() Account {
	return Account{"CORP", dev.userName, fmt.Sprintf("S-1-5-21-1085031214-1563985344-725345543-%d", 1200+dev.Index), 0x4d000 + dev.Machine&0xffff, 1, "Medium"}
}
