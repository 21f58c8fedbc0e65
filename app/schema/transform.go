package schema

import (
	"bytes"
	"math"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// hashNames are the digests of Sysmon's Hashes field, the strongest first. IMPHASH
// is none of the file: many files share one.
var hashNames = []string{"SHA256=", "SHA1=", "MD5="}

// setHash takes the strongest digest: the value itself, or one out of
// "SHA1=..,MD5=..,SHA256=..,IMPHASH=..".
func setHash(d *draft, v []byte) bool {
	if bytes.IndexByte(v, '=') >= 0 {
		v = strongestHash(v)
	}
	if len(v) == 0 {
		return false
	}
	d.hash = d.symbols.Fold(d.symbols.Intern(v))
	return true
}

func strongestHash(list []byte) []byte {
	for _, name := range hashNames {
		for rest := list; len(rest) > 0; {
			part, after, _ := bytes.Cut(rest, []byte(","))
			if len(part) > len(name) && bytes.EqualFold(part[:len(name)], []byte(name)) {
				return part[len(name):]
			}
			rest = after
		}
	}
	return nil
}

// setInitiated takes Sysmon's Initiated: true when the process opened the
// connection, false when it accepted one.
func setInitiated(d *draft, v []byte) bool {
	switch {
	case bytes.EqualFold(v, []byte("true")):
		d.initiated = yes
	case bytes.EqualFold(v, []byte("false")):
		d.initiated = no
	default:
		return false
	}
	return true
}

func setDirection(d *draft, v []byte) bool {
	switch {
	case containsFold(v, "outbound"):
		d.direction = event.Outbound
	case containsFold(v, "inbound"):
		d.direction = event.Inbound
	default:
		return false
	}
	return true
}

// setActionDirection reads Defender's ActionType: Inbound..., Listening..., the
// four outcomes of an own connection; inspected traffic has no side.
func setActionDirection(d *draft, v []byte) bool {
	switch {
	case containsFold(v, "inbound"), hasPrefixFold(v, "connectionacknowledged"):
		d.direction = event.Inbound
	case hasPrefixFold(v, "listening"):
		d.direction = event.Listen
	case hasPrefixFold(v, "connection"):
		d.direction = event.Outbound
	}
	return true
}

// setStateDirection reads the state of Endpoint.Ports. It counts only where nothing
// says otherwise: the Defender add-on (Splunkbase 5518) has "listening" in every row.
func setStateDirection(d *draft, v []byte) bool {
	d.listening = containsFold(v, "listen")
	return d.listening
}

// setTransport takes the protocol: tcp, udp; Defender also writes TcpV4.
func setTransport(d *draft, v []byte) bool {
	switch {
	case hasPrefixFold(v, "tcp"):
		v = []byte("tcp")
	case hasPrefixFold(v, "udp"):
		v = []byte("udp")
	}
	d.transport = d.symbols.Fold(d.symbols.Intern(v))
	return true
}

// setURL takes a URL and, unless the destination's name is known, its host.
func setURL(d *draft, v []byte) bool { return d.setURL(&d.to, v) }

// setRemoteURL takes Defender's RemoteUrl, a host or https://host/path.
func setRemoteURL(d *draft, v []byte) bool { return d.setURL(&d.remote, v) }

func (d *draft) setURL(to *endpoint, v []byte) bool {
	d.url = d.symbols.Intern(v)
	if to.host == event.NoSym {
		to.host = d.symbols.Intern(urlHost(v))
	}
	return true
}

// URLHost is the host of a URL or of a bare host[:port][/path], "" of neither.
func URLHost(u string) string { return string(urlHost([]byte(u))) }

// urlHost returns the host of a URL or of a bare host[:port][/path].
func urlHost(u []byte) []byte {
	if i := bytes.Index(u, []byte("://")); i >= 0 {
		u = u[i+3:]
	}
	if i := bytes.IndexAny(u, "/?#"); i >= 0 {
		u = u[:i]
	}
	if i := bytes.LastIndexByte(u, '@'); i >= 0 {
		u = u[i+1:]
	}
	if len(u) > 0 && u[0] == '[' {
		if i := bytes.IndexByte(u, ']'); i > 0 {
			return u[1:i]
		}
	}
	if i := bytes.IndexByte(u, ':'); i >= 0 && bytes.LastIndexByte(u, ':') == i {
		u = u[:i]
	}
	return u
}

func setWeight(d *draft, v []byte) bool {
	n, ok := numberOf(v)
	if !ok || n == 0 || n > math.MaxUint32 {
		return false
	}
	d.weight = uint32(n)
	return true
}
