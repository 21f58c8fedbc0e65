package cloud

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// Causes of a request's end when its server said nothing for too long, or next to
// nothing.
var (
	errSilent = errors.New("the server sent nothing")
	errDrip   = errors.New("the answer drips")
)

// watch ends a request that stays silent. A deadline for the whole would not do: a page
// of results takes as long as it takes.
type watch struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	timer  *time.Timer
	limit  time.Duration
	rate   rate
}

// rate finds answers that come byte by byte, which are never silent and never end.
type rate struct {
	least int           // bytes a second
	over  time.Duration // in each of these spans
	lines bool          // a line that ends is enough: results are rare in some searches

	since time.Time
	bytes int
}

// heard takes note of what came, and returns an error when it is too little.
func (r *rate) heard(p []byte, now time.Time) error {
	if r.since.IsZero() || r.lines && bytes.IndexByte(p, '\n') >= 0 {
		r.since, r.bytes = now, 0
		return nil
	}
	r.bytes += len(p)
	span := now.Sub(r.since)
	if span < r.over {
		return nil
	}
	if r.bytes < int(span.Seconds()*float64(r.least)) {
		return fmt.Errorf("%w: %d bytes in %s, and at least %d a second are wanted", errDrip, r.bytes, span.Round(time.Millisecond), r.least)
	}
	r.since, r.bytes = now, 0
	return nil
}

func newWatch(parent context.Context, how kind, p Policy) *watch {
	ctx, cancel := context.WithCancelCause(parent)
	limit := how.silence(p)
	w := &watch{ctx: ctx, cancel: cancel, limit: limit, rate: rate{least: p.MinRate, over: p.Silence, lines: how.stream}}
	w.timer = time.AfterFunc(limit, func() { cancel(fmt.Errorf("%w for %s", errSilent, limit)) })
	return w
}

func (w *watch) heard(p []byte) error {
	w.timer.Reset(w.limit)
	return w.rate.heard(p, time.Now())
}

func (w *watch) end() {
	w.timer.Stop()
	w.cancel(nil)
}

// why says why the request ended, where its own error says no more than that.
func (w *watch) why(err error) error {
	var patience *patienceError
	var farewell *farewellError
	if cause := context.Cause(w.ctx); errors.Is(cause, errSilent) || errors.As(cause, &patience) || errors.As(cause, &farewell) {
		return cause
	}
	return err
}

// watched is a body whose bytes keep its watch quiet.
type watched struct {
	io.ReadCloser
	watch *watch
}

func (b *watched) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		if !errors.Is(err, io.EOF) {
			err = b.watch.why(err)
		}
		return n, err
	}
	return n, b.watch.heard(p[:n])
}

func (b *watched) Close() error {
	err := b.ReadCloser.Close()
	b.watch.end()
	return err
}
