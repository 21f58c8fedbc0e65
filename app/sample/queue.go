package sample

import "container/heap"

// pending is a process that is going to start.
type pending struct {
	at     Time
	order  int // breaks ties by the order of asking
	parent *Process
	what   launch
	plant  *plant
	key    string // name of the service it is, if it is one
}

// startQueue is a heap of processes to start, the earliest first: PIDs must be
// given out in the order of time.
type startQueue []pending

func (q startQueue) Len() int { return len(q) }
func (q startQueue) Less(i, j int) bool {
	return q[i].at < q[j].at || q[i].at == q[j].at && q[i].order < q[j].order
}
func (q startQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *startQueue) Push(x any)   { *q = append(*q, x.(pending)) }
func (q *startQueue) Pop() any {
	last := len(*q) - 1
	x := (*q)[last]
	(*q)[last] = pending{}
	*q = (*q)[:last]
	return x
}

// ask puts a start into the queue.
func (s *simulation) ask(p pending) {
	s.asked++
	p.order = s.asked
	heap.Push(&s.queue, p)
}

func (s *simulation) next() pending { return heap.Pop(&s.queue).(pending) }
