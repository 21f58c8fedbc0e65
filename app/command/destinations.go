package command

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// Destinations is a list of domains, IP addresses and CIDR ranges. The zero value
// matches nothing. It does not change and may be used by several goroutines. Its
// cost per look-up depends on the labels of a host and the distinct prefix
// lengths, not on the number of entries.
type Destinations struct {
	entries  []string
	domains  map[string]int
	prefixes map[netip.Prefix]int // masked; an address is a prefix of full length
	bits4    []int                // prefix lengths in use, longest first
	bits6    []int
}

// NewDestinations compiles entries, of which it keeps a copy. An entry is an IP
// address, a CIDR range (host bits are ignored), or a domain, which stands for
// itself and everything below it; *.corel.com and .corel.com mean corel.com. IPv4
// addresses mapped into IPv6 are taken as IPv4. Domains are compared as written but
// for case and a trailing dot: Unicode names are not turned into xn-- names. An
// error begins with the entry.
func NewDestinations(entries []string) (Destinations, error) {
	d := Destinations{
		entries:  slices.Clone(entries),
		domains:  map[string]int{},
		prefixes: map[netip.Prefix]int{},
	}
	for i, entry := range d.entries {
		if err := d.add(i, strings.TrimSpace(entry)); err != nil {
			return Destinations{}, err
		}
	}
	longestFirst := func(a, b int) int { return b - a }
	slices.SortFunc(d.bits4, longestFirst)
	slices.SortFunc(d.bits6, longestFirst)
	return d, nil
}

func (d *Destinations) add(index int, entry string) error {
	if coversAll(entry) {
		return fmt.Errorf("%s covers every destination and would hide everything: use internal= or output= to choose rows", show(entry))
	}
	if prefix, ok := parsePrefix(entry); ok {
		d.addPrefix(index, prefix)
		return nil
	}
	domain, ok := parseDomain(entry)
	if !ok {
		return fmt.Errorf("%s is not a domain, an IP address or a CIDR range: write corel.com, 192.0.2.7 or 192.0.2.0/24, without scheme, port or path", show(entry))
	}
	if _, twice := d.domains[domain]; !twice {
		d.domains[domain] = index
	}
	return nil
}

// coversAll reports an entry that no connection could escape.
func coversAll(entry string) bool {
	if entry != "" && strings.Trim(entry, "*.") == "" {
		return true
	}
	prefix, ok := parsePrefix(entry)
	return ok && prefix.Bits() == 0
}

// parsePrefix reads an address or a range. A range over IPv4-mapped addresses that
// is wider than IPv4 itself is returned as all of IPv4. A zone is dropped: it names an
// interface of one machine.
func parsePrefix(entry string) (netip.Prefix, bool) {
	if !strings.Contains(entry, "/") {
		addr, err := netip.ParseAddr(entry)
		if err != nil {
			return netip.Prefix{}, false
		}
		addr = addr.Unmap()
		return netip.PrefixFrom(addr, addr.BitLen()), true
	}
	prefix, err := netip.ParsePrefix(entry)
	if err != nil {
		return netip.Prefix{}, false
	}
	addr, bits := prefix.Addr(), prefix.Bits()
	if addr.Is4In6() {
		addr, bits = addr.Unmap(), max(0, bits-96)
	}
	return netip.PrefixFrom(addr, bits).Masked(), true
}

func (d *Destinations) addPrefix(index int, prefix netip.Prefix) {
	if _, twice := d.prefixes[prefix]; twice {
		return
	}
	d.prefixes[prefix] = index
	bits := &d.bits6
	if prefix.Addr().Is4() {
		bits = &d.bits4
	}
	if !slices.Contains(*bits, prefix.Bits()) {
		*bits = append(*bits, prefix.Bits())
	}
}

// Len returns the number of entries.
func (d Destinations) Len() int { return len(d.entries) }

// Entry returns entry i as it was written, for a report of what it hid.
func (d Destinations) Entry(i int) string { return d.entries[i] }

// MatchAddr returns the index of the narrowest entry that covers addr. An address
// that is not valid matches nothing.
func (d Destinations) MatchAddr(addr netip.Addr) (index int, ok bool) {
	addr = addr.Unmap()
	bits := d.bits6
	if addr.Is4() {
		bits = d.bits4
	}
	for _, n := range bits {
		prefix, err := addr.Prefix(n)
		if err != nil {
			return 0, false
		}
		if index, ok = d.prefixes[prefix]; ok {
			return index, true
		}
	}
	return 0, false
}

// MatchHost returns the index of the longest domain that host is or lies below. A
// host that is an IP address is matched as one. Host is a bare name: no scheme, no
// port.
func (d Destinations) MatchHost(host string) (index int, ok bool) {
	if len(d.entries) == 0 || host == "" {
		return 0, false
	}
	if mayBeAddr(host) {
		if addr, err := netip.ParseAddr(host); err == nil {
			return d.MatchAddr(addr)
		}
	}
	return d.matchDomain(strings.ToLower(shorten(strings.TrimSuffix(host, "."))))
}

func (d Destinations) matchDomain(host string) (index int, ok bool) {
	for {
		if index, ok = d.domains[host]; ok {
			return index, true
		}
		dot := strings.IndexByte(host, '.')
		if dot < 0 {
			return 0, false
		}
		host = host[dot+1:]
	}
}

// mayBeAddr spares host names the error that netip.ParseAddr would allocate.
func mayBeAddr(host string) bool {
	return strings.Contains(host, ":") || isDigit(host[0]) && isDigit(host[len(host)-1])
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
