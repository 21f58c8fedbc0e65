package hold

import "github.com/schtaskhunt/schtaskhunt/app/event"

// openPage is a page that is being filled, all of it that the next event needs in a few
// neighbouring lines of the core's cache: events come from all devices by turns, and a
// lane has a page open for every partition. What is staged goes to the page itself when
// there is no room for more.
type openPage struct {
	bytes     []byte
	last      event.Time // record time of the last event; in a page of rows, of the last that has one
	id        event.ID   // the last one
	before    Origin     // of the last row
	partition uint16
	staged    uint16
	rows      bool // it is a page of rows
	stage     [openSize - beforeStage]byte
}

// openSize is the size of an openPage in bytes, and beforeStage that of its other fields.
const (
	openSize    = 256
	beforeStage = 69
)

// firstSize is how much room a page has at first, in bytes, and growth how many times more
// it gets: many partitions of a small hunt get no more than that.
const (
	firstSize = 1 << 10
	growth    = 4
)

// lastEvent is room for the event that makes a page full, in bytes: most need less.
const lastEvent = 512

// add adds a packed event, and reports whether the page is full.
func (p *openPage) add(event []byte) (full bool) {
	if n := int(p.staged) + len(event); n <= len(p.stage) {
		copy(p.stage[p.staged:], event)
		p.staged = uint16(n)
		return false
	}
	p.grow(int(p.staged) + len(event))
	p.bytes = append(append(p.bytes, p.stage[:p.staged]...), event...)
	p.staged = 0
	return len(p.bytes) >= pageSize
}

// grow makes room for that many bytes.
func (p *openPage) grow(bytes int) {
	need := len(p.bytes) + bytes
	if need <= cap(p.bytes) {
		return
	}
	size := max(firstSize, min(growth*cap(p.bytes), pageSize+lastEvent), need)
	p.bytes = append(make([]byte, 0, size), p.bytes...)
}

// all returns everything that is in the page, which holds nothing then.
func (p *openPage) all() []byte {
	p.bytes = append(p.bytes, p.stage[:p.staged]...)
	all := p.bytes
	p.bytes, p.staged = nil, 0
	return all
}

// next begins the next page.
func (p *openPage) next(bytes []byte) {
	p.bytes, p.last, p.id, p.before = bytes, event.NoTime, event.ID{}, Origin{}
}
