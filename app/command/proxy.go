package command

import (
	"fmt"
	"math"
	"net/netip"
	"strconv"
	"strings"
)

// Proxy says which internal addresses are ways out. The zero Proxy has none.
type Proxy struct {
	Auto bool // those that are recognised by their use
	list []wayOut
}

// wayOut is a range of addresses, with a port or, as 0, with any.
type wayOut struct {
	prefix netip.Prefix
	port   uint16
}

// Has reports whether an address and port were listed.
func (p Proxy) Has(a netip.Addr, port uint16) bool {
	a = a.Unmap().WithZone("")
	for _, w := range p.list {
		if w.prefix.Contains(a) && (w.port == 0 || w.port == port) {
			return true
		}
	}
	return false
}

func setProxy(o *Options, text string) error {
	o.Proxy = Proxy{}
	switch strings.ToLower(text) {
	case "auto":
		o.Proxy.Auto = true
		return nil
	case "none":
		return nil
	}
	for entry := range strings.SplitSeq(text, ",") {
		w, err := parseWayOut(entry)
		if err != nil {
			return err
		}
		o.Proxy.list = append(o.Proxy.list, w)
	}
	return nil
}

func parseWayOut(text string) (wayOut, error) {
	if at, err := netip.ParseAddrPort(text); err == nil {
		a := at.Addr().Unmap()
		return wayOut{netip.PrefixFrom(a, a.BitLen()), at.Port()}, nil
	}
	if a, err := netip.ParseAddr(text); err == nil {
		a = a.Unmap()
		return wayOut{prefix: netip.PrefixFrom(a, a.BitLen())}, nil
	}
	if p, err := netip.ParsePrefix(text); err == nil {
		return wayOut{prefix: p.Masked()}, nil
	}
	return wayOut{}, fmt.Errorf("%s is not one of auto, none, an IP address, a CIDR range, or an address with its port (10.0.0.8:3128, [fd00::8]:3128)%s", show(text), Suggestion(text, "auto", "none"))
}

func setMinScore(o *Options, text string) error {
	bits, err := strconv.ParseFloat(text, 64)
	if err != nil || bits < 0 || math.IsNaN(bits) || math.IsInf(bits, 0) {
		return fmt.Errorf("%s is not a number of bits, 0 or more (12, 8.5)", show(text))
	}
	o.MinScore = bits
	return nil
}
