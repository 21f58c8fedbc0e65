package rarity

import (
	"hash/fnv"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// hosts tells the host names beneath a destination apart, by hashes of them in order, each
// once: where tasks turn out to be one, a name that both called is one name. It is never
// changed, so that several may have the same. nil has none.
type hosts struct{ all []uint32 }

// MostHosts is how many are told apart. Of more the smallest hashes stay, so that neither
// order nor grouping matters, and their number is that of the largest part at least.
const MostHosts = 256

// hostsOf are those with these names, in the symbols of a device.
func hostsOf(names []event.Sym, symbols *event.Symbols) *hosts {
	if len(names) == 0 {
		return nil
	}
	h := &hosts{make([]uint32, 0, len(names))}
	for _, name := range names {
		sum := fnv.New32a()
		_, _ = sum.Write(symbols.Bytes(name)) // it never fails
		h.all = append(h.all, sum.Sum32())
	}
	return h.settled()
}

func (h *hosts) settled() *hosts {
	slices.Sort(h.all)
	h.all = slices.Compact(h.all)
	h.all = slices.Clip(h.all[:min(len(h.all), MostHosts)])
	return h
}

func (h *hosts) len() int {
	if h == nil {
		return 0
	}
	return len(h.all)
}

// with are those of both.
func (h *hosts) with(o *hosts) *hosts {
	switch {
	case o == nil || h == o:
		return h
	case h == nil:
		return o
	}
	return (&hosts{slices.Concat(h.all, o.all)}).settled()
}

// Hosts unites the hashes of host names, as On.Hosts has them; it changes neither.
func Hosts(a, b []uint32) []uint32 { return (&hosts{slices.Concat(a, b)}).settled().all }
