package host

import (
	"bytes"
	"fmt"
	"io"
	"sync"
)

// What a plugin may say. A line that is longer is cut, further lines are dropped; one
// that writes more than maxOutput bytes is killed, for reading it takes the time that
// the search needs.
const (
	maxLogLine  = 512
	maxLogLines = 100
	maxOutput   = 64 << 20
)

// pluginLog passes what a plugin writes on, line by line, escaped and limited.
type pluginLog struct {
	mu    sync.Mutex
	to    func(string)
	name  string
	lines int
	bytes int64
	flood func() // called once, when there is too much
}

// stream returns a writer for one of the plugin's streams; lines of different
// streams do not mix. It never fails.
func (l *pluginLog) stream() io.Writer { return &logStream{log: l} }

type logStream struct {
	log  *pluginLog
	line []byte // the begin of the line so far, at most a byte more than is shown
}

// Write takes any piece of the stream.
func (s *logStream) Write(p []byte) (int, error) {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	s.log.count(len(p))
	for rest := p; len(rest) > 0; {
		line, after, ended := bytes.Cut(rest, []byte{'\n'})
		room := maxLogLine + 1 - len(s.line)
		s.line = append(s.line, line[:min(room, len(line))]...)
		if rest = after; ended {
			s.log.print(s.line)
			s.line = s.line[:0]
		}
	}
	return len(p), nil
}

// flush passes on a last line that has no end.
func (s *logStream) flush() {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	if len(s.line) > 0 {
		s.log.print(s.line)
		s.line = s.line[:0]
	}
}

func (l *pluginLog) count(n int) {
	before := l.bytes
	l.bytes += int64(n)
	if before <= maxOutput && l.bytes > maxOutput && l.flood != nil {
		go l.flood()
	}
}

func (l *pluginLog) print(line []byte) {
	line = bytes.TrimRight(line, "\r")
	if l.to == nil || len(line) == 0 {
		return
	}
	switch l.lines++; {
	case l.lines <= maxLogLines:
		l.to(fmt.Sprintf("plugin %s: %s", l.name, printable(string(line), maxLogLine)))
	case l.lines == maxLogLines+1:
		l.to(fmt.Sprintf("plugin %s: it wrote more than %d lines, and the rest is left out", l.name, maxLogLines))
	}
}

// silence ends the log: nothing is passed on any more when it returns.
func (l *pluginLog) silence() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.to = nil
}
