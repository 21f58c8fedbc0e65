package standin

import (
	"io"
	"sync"
)

// tail keeps the last bytes written to it, and passes all on. It is safe for concurrent
// use: a child of the process may write while it is read.
type tail struct {
	mu     sync.Mutex
	copyTo io.Writer // may be nil
	kept   []byte
}

// Write keeps and passes on; it never fails, so that the process it listens to is
// not stopped by a reader's trouble.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.copyTo != nil {
		_, _ = t.copyTo.Write(p)
	}
	t.kept = append(t.kept, p...)
	if over := len(t.kept) - stderrKept; over > 0 {
		t.kept = append(t.kept[:0], t.kept[over:]...)
	}
	return len(p), nil
}

// String returns what was kept.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.kept)
}
