package sample

import "container/heap"

// pidPool hands out process ids as Windows does, only more harshly: multiples
// of four out of a small set, free again as soon as their process has ended.
// A hunt that ties by PID alone must go wrong on them.
type pidPool struct {
	free []uint32
	held heldPIDs
	top  uint32 // largest id ever added
}

const (
	pidStock   = 96 // ids in the pool at first
	pidReserve = 16 // fewer free ones than this, and the pool grows
)

// take returns an id that no process running at now holds, and holds it until end.
func (p *pidPool) take(d dice, now, end Time) uint32 {
	for len(p.held) > 0 && p.held[0].until < now {
		p.free = append(p.free, heap.Pop(&p.held).(heldPID).pid)
	}
	if p.top == 0 {
		p.grow(d, pidStock)
	}
	if len(p.free) < pidReserve {
		p.grow(d, pidStock/2)
	}
	i := d.IntN(len(p.free))
	pid := p.free[i]
	p.free[i] = p.free[len(p.free)-1]
	p.free = p.free[:len(p.free)-1]
	heap.Push(&p.held, heldPID{end, pid})
	return pid
}

// grow adds n ids. They start above the ones of the kernel.
func (p *pidPool) grow(d dice, n int) {
	p.top = max(p.top, 400)
	for range n {
		p.top += 4 * uint32(1+d.IntN(32))
		p.free = append(p.free, p.top)
	}
}

type heldPID struct {
	until Time
	pid   uint32
}

// heldPIDs is a heap, the earliest end first; equal ends by id, for one order always.
type heldPIDs []heldPID

func (h heldPIDs) Len() int { return len(h) }
func (h heldPIDs) Less(i, j int) bool {
	return h[i].until < h[j].until || h[i].until == h[j].until && h[i].pid < h[j].pid
}
func (h heldPIDs) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *heldPIDs) Push(x any)   { *h = append(*h, x.(heldPID)) }
func (h *heldPIDs) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	*h = (*h)[:last]
	return x
}
