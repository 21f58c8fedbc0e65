package kql

// pageSize is the length of a page: large enough to be few, small enough to leave
// little unused.
const pageSize = 1 << 12

// pages is a list that never moves what it holds, so that growing it takes no second
// copy in memory, and joining two costs nothing. Indexes go by pages, so that those
// behind a page that is not full have gaps before them.
type pages[T any] struct{ pages [][]T }

// next adds an element and returns its place, to be filled there: elements are large,
// and come by the million.
func (p *pages[T]) next() *T {
	last := len(p.pages) - 1
	if last < 0 || len(p.pages[last]) == pageSize {
		p.pages = append(p.pages, make([]T, 0, pageSize))
		last++
	}
	n := len(p.pages[last])
	p.pages[last] = p.pages[last][:n+1]
	return &p.pages[last][n]
}

// add adds an element.
func (p *pages[T]) add(v T) { *p.next() = v }

// at returns the element with index i; it stays where it is.
func (p *pages[T]) at(i int32) *T { return &p.pages[i/pageSize][i%pageSize] }

// join adds the pages of another list, which gives them away. Element i of it has
// index i+base from now on.
func (p *pages[T]) join(q pages[T]) (base int32) {
	base = p.end()
	p.pages = append(p.pages, q.pages...)
	return base
}

// end returns the end of the indexes: all are below it.
func (p *pages[T]) end() int32 { return int32(len(p.pages)) * pageSize }

// last returns the index of the element last added.
func (p *pages[T]) last() int32 {
	page := len(p.pages) - 1
	return int32(page)*pageSize + int32(len(p.pages[page])) - 1
}

// len returns how many elements there are.
func (p *pages[T]) len() (n int) {
	for _, page := range p.pages {
		n += len(page)
	}
	return n
}

// split returns the list page by page, to be gone through. Index i is in page
// i/pageSize.
func (p *pages[T]) split() [][]T { return p.pages }
