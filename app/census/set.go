package census

import "slices"

// A set of devices is packed as a list of distances, as stretches of devices in it and not
// in it, or as bits: whichever is shortest, the first of those as short. Devices are
// numbered in a run by the order of their ids.
const (
	asList = iota
	asStretches
	asBits
)

func (p *packer) set(sorted []int) {
	var best []byte
	for way, pack := range []func(*packer, []int){listed, stretched, bitted} {
		var q packer
		q.number(uint64(way))
		if pack(&q, sorted); best == nil || len(q.bytes) < len(best) {
			best = q.bytes
		}
	}
	p.bytes = append(p.bytes, best...)
}

func listed(p *packer, sorted []int) {
	p.number(uint64(len(sorted)))
	before := -1
	for _, n := range sorted {
		p.number(uint64(n - before - 1))
		before = n
	}
}

func stretched(p *packer, sorted []int) {
	var lengths []uint64
	next := 0
	for i := 0; i < len(sorted); {
		end := i + 1
		for end < len(sorted) && sorted[end] == sorted[end-1]+1 {
			end++
		}
		lengths = append(lengths, uint64(sorted[i]-next), uint64(end-i))
		next = sorted[end-1] + 1
		i = end
	}
	p.number(uint64(len(lengths)))
	for _, n := range lengths {
		p.number(n)
	}
}

func bitted(p *packer, sorted []int) {
	if len(sorted) == 0 {
		p.number(0)
		return
	}
	bits := make([]byte, sorted[len(sorted)-1]/8+1)
	for _, n := range sorted {
		bits[n/8] |= 1 << (n % 8)
	}
	p.number(uint64(len(bits)))
	p.bytes = append(p.bytes, bits...)
}

// set unpacks a set of some of so many devices, in order.
func (u *unpacker) set(devices int) (sorted []int) {
	way, n := u.number(asBits), u.length()
	switch way {
	case asList:
		at := -1
		for range n {
			at += int(u.number(uint64(devices))) + 1
			sorted = append(sorted, at)
		}
	case asStretches:
		at := 0
		for range n / 2 {
			at += int(u.number(uint64(devices)))
			for range u.number(uint64(devices)) {
				sorted = append(sorted, at)
				at++
			}
			if at > devices {
				break
			}
		}
		u.failed = u.failed || n%2 != 0
	case asBits:
		for i := range n {
			for bit := range 8 {
				if u.bytes[i]>>bit&1 != 0 {
					sorted = append(sorted, i*8+bit)
				}
			}
		}
		u.bytes = u.bytes[n:]
	}
	if u.failed || (len(sorted) > 0 && sorted[len(sorted)-1] >= devices) {
		u.failed = true
		return nil
	}
	return sorted
}

// uniteIDs returns the ids of two sorted lists in order, each once.
func uniteIDs(a, b []ID) []ID {
	all := append(slices.Clone(a), b...)
	slices.Sort(all)
	return slices.Compact(all)
}
