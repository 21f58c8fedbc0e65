package kql

// pageSize is the length of a page: large enough to be few, small enough to leave
// little unused.
const pageSize = 1 << 12

// pages is a list that never moves what it holds, so that growing it takes no second
// copy in memory.
type pages[T any] struct {
	pages [][]T
	n     int32
}

func (p *pages[T]) add(v T) {
	if p.n%pageSize == 0 {
		p.pages = append(p.pages, make([]T, 0, pageSize))
	}
	last := &p.pages[len(p.pages)-1]
	*last = append(*last, v)
	p.n++
}

// at returns the element with index i; it stays where it is.
func (p *pages[T]) at(i int32) *T { return &p.pages[i/pageSize][i%pageSize] }
