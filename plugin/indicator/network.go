package indicator

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// Errors about what looks like an address, network or range, and cannot be one. Such a
// value is never taken for a name: there is no top-level domain of digits (RFC 3696,
// section 2), so that it would match nothing and nobody would know.
var (
	errWide    = errors.New("it would match every address")
	errZeros   = errors.New("it has leading zeros, which some programs read as octal: write it without")
	errMask    = errors.New("it has a netmask that is none: ones, then zeros")
	errOrder   = errors.New("the range ends before it begins")
	errFamily  = errors.New("the range begins in IPv4 and ends in IPv6, or the other way round")
	errAddress = errors.New("it is no address, network or range of addresses")
)

// isNumeric reports whether a value looks like an address, be it one or not: it ends in
// digits behind a dot, or has two colons.
func isNumeric(value string) bool {
	if strings.Count(value, ":") >= 2 {
		return true
	}
	if host, port, found := strings.Cut(value, ":"); found && isDigits(port) {
		value = host
	}
	if i := strings.IndexByte(value, '/'); i >= 0 && !isURL(value) {
		value = value[:i]
	}
	value = strings.TrimRight(value, ".")
	last := value[strings.LastIndexByte(value, '.')+1:]
	return len(last) < len(value) && (last == "*" || strings.Trim(last, "0123456789") == "" && last != "" || isRangeEnd(value))
}

// isRangeEnd reports whether a value is made of digits, dots and hyphens only.
func isRangeEnd(value string) bool {
	return strings.ContainsRune(value, '-') && strings.Trim(value, "0123456789.- ") == ""
}

func isDigits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

// parseNetworks reads an address, with a port or without; a network, by its length or
// its netmask; a range, by both ends or the last number of its end; or 203.0.113.*.
// Bits of a network's host part do not matter. IPv4 in the form of IPv6 is IPv4.
func parseNetworks(value string) ([]netip.Prefix, error) {
	value = strings.TrimSpace(value)
	if begin, end, isRange := strings.Cut(value, "-"); isRange {
		return parseRange(strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	prefix, err := parseNetwork(value)
	if err != nil {
		return nil, err
	}
	if prefix.Bits() == 0 {
		return nil, errWide
	}
	return []netip.Prefix{prefix.Masked()}, nil
}

func parseNetwork(value string) (netip.Prefix, error) {
	address, length, isNetwork := strings.Cut(value, "/")
	if !isNetwork && strings.Count(value, " ") == 1 { // 198.51.100.0 255.255.255.0
		address, length, isNetwork = strings.Cut(value, " ")
		isNetwork = isNetwork && strings.ContainsRune(length, '.')
	}
	if !isNetwork {
		if network, isWild := wildcard(value); isWild {
			return network, nil
		}
		a, err := parseAddress(value)
		return netip.PrefixFrom(a, a.BitLen()), err
	}
	plain, err := netip.ParseAddr(address)
	if err != nil {
		return netip.Prefix{}, addressError(address)
	}
	bits, err := parseLength(length)
	if err != nil {
		return netip.Prefix{}, err
	}
	if plain = plain.WithZone(""); plain.Is4In6() && bits >= 96 {
		plain, bits = plain.Unmap(), bits-96
	}
	prefix, err := plain.Prefix(bits)
	if err != nil {
		return netip.Prefix{}, errAddress
	}
	return prefix, nil
}

// parseLength reads what stands behind the slash.
func parseLength(text string) (int, error) {
	mask, err := netip.ParseAddr(text)
	if err != nil {
		bits, err := strconv.ParseUint(text, 10, 8)
		if err != nil {
			return 0, errAddress
		}
		return int(bits), nil
	}
	if !mask.Is4() {
		return 0, errMask
	}
	for bits := range 33 {
		if p, _ := netip.AddrFrom4([4]byte{255, 255, 255, 255}).Prefix(bits); p.Addr() == mask {
			return bits, nil
		}
	}
	return 0, errMask
}

// parseAddress reads an address, with a port or without.
func parseAddress(value string) (netip.Addr, error) {
	if inside, behind, found := strings.Cut(strings.TrimPrefix(value, "["), "]"); found && value[0] == '[' && (behind == "" || isPort(behind)) {
		value = inside
	} else if strings.Count(value, ":") == 1 {
		host, port, _ := strings.Cut(value, ":")
		if !isPort(":" + port) {
			return netip.Addr{}, errAddress
		}
		value = host
	}
	a, err := netip.ParseAddr(value)
	if err != nil {
		return a, addressError(value)
	}
	return a.Unmap().WithZone(""), nil
}

// isPort reports whether a text is a colon and a port.
func isPort(text string) bool {
	number, found := strings.CutPrefix(text, ":")
	port, err := strconv.ParseUint(number, 10, 16)
	return found && err == nil && port > 0
}

// addressError says why a text is no address.
func addressError(value string) error {
	parts := strings.Split(value, ".")
	if len(parts) != 4 {
		return errAddress
	}
	for _, part := range parts {
		if !isDigits(part) {
			return errAddress
		}
	}
	for _, part := range parts {
		if len(part) > 1 && part[0] == '0' {
			return errZeros
		}
	}
	return fmt.Errorf("%w: a number of it is above 255", errAddress)
}

// wildcard reads 203.0.113.* and 203.0.*.*, which are networks.
func wildcard(value string) (netip.Prefix, bool) {
	parts := strings.Split(value, ".")
	stars := 0
	for i := len(parts) - 1; i >= 0 && parts[i] == "*"; i-- {
		parts[i] = "0"
		stars++
	}
	if len(parts) != 4 || stars == 0 || stars == 4 {
		return netip.Prefix{}, false
	}
	a, err := netip.ParseAddr(strings.Join(parts, "."))
	if err != nil {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, 32-8*stars), true
}

// parseRange returns the networks that make up a range.
func parseRange(begin, end string) ([]netip.Prefix, error) {
	first, err := netip.ParseAddr(begin)
	if err != nil {
		return nil, addressError(begin)
	}
	if isDigits(end) && first.Is4() { // 203.0.113.0-9
		end = begin[:strings.LastIndexByte(begin, '.')+1] + end
	}
	last, err := netip.ParseAddr(end)
	if err != nil {
		return nil, addressError(end)
	}
	first, last = first.Unmap().WithZone(""), last.Unmap().WithZone("")
	switch {
	case first.Is4() != last.Is4():
		return nil, errFamily
	case last.Less(first):
		return nil, errOrder
	}
	return cover(first, last)
}

// cover returns the fewest networks that hold the addresses from first to last and no
// others.
func cover(first, last netip.Addr) (out []netip.Prefix, err error) {
	for {
		bits := first.BitLen()
		for bits > 0 { // the widest network that begins here and does not go beyond
			wider := netip.PrefixFrom(first, bits-1)
			if wider.Masked().Addr() != first || lastOf(wider).Compare(last) > 0 {
				break
			}
			bits--
		}
		if bits == 0 {
			return nil, errWide
		}
		network := netip.PrefixFrom(first, bits)
		out = append(out, network)
		if first = lastOf(network).Next(); !first.IsValid() || first.Compare(last) > 0 {
			return out, nil
		}
	}
}

// lastOf returns the last address of a network.
func lastOf(p netip.Prefix) netip.Addr {
	raw := p.Masked().Addr().AsSlice()
	for bit := p.Bits(); bit < 8*len(raw); bit++ {
		raw[bit/8] |= 0x80 >> (bit % 8)
	}
	a, _ := netip.AddrFromSlice(raw)
	return a
}
