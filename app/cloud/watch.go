package cloud

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// errSilent is the cause of a request's end when its server said nothing for too long.
var errSilent = errors.New("the server sent nothing")

// watch ends a request that stays silent. A deadline for the whole would not do: a page
// of results takes as long as it takes.
type watch struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	timer  *time.Timer
	limit  time.Duration
}

func newWatch(parent context.Context, limit time.Duration) *watch {
	ctx, cancel := context.WithCancelCause(parent)
	w := &watch{ctx: ctx, cancel: cancel, limit: limit}
	w.timer = time.AfterFunc(limit, func() { cancel(fmt.Errorf("%w for %s", errSilent, limit)) })
	return w
}

func (w *watch) heard() { w.timer.Reset(w.limit) }

func (w *watch) end() {
	w.timer.Stop()
	w.cancel(nil)
}

// why says why the request ended, where its own error says no more than that.
func (w *watch) why(err error) error {
	if cause := context.Cause(w.ctx); errors.Is(cause, errSilent) {
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
	b.watch.heard()
	return n, nil
}

func (b *watched) Close() error {
	err := b.ReadCloser.Close()
	b.watch.end()
	return err
}
