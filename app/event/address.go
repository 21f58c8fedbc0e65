package event

import (
	"cmp"
	"net/netip"
)

// Address is an IP address without a pointer. The zero Address is absent.
type Address struct {
	hi, lo uint64
	family uint8 // 0 absent, 4, 6
}

// NewAddress returns the Address of a, IPv4-mapped IPv6 addresses unwrapped and
// zones dropped.
func NewAddress(a netip.Addr) Address {
	if !a.IsValid() {
		return Address{}
	}
	a = a.Unmap()
	family := uint8(6)
	if a.Is4() {
		family = 4
	}
	b := a.As16()
	return Address{word(b[:8]), word(b[8:]), family}
}

// Addr returns the address as a netip.Addr; the zero Addr when absent.
func (a Address) Addr() netip.Addr {
	if a.family == 0 {
		return netip.Addr{}
	}
	var b [16]byte
	for i := range 8 {
		b[i], b[8+i] = byte(a.hi>>(56-8*i)), byte(a.lo>>(56-8*i))
	}
	addr := netip.AddrFrom16(b)
	if a.family == 4 {
		addr = addr.Unmap()
	}
	return addr
}

// Words returns what an Address is made of, for AddressOf: family is 0 for an absent
// one, 4 or 6.
func (a Address) Words() (hi, lo uint64, family uint8) { return a.hi, a.lo, a.family }

// AddressOf returns the Address with those Words.
func AddressOf(hi, lo uint64, family uint8) Address { return Address{hi, lo, family} }

// IsZero reports whether the address is absent.
func (a Address) IsZero() bool { return a.family == 0 }

func word(b []byte) (w uint64) {
	for _, c := range b {
		w = w<<8 | uint64(c)
	}
	return w
}

// CompareAddress orders addresses: absent ones first, then IPv4, then IPv6.
func CompareAddress(a, b Address) int {
	return cmp.Or(cmp.Compare(a.family, b.family), cmp.Compare(a.hi, b.hi), cmp.Compare(a.lo, b.lo))
}
