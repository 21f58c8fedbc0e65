package destination

import (
	"net/netip"
	"slices"
)

// What makes an inside address and port a way out: so many devices, at least this share
// of the fleet, call it from so many programs; that of a branch, which a smaller share has,
// from twice as many. A web server of the house is called by many devices' browsers; a
// proxy by whatever has something to say.
const (
	WayDevices  = 5
	WayShare    = 10 // per cent
	WayPrograms = 8
)

// services are the ports of directories, names, files, printers and remote control:
// many programs call them on every device, and none gets out through them. From 49152 on
// they are those of RPC (RFC 6335).
var services = []uint16{53, 67, 88, 123, 135, 137, 138, 139, 161, 389, 445, 464, 514, 515, 593, 631, 636, 853, 3268, 3269, 3389, 5355, 5985, 5986, 9100, 9389}

// Ways finds proxies by their use. Order and repetition do not matter. It is not safe
// for concurrent use; Merge puts together what was collected apart.
type Ways struct {
	uses map[netip.AddrPort]*use
}

type use struct{ devices, programs sketch }

// Way is an address and port that is a way out, and who uses it. Numbers above 256 are
// estimates, within some 6 %.
type Way struct {
	At                netip.AddrPort
	Devices, Programs int
}

// NewWays returns ways that know nothing.
func NewWays() *Ways { return &Ways{uses: make(map[netip.AddrPort]*use)} }

// Add notes that a program of a device called an address and port. Devices are numbers;
// programs are hashes of their template or image, equal for equal programs on all
// devices. What cannot be a way out is passed over: addresses outside, of the device
// itself or its link, and ports of services.
func (w *Ways) Add(at netip.AddrPort, device int32, program uint64) {
	if at = netip.AddrPortFrom(plain(at.Addr()), at.Port()); !isCandidate(at) {
		return
	}
	u := w.of(at)
	u.devices.add(mix(uint64(uint32(device))))
	u.programs.add(mix(program))
}

func (w *Ways) of(at netip.AddrPort) *use {
	u := w.uses[at]
	if u == nil {
		u = new(use)
		w.uses[at] = u
	}
	return u
}

// shared are the addresses that carriers share among customers (RFC 6598).
var shared = netip.MustParsePrefix("100.64.0.0/10")

func isCandidate(at netip.AddrPort) bool {
	inside := at.Addr().IsPrivate() || shared.Contains(at.Addr())
	return inside && at.Port() != 0 && at.Port() < 49152 && !slices.Contains(services, at.Port())
}

// Merge adds what others saw; devices and programs have the same numbers in both.
func (w *Ways) Merge(other *Ways) {
	for at, theirs := range other.uses {
		u := w.of(at)
		u.devices.merge(theirs.devices)
		u.programs.merge(theirs.programs)
	}
}

// Out returns the ways out of a fleet of so many devices, in order of their addresses.
func (w *Ways) Out(fleet int) []Way {
	var out []Way
	for at, u := range w.uses {
		way := Way{at, u.devices.count(), u.programs.count()}
		programs := WayPrograms
		if way.Devices*100 < fleet*WayShare {
			programs *= 2
		}
		if way.Devices < WayDevices || way.Programs < programs {
			continue
		}
		out = append(out, way)
	}
	slices.SortFunc(out, func(a, b Way) int { return a.At.Compare(b.At) })
	return out
}

// sketch counts distinct hashes: exactly up to its size, then by the smallest ones
// (k minimum values: Bar-Yossef and others, RANDOM 2002). Any order gives the same.
type sketch []uint64 // in order, each once

const sketchSize = 256

func (s *sketch) add(hash uint64) {
	at, seen := slices.BinarySearch(*s, hash)
	if seen || at == sketchSize {
		return
	}
	if len(*s) == sketchSize {
		*s = (*s)[:sketchSize-1]
	}
	*s = slices.Insert(*s, at, hash)
}

func (s *sketch) merge(other sketch) {
	for _, hash := range other {
		s.add(hash)
	}
}

func (s sketch) count() int {
	if len(s) < sketchSize {
		return len(s)
	}
	return int(float64(sketchSize-1) / (float64(s[sketchSize-1]) / (1 << 64)))
}

// mix spreads numbers over all hashes, each to one of its own (SplitMix64: Steele and
// others, OOPSLA 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
