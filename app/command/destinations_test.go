package command

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"
)

func mustDestinations(t *testing.T, entries ...string) Destinations {
	t.Helper()
	d, err := NewDestinations(entries)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestMatchHost(t *testing.T) {
	d := mustDestinations(t, "corel.com", ".Dotted.org", "*.star.net", "trailing.io.", "dl.corel.com", "uk",
		"_ldap.example", "bücher.example", "192.0.2.0/24", "2001:db8::1")
	for _, c := range []struct {
		host string
		want int // -1: no match
	}{
		{"corel.com", 0}, {"x.corel.com", 0}, {"X.Y.COREL.com.", 0},
		{"notcorel.com", -1}, {"corel.com.evil.io", -1}, {"corel", -1}, {"com", -1},
		{"dotted.org", 1}, {"a.dotted.org", 1},
		{"star.net", 2}, {"a.star.net", 2},
		{"trailing.io", 3}, {"trailing.io.", 3},
		{"dl.corel.com", 4}, {"a.dl.corel.com", 4}, // the longest domain is told
		{"bbc.co.uk", 5}, {"_ldap.example", 6}, {"WWW.BÜCHER.example", 7},
		{"192.0.2.77", 8}, {"192.0.3.77", -1}, {"2001:DB8::1", 9}, {"::ffff:192.0.2.1", 8},
		{"", -1}, {".", -1}, {"..", -1}, {"corel.com:443", -1},
	} {
		got, ok := d.MatchHost(c.host)
		if ok != (c.want >= 0) || ok && got != c.want {
			t.Errorf("%q: entry %d, %t; want %d", c.host, got, ok, c.want)
		}
	}
}

func TestMatchHostOfAnyLength(t *testing.T) {
	longest := strings.Repeat("a.", 125) + "com" // 253 bytes
	d := mustDestinations(t, "corel.com", longest)
	for _, host := range []string{longest, "b." + longest, "bb." + longest, longest + "."} {
		if i, ok := d.MatchHost(host); !ok || i != 1 {
			t.Errorf("%d bytes: entry %d, %t", len(host), i, ok)
		}
	}
	if _, ok := d.MatchHost("b" + longest); ok {
		t.Error("a name that only ends like the longest domain matches")
	}
	long := strings.Repeat("a.", 50_000)
	if _, ok := d.MatchHost(long + "corel.com"); !ok {
		t.Error("a long name below the domain does not match")
	}
	if _, ok := d.MatchHost(strings.Repeat("a", 300) + "corel.com"); ok {
		t.Error("a long label that ends like the domain matches")
	}
}

func TestMatchAddr(t *testing.T) {
	d := mustDestinations(t, "10.1.2.3/8", "192.0.2.7", "::ffff:198.51.100.0/120", "2001:db8::/32",
		"::ffff:203.0.113.9", "fe80::1%eth0", "10.20.0.0/16", "a.example")
	for _, c := range []struct {
		addr string
		want int
	}{
		{"10.255.0.1", 0}, {"11.0.0.1", -1}, {"::ffff:10.0.0.1", 0}, {"10.20.30.40", 6},
		{"192.0.2.7", 1}, {"192.0.2.8", -1},
		{"198.51.100.200", 2}, {"198.51.101.1", -1},
		{"2001:db8:ffff::1", 3}, {"2001:db9::1", -1},
		{"203.0.113.9", 4}, {"fe80::1", 5}, {"fe80::1%7", 5}, {"::", -1}, {"0.0.0.0", -1},
	} {
		got, ok := d.MatchAddr(netip.MustParseAddr(c.addr))
		if ok != (c.want >= 0) || ok && got != c.want {
			t.Errorf("%s: entry %d, %t; want %d", c.addr, got, ok, c.want)
		}
	}
	if _, ok := d.MatchAddr(netip.Addr{}); ok {
		t.Error("the address that is none matches")
	}
}

func TestNoDestinations(t *testing.T) {
	var none Destinations
	if _, ok := none.MatchHost("a.com"); ok {
		t.Error("the zero value matches a host")
	}
	if _, ok := none.MatchAddr(netip.MustParseAddr("10.0.0.1")); ok {
		t.Error("the zero value matches an address")
	}
	for _, entry := range []string{
		"", ".", "*", "*.", "**", "0.0.0.0/0", "10.0.0.0/0", "::/0", "::ffff:0:0/96", "::ffff:0:0/90", // everything
		"10.0.0.0/33", "10.0.0", "10.0.0.*", "1.2.3.4.5", "10.0.0.1-10.0.0.9", "010.0.0.1", "fe80::1%e/64", "[::1]", // no address
		"a..com", "cdn*.corel.com", "*corel.com", "..corel.com", "corel.com..", "a b.com", "corel.com:443", "https://corel.com",
		"corel.com/path", strings.Repeat("a", 64) + ".com", strings.Repeat("a.", 130) + "com", // no domain
	} {
		if _, err := NewDestinations([]string{"a.com", entry}); err == nil {
			t.Errorf("%q is accepted", entry)
		}
	}
}

// The oracle tries every entry in turn and keeps the longest.
func TestDestinationsAgreeWithAScan(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		var domains []string
		var prefixes []netip.Prefix
		entries := make([]string, 0, 16)
		for range 8 {
			domains = append(domains, randomDomain(rng))
			prefixes = append(prefixes, randomPrefix(rng))
			entries = append(entries, domains[len(domains)-1], prefixes[len(prefixes)-1].String())
		}
		d := mustDestinations(t, entries...)
		for range 40 {
			host, addr := randomDomain(rng), randomPrefix(rng).Addr()
			if i, ok := d.MatchHost(host); hit(d, i, ok) != scanHost(domains, host) {
				t.Fatalf("%q on %s: %q", domains, host, hit(d, i, ok))
			}
			i, ok := d.MatchAddr(netip.AddrFrom16(addr.As16())) // v4 as v4-mapped
			if hit(d, i, ok) != scanAddr(prefixes, addr) {
				t.Fatalf("%v on %s: %q", prefixes, addr, hit(d, i, ok))
			}
		}
	}
}

func hit(d Destinations, index int, ok bool) string {
	if !ok {
		return ""
	}
	return d.Entry(index)
}

func scanHost(domains []string, host string) (longest string) {
	for _, domain := range domains {
		if (host == domain || strings.HasSuffix(host, "."+domain)) && len(domain) > len(longest) {
			longest = domain
		}
	}
	return longest
}

func scanAddr(prefixes []netip.Prefix, addr netip.Addr) string {
	var narrowest netip.Prefix
	for _, p := range prefixes {
		if p.Contains(addr) && (!narrowest.IsValid() || p.Bits() > narrowest.Bits()) {
			narrowest = p
		}
	}
	if !narrowest.IsValid() {
		return ""
	}
	return narrowest.String()
}

func randomDomain(rng *rand.Rand) string {
	labels := make([]string, 1+rng.IntN(4))
	for i := range labels {
		labels[i] = randomText(rng, "ab", 1, 2)
	}
	return strings.Join(labels, ".")
}

// randomPrefix draws from few addresses and few lengths, so that prefixes nest.
func randomPrefix(rng *rand.Rand) netip.Prefix {
	text := fmt.Sprintf("10.%d.%d.0", rng.IntN(3), rng.IntN(3))
	if rng.IntN(2) == 0 {
		text = fmt.Sprintf("2001:%x:%x::", rng.IntN(3), rng.IntN(3))
	}
	return netip.PrefixFrom(netip.MustParseAddr(text), 1+rng.IntN(32)).Masked()
}

func TestMatchHostDoesNotAllocate(t *testing.T) {
	d := mustDestinations(t, "corel.com", "10.0.0.0/8")
	addr := netip.MustParseAddr("192.0.2.1")
	if n := testing.AllocsPerRun(100, func() {
		d.MatchHost("download.example.org")
		d.MatchAddr(addr)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
