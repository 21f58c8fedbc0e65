package engine

import (
	"runtime/debug"
	"sync"

	"github.com/schtaskhunt/schtaskhunt/app/chunked"
	"github.com/schtaskhunt/schtaskhunt/app/hunt"
)

// Feed reads pieces of a text with an engine's lanes, as many at a time as there are
// workers. What is in a piece does not matter to it.
type Feed[T any] struct {
	queue   chan T
	read    func(T) // of the lane that is the sender's own
	others  bool    // there are other lanes
	once    sync.Once
	workers sync.WaitGroup
	mu      sync.Mutex
	crash   error
}

// waiting is how many pieces wait for a lane: enough for the others to go on while the
// sender reads a piece itself.
const waiting = 3

// NewFeed makes the lanes. reader is called once for each, and returns what reads a
// piece with it; what it returns is called from one goroutine at a time only.
func NewFeed[T any](e Engine, reader func(Lane) func(T)) (*Feed[T], error) {
	f := &Feed[T]{queue: make(chan T, waiting)}
	for i := range hunt.Workers() {
		lane, err := e.Lane()
		if err != nil {
			return nil, err
		}
		read := reader(lane)
		if i == 0 {
			f.read = read
			continue
		}
		f.others = true
		f.workers.Go(func() { f.work(read) })
	}
	return f, nil
}

// Send hands a piece on, or reads it itself when all other lanes have enough to do: the
// sender has a core like them, and the piece is still in that core's cache. The piece is
// the reader's from then on. Send is for one goroutine.
func (f *Feed[T]) Send(piece T) {
	if f.others {
		select {
		case f.queue <- piece:
			return
		default:
		}
	}
	f.guarded(f.read, piece)
}

// Close waits until all is read. The engine may finish after it. The error is a
// mistake in the program. Closing again does nothing more.
func (f *Feed[T]) Close() error {
	f.once.Do(func() { close(f.queue) })
	f.workers.Wait()
	return f.crash
}

func (f *Feed[T]) work(read func(T)) {
	for piece := range f.queue {
		f.guarded(read, piece)
	}
}

// guarded turns a panic into an error: on a goroutine of its own it would end the
// program without a word to splunkd.
func (f *Feed[T]) guarded(read func(T), piece T) {
	defer func() {
		if value := recover(); value != nil {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.crash = &chunked.PanicError{Value: value, Stack: debug.Stack()}
		}
	}()
	read(piece)
}
