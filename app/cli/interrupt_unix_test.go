//go:build unix

package cli

import (
	"bytes"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// slow gives some events, is interrupted, and then says nothing for ever.
type slow struct {
	text *strings.Reader
	stop chan struct{}
	once sync.Once
}

func (s *slow) Read(p []byte) (int, error) {
	if n, err := s.text.Read(p); err == nil {
		return n, nil
	}
	s.once.Do(func() { _ = syscall.Kill(os.Getpid(), syscall.SIGINT) })
	<-s.stop
	return 0, io.EOF
}

// Ctrl-C says what was read and leaves no half report, also where reading waits for a
// pipe that does not speak.
func TestHuntInterrupted(t *testing.T) {
	was := grace
	grace = 50 * time.Millisecond
	defer func() { grace = was }()
	events, err := os.ReadFile("../../testdata/first/events.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	report := dir + "/report.html"
	if err := os.WriteFile(report, []byte("the last one"), 0o600); err != nil {
		t.Fatal(err)
	}
	in := &slow{text: strings.NewReader(string(events)), stop: make(chan struct{})}
	defer close(in.stop)
	var out, errs bytes.Buffer
	code := Main([]string{"hunt", "-o", report, "-"}, Streams{In: in, Out: &out, Err: &errs})
	if code != failed || out.Len() != 0 || !strings.Contains(errs.String(), "interrupted: 7.0 kB of 1 file read, nothing written") {
		t.Errorf("exit %d, %q, %q", code, out.String(), errs.String())
	}
	left, _ := os.ReadDir(dir)
	if text, err := os.ReadFile(report); err != nil || string(text) != "the last one" || len(left) != 1 {
		t.Errorf("the report is %q (%v), with %d files in its folder", text, err, len(left))
	}
}
