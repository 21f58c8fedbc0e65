package host

import (
	"sync"
	"time"
)

// clock sums up how long calls took of which some overlap: the time in which there was
// at least one.
type clock struct {
	mu    sync.Mutex
	open  int       // calls under way
	since time.Time // the first of them
	spent time.Duration
	calls int
}

// begin notes a call, which is over when its result is called.
func (c *clock) begin() (end func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open++; c.open == 1 {
		c.since = time.Now()
	}
	c.calls++
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.open--; c.open == 0 {
			c.spent += time.Since(c.since)
		}
	}
}

// took returns how long the calls took so far, and how many there were.
func (c *clock) took() (time.Duration, int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open > 0 {
		return c.spent + time.Since(c.since), c.calls
	}
	return c.spent, c.calls
}
