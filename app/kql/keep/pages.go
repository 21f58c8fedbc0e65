package keep

// PageSize is the length of a page: large enough to be few, small enough to leave
// little unused.
const PageSize = 1 << 12

// Pages is a list that never moves what it holds, so that growing it takes no second
// copy in memory, and joining two costs nothing. Indexes go by pages, so that those
// behind a page that is not full have gaps before them.
type Pages[T any] struct{ pages [][]T }

// Next adds an element and returns its place, to be filled there: elements are large,
// and come by the million.
func (p *Pages[T]) Next() *T {
	last := len(p.pages) - 1
	if last < 0 || len(p.pages[last]) == PageSize {
		p.pages = append(p.pages, make([]T, 0, PageSize))
		last++
	}
	n := len(p.pages[last])
	p.pages[last] = p.pages[last][:n+1]
	return &p.pages[last][n]
}

// Add adds an element.
func (p *Pages[T]) Add(v T) { *p.Next() = v }

// At returns the element with index i; it stays where it is.
func (p *Pages[T]) At(i int32) *T { return &p.pages[i/PageSize][i%PageSize] }

// join adds the pages of another list, which gives them away. Element i of it has
// index i+base from now on.
func (p *Pages[T]) join(q Pages[T]) (base int32) {
	base = p.End()
	p.pages = append(p.pages, q.pages...)
	return base
}

// End returns the end of the indexes: all are below it.
func (p *Pages[T]) End() int32 { return int32(len(p.pages)) * PageSize }

// Last returns the index of the element last added.
func (p *Pages[T]) Last() int32 {
	page := len(p.pages) - 1
	return int32(page)*PageSize + int32(len(p.pages[page])) - 1
}

// Len returns how many elements there are.
func (p *Pages[T]) Len() (n int) {
	for _, page := range p.pages {
		n += len(page)
	}
	return n
}

// Split returns the list page by page, to be gone through. Index i is in page
// i/PageSize.
func (p *Pages[T]) Split() [][]T { return p.pages }
