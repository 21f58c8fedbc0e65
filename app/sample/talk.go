package sample

import (
	"net/netip"
	"strings"
)

// talk makes the connections and lookups that one run of a program wants. A
// long-lived program does its talking in the first half day.
func (s *simulation) talk(p *Process, wants []call, plant *plant) {
	s.talkWithin(p, wants, plant, p.Start, min(p.End, s.to, p.Start+12*hour))
}

func (s *simulation) talkWithin(p *Process, wants []call, plant *plant, from, to Time) {
	for _, c := range wants {
		if c.share == 0 || s.d.chance(c.share) {
			s.call(p, c, s.siteOf(c.site, plant), from, to)
		}
	}
}

// call makes the events of one call between from and to, which lie in the
// process' life: the lookup, then the connections.
func (s *simulation) call(p *Process, c call, where site, from, to Time) {
	length := to - from
	at := from + s.d.between(min(length/8, 20*millisecond), length/3)
	if where.name != "" && !c.silent && !c.inbound {
		s.lookup(p, at, where)
		at += s.d.between(0, min(60*millisecond, length/10))
	}
	if len(where.addrs) == 0 {
		return
	}
	for range max(1, c.times) {
		s.connect(p, at, where, c)
		at += s.d.between(0, (to-at)/3)
	}
}

func (s *simulation) siteOf(name string, plant *plant) site {
	if plant != nil {
		if where, known := plant.site(name); known {
			return where
		}
	}
	return sites[name]
}

func (s *simulation) lookup(p *Process, at Time, where site) {
	r := Remote{Query: where.name, Alias: where.alias, Addresses: where.addrs}
	if len(where.addrs) == 0 {
		r.Status = nameError
	}
	s.add(Event{Kind: Lookup, Process: p, At: at, Remote: r})
}

// nameError is the DNS status for a name that does not exist, as Windows counts.
const nameError = 9003

func (s *simulation) connect(p *Process, at Time, where site, c call) {
	r := Remote{Peer: where.peer(s.d), PeerName: where.reverse, UDP: where.udp, Inbound: c.inbound}
	own := s.dev.Addr
	if a := r.Peer.Addr(); a.IsLoopback() {
		own = a
	} else if a.Is6() {
		own = s.dev.Addr6
	}
	r.Local = netip.AddrPortFrom(own, uint16(49152+s.d.IntN(16000)))
	if c.inbound {
		r.Peer, r.Local = netip.AddrPortFrom(r.Peer.Addr(), r.Local.Port()), netip.AddrPortFrom(own, r.Peer.Port())
	}
	if !c.inbound && where.name != "" && !c.silent {
		r.URL = where.name
		if where.port == 443 && strings.Contains(where.name, "update") {
			r.URL = "https://" + where.name
		}
	}
	r.Failed = p.Plant == "" && !c.inbound && s.d.chance(0.04)
	s.add(Event{Kind: Connect, Process: p, At: at, Remote: r})
}
