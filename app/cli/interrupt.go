package cli

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// errInterrupted ends what was interrupted from the keyboard, or by SIGTERM.
var errInterrupted = errors.New("interrupted")

// grace is how long work that was interrupted may take to end by itself. Reading stops
// within a batch of events; what waits for a pipe to speak would wait for ever.
var grace = 3 * time.Second

// untilInterrupted runs work until it is done or somebody interrupts it. A second
// interruption ends the program at once.
func untilInterrupted(work func(ctx context.Context) error) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- work(ctx) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		stop()
	}
	select {
	case err := <-done:
		if err == nil {
			return nil // it came too late
		}
	case <-time.After(grace):
	}
	return errInterrupted
}
