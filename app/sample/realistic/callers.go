package realistic

import (
	"fmt"
	"net/netip"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// door is a port at which other machines call, and the process that listens there.
type door struct {
	port  uint16
	owner string // the service
}

var doorRPC, doorSMB, doorWinRM = door{135, "rpcss"}, door{445, "system"}, door{5985, "system"}

// doors are those that a preset's remote runs come through.
var doors = map[string]door{"wmi": doorRPC, "winrm": doorWinRM, "dcom": doorRPC, "service": doorSMB}

// remoteStories are the channels that came from another machine.
var remoteStories = map[string]bool{"service-random": true, "service-shell": true, "wmi-exec": true, "winrm-session": true, "winrm-download": true, "dcom-console": true}

// remoteShares are how many of a preset's benign kinds are administration from elsewhere: all
// of WinRM's, and few services.
var remoteShares = map[string]float64{"wmi": 0.4, "winrm": 1, "dcom": 0.2, "service": 0.1}

// callEvery is how often a device is called without anything being started: monitoring, and
// shares that others look into.
const callEvery = 5 * hour

// logonEvery is how often an account logs on to a device without anything being started.
const logonEvery = 3 * hour

// callers makes the calls and logons of other machines, those right before what they start and
// those for nothing.
func (m *machine) callers() {
	if !m.w.cfg.Roots {
		return
	}
	sessions := map[*sample.Process]uint32{}
	for i := range m.runs {
		r := &m.runs[i]
		if way, is := doors[r.k.under]; is && r.k.isRemote(m.w) {
			d := m.dice("caller", r.k.id, fmt.Sprint(i))
			m.called(d, way, m.w.caller(r.k), r.root.Start-d.between(100*millisecond, 3*second))
			m.logonFor(d, r, m.w.caller(r.k), sessions)
		}
	}
	m.enter(sessions)
	d := m.dice("callers")
	for at := m.w.from + d.wait(callEvery); at < m.w.to; at += d.wait(callEvery) {
		m.called(d, pick(d, []door{doorRPC, doorSMB, doorWinRM}), m.w.manager(), at)
	}
	d = m.dice("logons for nothing")
	for at := m.w.from + d.wait(logonEvery); at < m.w.to; at += d.wait(logonEvery) {
		m.logonForNothing(d, at)
	}
}

// isRemote reports whether runs of a kind are started from another machine.
func (k *kind) isRemote(w *world) bool {
	if p := k.editions[0].plant; p != nil {
		return remoteStories[p.kind]
	}
	return diceFor(w.cfg.Seed, "remote", k.id).chance(remoteShares[k.under])
}

// caller is the machine that starts a kind's runs: for a channel some machine of the fleet, else
// that of the administrators.
func (w *world) caller(k *kind) netip.Addr {
	if k.editions[0].plant == nil {
		return w.manager()
	}
	d := diceFor(w.cfg.Seed, "caller", k.id)
	return netip.AddrFrom4([4]byte{10, 16, byte(w.cfg.Devices / 250), byte(d.within(2, 240))})
}

// manager is the address of the administrators' machine, which is no device of the fleet.
func (w *world) manager() netip.Addr { return netip.AddrFrom4([4]byte{10, 8, 0, 10}) }

// called writes a call down, where the device is awake and something listens.
func (m *machine) called(d dice, way door, from netip.Addr, at Time) {
	s := m.session(at)
	if s == nil || !m.isAwake(at) || s.services[way.owner] == nil || at <= s.services[way.owner].Start || from == m.Addr {
		return
	}
	m.calls = append(m.calls, sample.Event{Kind: sample.Connect, Process: s.services[way.owner], At: at, Remote: sample.Remote{
		Inbound: true, Peer: netip.AddrPortFrom(from, uint16(49152+d.IntN(16000))), Local: netip.AddrPortFrom(m.Addr, way.port)}})
}
