package netjoin

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"
)

// parseAnswers returns the addresses in the answer of a name lookup, as Sysmon
// writes it: "type:  5 host.example;::ffff:192.0.2.1;::1;". Names in between are
// aliases and are left out.
func parseAnswers(text []byte) (addresses []netip.Addr) {
	for len(text) > 0 {
		var part []byte
		part, text, _ = bytes.Cut(text, []byte(";"))
		if a, err := netip.ParseAddr(string(bytes.TrimSpace(part))); err == nil {
			addresses = append(addresses, a.Unmap().WithZone(""))
		}
	}
	return addresses
}

// sortAnswers orders addresses and drops repeated ones; public ones come first,
// because the first one stands for the lookup.
func sortAnswers(addresses []netip.Addr) []netip.Addr {
	slices.SortFunc(addresses, func(a, b netip.Addr) int {
		if x, y := Classify(a) == Public, Classify(b) == Public; x != y {
			if x {
				return -1
			}
			return 1
		}
		return a.Compare(b)
	})
	return slices.Compact(addresses)
}

// joinAnswers writes addresses with blanks between.
func joinAnswers(addresses []netip.Addr) string {
	texts := make([]string, len(addresses))
	for i, a := range addresses {
		texts[i] = a.String()
	}
	return strings.Join(texts, " ")
}
