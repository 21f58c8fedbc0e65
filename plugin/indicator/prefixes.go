package indicator

// prefixKey is the key of a network.
type prefixKey[K any] interface {
	key[K]
	masked(bits int) K
}

// prefixes are networks of one family, in one table for each length that occurs, the
// longest first. An address is the longest network there is.
type prefixes[K prefixKey[K]] struct {
	lengths []int
	tables  []table[K]
}

// newPrefixes takes entries by their length in bits.
func newPrefixes[K prefixKey[K]](byLength [][]entry[K], ids []uint32) (p prefixes[K]) {
	for bits := len(byLength) - 1; bits >= 0; bits-- {
		if len(byLength[bits]) > 0 {
			p.lengths = append(p.lengths, bits)
			p.tables = append(p.tables, newTable(byLength[bits], ids))
		}
	}
	return p
}

// find returns the best note of the networks that hold the address.
func (p *prefixes[K]) find(address K, n *notes) (best uint32, found bool) {
	for i, bits := range p.lengths {
		id, there := p.tables[i].find(address.masked(bits))
		if there && (!found || n.better(id, best)) {
			best, found = id, true
		}
	}
	return best, found
}

func (p *prefixes[K]) len() (n int) {
	for i := range p.tables {
		n += len(p.tables[i].keys)
	}
	return n
}

func (p *prefixes[K]) bytes() (n int) {
	for i := range p.tables {
		n += p.tables[i].bytes()
	}
	return n
}
