package cloud

import (
	"context"
	"fmt"
	"time"
)

// patienceError is the end of a request that with all its retries took too long.
type patienceError struct {
	limit time.Duration
	last  string // what came of the attempt before, "" if there was none
}

func (e *patienceError) Error() string {
	text := fmt.Sprintf("no answer within %s, all retries included (--patience)", e.limit)
	if e.last != "" {
		text += "; the attempt before: " + e.last
	}
	return text
}

// farewellError is the end of the time in which a search may be cancelled.
type farewellError struct{ limit time.Duration }

func (e *farewellError) Error() string { return fmt.Sprintf("no answer within %s", e.limit) }

type patienceKey struct{}

// within bounds what is done for one request: its retries, the login that it needs, the
// looks at what became of it. One that is part of another has that one's time, so that
// times do not multiply.
func (p Policy) within(ctx context.Context) (context.Context, context.CancelFunc) {
	if p.Patience <= 0 || ctx.Value(patienceKey{}) != nil {
		return ctx, func() {}
	}
	ctx = context.WithValue(ctx, patienceKey{}, true)
	return context.WithTimeoutCause(ctx, p.Patience, &patienceError{limit: p.Patience})
}

// runsOut reports whether the time for a request is over before a wait is. The user's
// own deadlines count as well.
func runsOut(ctx context.Context, wait time.Duration) bool {
	deadline, has := ctx.Deadline()
	return has && time.Until(deadline) <= wait
}
