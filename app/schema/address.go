package schema

import (
	"bytes"
	"cmp"
	"math"
	"net/netip"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// setAddress takes an IP address in any spelling (Sysmon writes IPv6 long). Other
// text is a host name, or an address with its port: some sources put these there.
func setAddress(d *draft, to *endpoint, v []byte) bool {
	if addr, ok := parseIPv4(bytes.TrimPrefix(v, mappedIPv4)); ok {
		to.addr = event.NewAddress(addr)
		return true
	}
	v = once(v)
	text := string(bytes.TrimSpace(v))
	addr, err := netip.ParseAddr(text)
	if err == nil {
		to.addr = event.NewAddress(addr)
		return true
	}
	if both, err := netip.ParseAddrPort(text); err == nil {
		to.addr = event.NewAddress(both.Addr())
		to.port = cmp.Or(to.port, both.Port())
		return true
	}
	return setSym(d, &to.host, v)
}

// mappedIPv4 is before an IPv4 address in the form of IPv6.
var mappedIPv4 = []byte("::ffff:")

// parseIPv4 reads the plain spelling of most addresses without a string for each.
func parseIPv4(v []byte) (addr netip.Addr, ok bool) {
	var octets [4]byte
	for i := range octets {
		part, rest, more := bytes.Cut(v, []byte("."))
		if more != (i < 3) || len(part) > 1 && part[0] == '0' {
			return addr, false
		}
		n, valid := decimal(part, 3)
		if !valid || n > 255 {
			return addr, false
		}
		octets[i], v = byte(n), rest
	}
	return netip.AddrFrom4(octets), true
}

// allDigits is how many decimal digits always fit into 64 bits.
const allDigits = 19

// decimal reads a number of at most digits decimal digits.
func decimal(v []byte, digits int) (n uint64, ok bool) {
	if len(v) == 0 || len(v) > digits {
		return 0, false
	}
	for _, c := range v {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + uint64(c-'0')
	}
	return n, true
}

func setPort(to *endpoint, v []byte) bool {
	n, ok := numberOf(once(v))
	if !ok || n > math.MaxUint16 {
		return false
	}
	to.port = uint16(n)
	return true
}
