package netjoin

import (
	"net/netip"
	"slices"
	"testing"
)

func TestClassify(t *testing.T) {
	for text, want := range map[string]Class{
		"8.8.8.8": Public, "172.32.0.1": Public, "172.15.255.255": Public, "100.63.255.255": Public, "100.128.0.0": Public, "192.0.1.1": Public,
		"198.17.255.255": Public, "198.20.0.0": Public, "223.255.255.255": Public, "169.253.1.1": Public, "11.0.0.0": Public, "2606:4700::1111": Public,
		"10.0.0.0": Private, "10.255.255.255": Private, "172.16.0.1": Private, "172.31.255.255": Private, "192.168.1.1": Private,
		"fc00::1": Private, "fdff::1": Private, "fec0::1": Private,
		"127.0.0.1": Loopback, "127.0.0.2": Loopback, "127.255.255.255": Loopback, "::1": Loopback, "0:0:0:0:0:0:0:1": Loopback,
		"169.254.169.254": LinkLocal, "fe80::1": LinkLocal, "fe80::1%eth0": LinkLocal, "fec0::1%eth0": Private,
		"100.64.0.0": CGNAT, "100.127.255.255": CGNAT,
		"224.0.0.251": Multicast, "239.255.255.250": Multicast, "ff02::1:3": Multicast, "ff02:0:0:0:0:0:1:3": Multicast,
		"0.0.0.0": Unspecified, "::": Unspecified,
		"0.1.2.3": Reserved, "192.0.0.1": Reserved, "192.0.2.1": Reserved, "198.18.0.1": Reserved, "198.19.255.255": Reserved, "198.51.100.7": Reserved,
		"203.0.113.7": Reserved, "240.0.0.1": Reserved, "255.255.255.255": Reserved, "100::1": Reserved, "2001:db8::1": Reserved, "3fff::1": Reserved,
		"::5": Reserved, "64:ff9b:1::808:808": Reserved,
		// IPv4 inside IPv6 counts as itself.
		"::ffff:10.2.0.5": Private, "::ffff:8.8.8.8": Public, "::ffff:127.0.0.1": Loopback, "::ffff:0.0.0.0": Unspecified, "::ffff:a9fe:1": LinkLocal,
		"64:ff9b::8.8.8.8": Public, "64:ff9b::10.0.0.1": Private, "64:ff9b::7f00:1": Loopback,
		"2002:808:808::1": Public, "2002:a00:1::1": Private, "2002:c0a8:101::": Private, "2002:6440:1::": CGNAT,
		"::127.0.0.1": Loopback, "::8.8.8.8": Public, "::192.168.0.1": Private,
	} {
		if got := Classify(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
	if got := Classify(netip.Addr{}); got != NoAddress {
		t.Errorf("no address is %s", got)
	}
}

func TestInternal(t *testing.T) {
	for _, c := range []Class{Private, Loopback, LinkLocal, CGNAT, Multicast, Unspecified} {
		if !c.Internal() {
			t.Errorf("%s is not internal", c)
		}
	}
	for _, c := range []Class{Public, Reserved, NoAddress} {
		if c.Internal() {
			t.Errorf("%s is internal", c)
		}
	}
}

func TestAnswers(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "-": "", ";;;": "", "host.example": "",
		"type:  5 host.example;::ffff:192.0.2.1;": "192.0.2.1",
		"172.18.39.5;":                          "172.18.39.5",
		"::1;::ffff:127.0.0.1;":                 "127.0.0.1 ::1",
		"10.0.0.1;8.8.8.8;10.0.0.1;1.1.1.1":     "1.1.1.1 8.8.8.8 10.0.0.1",
		" 8.8.8.8 ; fe80::1%7 ;999.1.1.1;1.2.3": "8.8.8.8 fe80::1",
		"2001:0db8:0:0:0:0:0:1;2001:db8::1":     "2001:db8::1",
	} {
		if got := joinAnswers(sortAnswers(parseAnswers([]byte(text)))); got != want {
			t.Errorf("answers %q are %q, want %q", text, got, want)
		}
	}
}

func FuzzAnswers(f *testing.F) {
	f.Add("type:  5 host.example;::ffff:192.0.2.1;")
	f.Add(";;::1%;")
	f.Fuzz(func(t *testing.T, text string) {
		addresses := sortAnswers(parseAnswers([]byte(text)))
		for _, a := range addresses {
			if !a.IsValid() || a.Is4In6() || a.Zone() != "" {
				t.Fatalf("%q holds %v", text, a)
			}
		}
		again := slices.Clone(addresses)
		slices.Reverse(again)
		if got := sortAnswers(again); !slices.Equal(got, addresses) {
			t.Fatalf("order matters: %v and %v", got, addresses)
		}
	})
}
