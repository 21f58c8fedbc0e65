//go:build !noremote

package cli

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/cloud"
)

// heartbeatEvery is how often remote says that it is still there.
var heartbeatEvery = 30 * time.Second

// heartbeat says on Err from time to time what remote is doing: without a terminal that
// is all that tells a search that is slow from one that hangs. On a terminal, where
// there is a bar, it speaks only of attempts that failed.
type heartbeat struct {
	out      *lockedWriter
	terminal bool
	begun    time.Time
	stop     chan struct{}
	stopped  sync.WaitGroup

	mu            sync.Mutex
	what          string
	events, total int    // that came, and that will; total is 0 while none are fetched
	trouble       string // since the last beat
}

// newHeartbeat returns a heartbeat on Err, to which from now on others write through it.
func newHeartbeat(s *Streams) *heartbeat {
	h := &heartbeat{terminal: isTerminal(s.Err), out: &lockedWriter{w: s.Err}, begun: time.Now(), stop: make(chan struct{}), what: "starting the search"}
	s.Err = h.out
	return h
}

// lockedWriter is for writers of one goroutine, used by several.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

// Write implements io.Writer.
func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

// start begins to speak, of no secrets.
func (h *heartbeat) start(secrets func() []cloud.Secret) {
	h.stopped.Go(func() {
		ticks := time.NewTicker(heartbeatEvery)
		defer ticks.Stop()
		for {
			select {
			case <-h.stop:
				return
			case <-ticks.C:
				if text := h.beat(); text != "" {
					tell(h.out, "INFO", cloud.Redact(text, secrets()...))
				}
			}
		}
	})
}

// end returns when nothing is said any more.
func (h *heartbeat) end() {
	close(h.stop)
	h.stopped.Wait()
}

// beat is what to say now, "" for nothing.
func (h *heartbeat) beat() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.terminal && h.trouble == "" {
		return ""
	}
	text := "still " + h.what
	if h.total != 0 {
		text += fmt.Sprintf(", %d came", h.events)
	}
	if h.total > 0 {
		text += fmt.Sprintf(" of %d", h.total)
	}
	text += fmt.Sprintf("; %s so far", time.Since(h.begun).Round(time.Second))
	if h.trouble != "" {
		text += "; " + h.trouble
	}
	h.trouble = ""
	return text
}

func (h *heartbeat) doing(format string, args ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.what, h.total = fmt.Sprintf(format, args...), 0
}

func (h *heartbeat) fetching(total int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.what, h.events, h.total = "fetching events", 0, total
}

func (h *heartbeat) add(events int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events += events
}

// retrying is told of an attempt that failed and is repeated.
func (h *heartbeat) retrying(text string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.trouble = text
}
