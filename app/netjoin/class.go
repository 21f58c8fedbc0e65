package netjoin

import "net/netip"

// Class is what kind of address a remote address is; its text is the column
// `remote_ip_type`.
type Class string

// The classes, computed from the address itself: sources' own labels are often
// missing or wrong.
const (
	Public      Class = "public"
	Private     Class = "private"
	Loopback    Class = "loopback"
	LinkLocal   Class = "linklocal"
	CGNAT       Class = "cgnat"
	Multicast   Class = "multicast"
	Unspecified Class = "unspecified"
	Reserved    Class = "reserved"
	NoAddress   Class = "none"
)

// ranges are the special-purpose addresses of the IANA registries (RFC 6890) that
// net/netip does not know by itself.
var ranges = []struct {
	prefix netip.Prefix
	class  Class
}{
	{netip.MustParsePrefix("100.64.0.0/10"), CGNAT},      // RFC 6598
	{netip.MustParsePrefix("0.0.0.0/8"), Reserved},       // RFC 791
	{netip.MustParsePrefix("192.0.0.0/24"), Reserved},    // RFC 6890
	{netip.MustParsePrefix("192.0.2.0/24"), Reserved},    // RFC 5737
	{netip.MustParsePrefix("198.18.0.0/15"), Reserved},   // RFC 2544
	{netip.MustParsePrefix("198.51.100.0/24"), Reserved}, // RFC 5737
	{netip.MustParsePrefix("203.0.113.0/24"), Reserved},  // RFC 5737
	{netip.MustParsePrefix("240.0.0.0/4"), Reserved},     // RFC 1112, with the broadcast address
	{netip.MustParsePrefix("fec0::/10"), Private},        // RFC 3879, site-local
	{netip.MustParsePrefix("::/8"), Reserved},            // RFC 4291, what is left of it
	{netip.MustParsePrefix("100::/64"), Reserved},        // RFC 6666
	{netip.MustParsePrefix("2001:db8::/32"), Reserved},   // RFC 3849
	{netip.MustParsePrefix("3fff::/20"), Reserved},       // RFC 9637
}

var (
	nat64      = netip.MustParsePrefix("64:ff9b::/96") // RFC 6052
	compatible = netip.MustParsePrefix("::/96")        // RFC 4291, v4-compatible
	sixToFour  = netip.MustParsePrefix("2002::/16")    // RFC 3056
)

// Classify returns the class of an address; an IPv4 address inside an IPv6 one
// counts as itself.
func Classify(a netip.Addr) Class {
	if !a.IsValid() {
		return NoAddress
	}
	a = embedded(a)
	switch {
	case a.IsUnspecified():
		return Unspecified
	case a.IsLoopback():
		return Loopback
	case a.IsPrivate():
		return Private
	case a.IsLinkLocalUnicast():
		return LinkLocal
	case a.IsMulticast():
		return Multicast
	}
	for _, r := range ranges {
		if r.prefix.Contains(a) {
			return r.class
		}
	}
	return Public
}

// embedded returns the IPv4 address that an IPv6 address stands for, or a itself.
func embedded(a netip.Addr) netip.Addr {
	a = a.Unmap().WithZone("")
	b := a.As16()
	switch {
	case a.Is4():
		return a
	case nat64.Contains(a), compatible.Contains(a) && b[12] != 0:
		return netip.AddrFrom4([4]byte(b[12:]))
	case sixToFour.Contains(a):
		return netip.AddrFrom4([4]byte(b[2:6]))
	}
	return a
}

// Internal reports whether an address of this class is inside: never routed on the
// public Internet by design. Reserved addresses are not: traffic to them is odd.
func (c Class) Internal() bool {
	switch c {
	case Private, Loopback, LinkLocal, CGNAT, Multicast, Unspecified:
		return true
	}
	return false
}
