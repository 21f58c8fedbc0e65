package destination

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
)

func TestKeys(t *testing.T) {
	for host, want := range map[string]Key{
		"Update.Vendor.Example.COM.":   {Name: "example.com"},
		"a.b.example.co.uk":            {Name: "example.co.uk"},
		"example.com":                  {Name: "example.com"},
		"com":                          {Name: "com"},
		"co.uk":                        {Name: "co.uk"},
		"d1x2.cloudfront.net":          {Name: "d1x2.cloudfront.net", Wider: "cloudfront.net"},
		"a.b.myapp.azurewebsites.net":  {Name: "myapp.azurewebsites.net", Wider: "azurewebsites.net"},
		"cloudfront.net":               {Name: "cloudfront.net"},
		"srv1.ad.house.local":          {Name: "house.local"},
		"PRINTER":                      {Name: "printer"},
		"www.bücher.example.de":        {Name: "example.de"},
		"www.Bücher.de":                {Name: "xn--bcher-kva.de"},
		"www.xn--bcher-kva.de":         {Name: "xn--bcher-kva.de"},
		"_ldap._tcp.example.org":       {Name: "example.org"},
		"10.1.2.3":                     {Name: "10.1.2.3", Wider: "10.1.2.0/24", Address: true},
		"[2001:db8:1:2::3]":            {Name: "2001:db8:1:2::3", Wider: "2001:db8:1::/48", Address: true},
		"::ffff:45.9.148.3":            {Name: "45.9.148.3", Wider: "45.9.148.0/24", Address: true},
		"fe80::1%eth0":                 {Name: "fe80::1", Wider: "fe80::/48", Address: true},
		"":                             {},
		".":                            {},
		"..":                           {},
		"a..example.com":               {Name: "example.com"},
		" spaces.example.com ":         {Name: "example.com"},
		"x.y.compute-1.amazonaws.com.": {Name: "x.y.compute-1.amazonaws.com", Wider: "y.compute-1.amazonaws.com"},
	} {
		got := OfName(host)
		if got != want {
			t.Errorf("%q: %+v, want %+v", host, got, want)
		}
		if again := OfName(got.Name); again.Name != got.Name {
			t.Errorf("the key of %q is %q, whose key is %q", host, got.Name, again.Name)
		}
	}
	if OfAddress(netip.Addr{}) != (Key{}) {
		t.Error("no address has a key")
	}
}

func FuzzOfName(f *testing.F) {
	f.Add("a.co.uk")
	f.Add("\xff..é.")
	f.Fuzz(func(_ *testing.T, host string) { OfName(host) })
}

var one, two = netip.MustParseAddr("45.9.148.3"), netip.MustParseAddr("45.9.148.4")

func names(add ...func(*Names)) *Names {
	n := NewNames()
	for _, a := range add {
		a(n)
	}
	return n
}

func looked(device int32, at int64, name string, answers ...netip.Addr) func(*Names) {
	return func(n *Names) { n.Add(device, at, name, answers) }
}

func TestNames(t *testing.T) {
	type ask struct {
		device int32
		to     netip.Addr
		at     int64
		want   string
		how    How
	}
	n := names(
		looked(1, 100, "a.example.com", one), looked(1, 300, "b.Example.com.", one), // one domain
		looked(2, 100, "a.example.com", two), looked(2, 200, "x.example.org", two), // two
		looked(3, 100, "d1.cloudfront.net", netip.MustParseAddr("52.1.1.1")),
		looked(4, 100, "d2.cloudfront.net", netip.MustParseAddr("52.1.1.1")),
		looked(5, 100, "", one), looked(5, 100, "x.example.net", netip.Addr{}, netip.IPv4Unspecified()),
	)
	for _, a := range []ask{
		{1, one, 50, "example.com", Own},
		{1, netip.MustParseAddr("::ffff:45.9.148.3"), 400, "example.com", Own},
		{2, two, 150, "example.com", Own},
		{2, two, 200, "example.org", Own},
		{2, two, 50, "45.9.148.4", Unnamed},
		{9, one, 100, "example.com", Others},
		{9, two, 100, "45.9.148.4", Unnamed},
		{3, netip.MustParseAddr("52.1.1.1"), 100, "d1.cloudfront.net", Own},
		{9, netip.MustParseAddr("52.1.1.1"), 100, "52.1.1.1", Unnamed},
		{5, netip.IPv4Unspecified(), 100, "0.0.0.0", Unnamed},
		{1, netip.MustParseAddr("9.9.9.9"), 100, "9.9.9.9", Unnamed},
	} {
		if key, how := n.Of(a.device, a.to, a.at); key.Name != a.want || how != a.how {
			t.Errorf("device %d to %s at %d: %+v, %d; want %s, %d", a.device, a.to, a.at, key, how, a.want, a.how)
		}
	}
}

// Neither order nor repetition nor collecting apart matters.
func TestNamesInAnyOrder(t *testing.T) {
	hosts := []string{"a.example.com", "b.example.com", "x.example.org", "d1.cloudfront.net", "printer"}
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 2))
		var all []func(*Names)
		for range 1 + r.IntN(8) {
			all = append(all, looked(int32(r.IntN(3)), int64(r.IntN(4)), hosts[r.IntN(len(hosts))], []netip.Addr{one, two}[r.IntN(2)]))
		}
		want := names(all...)
		again := append(slices.Clone(all), all[0])
		r.Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
		cut := r.IntN(len(again))
		got := names(again[:cut]...)
		got.Merge(names(again[cut:]...))
		for i := range 3 * 6 {
			device, at := int32(i%3), int64(i/3-1)
			for _, to := range []netip.Addr{one, two} {
				a, howA := want.Of(device, to, at)
				b, howB := got.Of(device, to, at)
				if a != b || howA != howB {
					t.Fatalf("seed %d: %+v %d, then %+v %d", seed, a, howA, b, howB)
				}
			}
		}
	}
}

func TestWays(t *testing.T) {
	proxy, web := netip.MustParseAddrPort("10.0.0.8:8080"), netip.MustParseAddrPort("10.0.0.9:443")
	directory, outside := netip.MustParseAddrPort("10.0.0.1:389"), netip.MustParseAddrPort("45.9.148.3:8080")
	w := NewWays()
	for device := range int32(50) {
		for program := range uint64(20) {
			for _, at := range []netip.AddrPort{proxy, directory, outside, netip.MustParseAddrPort("127.0.0.1:8080"), netip.MustParseAddrPort("10.0.0.1:49667")} {
				w.Add(at, device, program)
			}
			w.Add(web, device, program%3)
			w.Add(netip.AddrPortFrom(proxy.Addr(), 9000+uint16(device)), device, program) // one device each
		}
	}
	if got := w.Out(100); len(got) != 1 || got[0] != (Way{proxy, 50, 20}) {
		t.Errorf("%+v", got)
	}
	if got := w.Out(501); len(got) != 1 || got[0].At != proxy {
		t.Errorf("the way of a branch, with as many programs as ways have: %+v", got)
	}
	server := netip.MustParseAddrPort("10.0.0.7:8443")
	for device := range int32(50) {
		for program := range uint64(2*WayPrograms - 1) {
			w.Add(server, device, program)
		}
	}
	if got := w.Out(501); len(got) != 1 {
		t.Errorf("a server that a tenth of the devices do not call, with few programs: %+v", got)
	}
	if got := w.Out(500); len(got) != 2 {
		t.Errorf("one that they do: %+v", got)
	}
	if got := NewWays().Out(0); got != nil {
		t.Errorf("%+v", got)
	}
}

func TestWaysInAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	at := netip.MustParseAddrPort("10.0.0.8:3128")
	one, two, parts := NewWays(), NewWays(), [2]*Ways{NewWays(), NewWays()}
	for _, i := range r.Perm(20_000) {
		one.Add(at, int32(i%5000), uint64(i%300))
		parts[r.IntN(2)].Add(at, int32(i%5000), uint64(i%300))
	}
	for i := range 40_000 {
		two.Add(at, int32(i%5000), uint64(i%300))
	}
	parts[0].Merge(parts[1])
	a, b, c := one.Out(5000), two.Out(5000), parts[0].Out(5000)
	if len(a) != 1 || !slices.Equal(a, b) || !slices.Equal(a, c) {
		t.Fatalf("%v, %v, %v", a, b, c)
	}
	if a[0].Devices < 4000 || a[0].Devices > 6000 || a[0].Programs < 250 || a[0].Programs > 360 {
		t.Errorf("far off: %+v", a[0])
	}
}

func BenchmarkOfName(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		OfName("d1x2.updates.vendor.example.co.uk")
	}
}
