// Package destination says what a contact went to: the registered domain of a name, a
// name for an address that came without, and which inside addresses are ways out.
package destination

import (
	"net/netip"
	"slices"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// Key is what contacts are counted by. The zero Key is that of a contact without name
// and address.
type Key struct {
	// Name is the registered domain, an inside name, or the address.
	Name string
	// Wider is what holds more than this key does: the network of an address (/24, /48),
	// the shared cloud in which a name is a customer's (cloudfront.net), or empty.
	Wider string
	// Address reports that there was no name.
	Address bool
}

// OfName returns the key of a host's name: its registered domain by the public suffix
// list (publicsuffix.org), in small letters, in the form of the DNS (RFC 5891), without
// the dot of the root.
//
// In the list's private section every customer of a shared cloud has a suffix's child of
// his own: d1.cloudfront.net and d2.cloudfront.net are two keys, because the cloud is
// shared by all and a channel behind it by nobody. The cloud is their Wider.
//
// Names below a top that the list does not know (.local, .corp, .test) come down to two
// labels, or three where the second is a registry's (co, com, …); single labels stay.
// What is no name stays as it is, folded.
func OfName(host string) Key {
	host = strings.TrimRight(strings.TrimSpace(host), ".")
	if address, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return OfAddress(address)
	}
	host = strings.ToLower(host)
	if !isASCII(host) {
		if ascii, err := idna.Lookup.ToASCII(host); err == nil {
			host = ascii
		}
	}
	suffix, listed := publicsuffix.PublicSuffix(host)
	if !listed && !strings.Contains(suffix, ".") {
		return Key{Name: unlisted(host)}
	}
	if suffix == host {
		return Key{Name: host}
	}
	domain := host[strings.LastIndexByte(host[:len(host)-len(suffix)-1], '.')+1:]
	if listed {
		return Key{Name: domain}
	}
	return Key{Name: domain, Wider: suffix}
}

// registries are second labels beneath which registries of many countries give out names.
var registries = []string{"ac", "co", "com", "edu", "gov", "mil", "net", "org"}

// unlisted is the domain of a name below a top that the list does not know, by the list's
// own rule for such (`*`): the last two labels, three where the second is a registry's.
func unlisted(host string) string {
	labels := strings.Split(host, ".")
	keep := 2
	if n := len(labels); n > 2 && slices.Contains(registries, labels[n-2]) {
		keep = 3
	}
	return strings.Join(labels[max(0, len(labels)-keep):], ".")
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}

// OfAddress returns the key of an address that has no name. An IPv4 address in an IPv6
// one is itself, and a zone says nothing.
func OfAddress(address netip.Addr) Key {
	if !address.IsValid() {
		return Key{}
	}
	address = plain(address)
	bits := 48
	if address.Is4() {
		bits = 24
	}
	network, err := address.Prefix(bits)
	if err != nil {
		return Key{Name: address.String(), Address: true}
	}
	return Key{Name: address.String(), Wider: network.String(), Address: true}
}

func plain(address netip.Addr) netip.Addr { return address.Unmap().WithZone("") }
