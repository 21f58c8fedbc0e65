package destination

import (
	"cmp"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
)

// seen is a lookup as it was added.
type seen struct {
	device  int32
	at      int64
	name    string
	address netip.Addr
}

// slowName names an address by going over all lookups.
func slowName(all []seen, device int32, to netip.Addr, at int64) string {
	own, others := map[string]bool{}, map[string]bool{}
	var before []seen
	for _, s := range all {
		switch {
		case s.address != to:
		case s.device == device:
			own[OfName(s.name).Name] = true
			if s.at <= at {
				before = append(before, s)
			}
		default:
			others[OfName(s.name).Name] = true
		}
	}
	slices.SortFunc(before, func(a, b seen) int {
		return cmp.Or(cmp.Compare(b.at, a.at), cmp.Compare(a.name, b.name))
	})
	for _, domains := range []map[string]bool{own, others} {
		if len(domains) == 1 {
			for domain := range domains {
				return domain
			}
		}
		if len(domains) > 1 {
			break
		}
	}
	if len(own) > 1 && len(before) > 0 {
		return OfName(before[0].name).Name
	}
	return to.String()
}

func TestNamesAgainstTheSlowOnes(t *testing.T) {
	hosts := []string{"a.example.com", "b.example.com", "x.example.org", "d1.cloudfront.net", "d2.cloudfront.net", "printer"}
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 5))
		n := NewNames()
		var all []seen
		for range r.IntN(12) {
			s := seen{int32(r.IntN(3)), int64(r.IntN(5)), hosts[r.IntN(len(hosts))], []netip.Addr{one, two}[r.IntN(2)]}
			all = append(all, s)
			n.Add(s.device, s.at, s.name, []netip.Addr{s.address})
		}
		for device := range int32(4) {
			for at := range int64(6) {
				for _, to := range []netip.Addr{one, two} {
					key, how := n.Of(device, to, at)
					if want := slowName(all, device, to, at); key.Name != want || (how == Unnamed) != key.Address {
						t.Fatalf("seed %d: device %d to %s at %d: %+v, want %s; lookups %v", seed, device, to, at, key, want, all)
					}
				}
			}
		}
	}
}

// Up to its size a sketch counts exactly; beyond it is near.
func TestSketch(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 9))
		var s sketch
		exact := map[uint64]bool{}
		for range r.IntN(3000) {
			x := uint64(r.IntN(1 + int(seed)*60))
			s.add(mix(x))
			exact[x] = true
		}
		off := float64(s.count())/float64(max(1, len(exact))) - 1
		if len(exact) < sketchSize && s.count() != len(exact) || len(exact) >= sketchSize && (off > 0.25 || off < -0.25) {
			t.Errorf("seed %d: %d, want %d", seed, s.count(), len(exact))
		}
	}
}

func BenchmarkWays(b *testing.B) {
	w := NewWays()
	at := netip.MustParseAddrPort("10.0.0.8:3128")
	i := int32(0)
	for b.Loop() {
		w.Add(at, i%5000, uint64(i%300))
		i++
	}
}

func BenchmarkNames(b *testing.B) {
	n := NewNames()
	for i := range int32(100_000) {
		n.Add(i%100, int64(i), hostsOf[i%3], []netip.Addr{netip.AddrFrom4([4]byte{45, 9, byte(i >> 8), byte(i)})})
	}
	for b.Loop() {
		n.Of(7, one, 50)
	}
}

var hostsOf = []string{"a.example.com", "b.example.org", "c.example.net"}
