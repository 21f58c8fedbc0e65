package kql

import (
	"runtime"
	"sync"
)

// maxSides leaves the other cores of a large search head to others: the stages take a
// small part of what reading the events does.
const maxSides = 4

// sides is how many goroutines share one stage.
func sides() int { return min(maxSides, runtime.GOMAXPROCS(0)) }

// sideBySide calls do for every side of n, each in a goroutine, and waits for all.
func sideBySide(n int, do func(side int)) {
	var all sync.WaitGroup
	for side := range n {
		all.Go(func() { do(side) })
	}
	all.Wait()
}

// share returns the part of a list of n things that is a side's.
func share(n, side, sides int) (from, to int) { return n * side / sides, n * (side + 1) / sides }
