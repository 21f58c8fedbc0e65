package realistic

import (
	"net/netip"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// talk makes the calls of one process.
func (m *machine) talk(r *run, n *node, p *sample.Process, s *session) {
	for _, c := range n.calls {
		if c.share > 0 && !r.d.chance(c.share) {
			continue
		}
		if c.every > 0 {
			m.stayAndTalk(r, c, p, s)
			continue
		}
		m.talkOnce(r, c, p, s)
	}
}

// talkOnce makes the contacts of one run early in the process' life.
func (m *machine) talkOnce(r *run, c call, p *sample.Process, s *session) {
	times := 1
	if c.times[1] > 0 {
		times = r.d.within(c.times[0], c.times[1])
	}
	length := min(p.End-p.Start, 20*minute)
	at := p.Start + r.d.between(length/50, length/2)
	for range times {
		m.contact(r, c, p, at, s)
		at += r.d.between(0, (p.Start+length-at)/2)
	}
}

// stayAndTalk makes contacts again and again while the process lives and the device is awake.
func (m *machine) stayAndTalk(r *run, c call, p *sample.Process, s *session) {
	at := p.Start + r.d.between(2*second, c.every/2+3*second)
	for at < min(p.End, m.w.to) {
		if at >= m.w.from && m.isAwake(at) {
			m.contact(r, c, p, at, s)
		}
		at += shaken(r.d, c.every, c.jitter)
	}
}

// shaken is a length of time that differs by the share jitter to both sides.
func shaken(d dice, length Time, jitter float64) Time {
	return max(second, length+Time(float64(length)*jitter*(2*d.Float64()-1)))
}

// contact is one lookup with its connection. Where a device goes through a proxy, that
// is all that it shows of a call to the outside.
func (m *machine) contact(r *run, c call, p *sample.Process, at Time, s *session) {
	if at >= p.End {
		return
	}
	where := c.to
	proxied := m.proxy != nil && !where.internal
	host := ""
	if len(where.hosts) > 0 {
		host = r.fill(pick(r.d, where.hosts))
	}
	if host != "" && !c.silent && !proxied && r.d.chance(0.93) || c.dns {
		m.lookup(p, at, host, where, c.dns, s)
		at += r.d.between(8*millisecond, 60*millisecond)
	}
	if c.dns || len(where.addrs) == 0 {
		return
	}
	peer, reverse := netip.AddrPortFrom(pick(r.d, where.addrs), where.port), where.reverse
	if proxied {
		peer, reverse = *m.proxy, ""
	}
	m.connect(r, p, min(at, p.End), peer, host, reverse)
}

func (m *machine) lookup(p *sample.Process, at Time, host string, where *place, bare bool, s *session) {
	q := sample.Remote{Query: host, Alias: where.alias, Addresses: where.addrs}
	if bare && len(where.addrs) == 0 {
		q.Status = 9003 // no such name
	}
	m.events = append(m.events, sample.Event{Kind: sample.Lookup, Process: p, At: at, Remote: q, Resolver: s.services["dnscache"]})
}

func (m *machine) connect(r *run, p *sample.Process, at Time, peer netip.AddrPort, host, reverse string) {
	remote := sample.Remote{Peer: peer, PeerName: reverse, URL: host, Local: netip.AddrPortFrom(m.Addr, uint16(49152+r.d.IntN(16000)))}
	remote.Failed = r.d.chance(0.02)
	m.events = append(m.events, sample.Event{Kind: sample.Connect, Process: p, At: at, Remote: remote})
}
