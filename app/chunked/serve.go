package chunked

import (
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"time"
)

// Command is a search command. Its methods are called from one goroutine, GetInfo
// once and first.
type Command interface {
	// GetInfo says what the command is, given its arguments. It must be cheap and
	// without side effects: splunkd also starts processes that only ask. Of the
	// Info, splunkd sees all but Finished; a message goes into its Inspector. An
	// error, or an Info.Error, ends the search with that text; Info.Type and
	// messages are still used.
	GetInfo(req Request) (Info, error)
	// Execute takes the rows of one request, CSV text that is valid until it
	// returns, and replies. finished is true for the last request. A command that
	// needs all rows replies with nothing until then. An error ends the search
	// with the error's text; messages in the Reply are still sent, its rows not.
	Execute(body []byte, finished bool) (Reply, error)
}

// StreamCommand is a Command whose rows are read while they arrive, so that a chunk
// need not fit into memory, and work on its first rows begins before its last are
// there.
type StreamCommand interface {
	// GetInfo is that of Command.
	GetInfo(req Request) (Info, error)
	// ExecuteFrom is Execute with a body that is still on its way: CSV text of size
	// bytes, then io.EOF. It must not be read after ExecuteFrom has returned. What is
	// left unread is dropped before the reply is sent: splunkd writes a chunk as a
	// whole before it reads. If splunkd goes away in the middle, body says
	// io.ErrUnexpectedEOF, and what ExecuteFrom returns does not matter any more.
	ExecuteFrom(body io.Reader, size int, finished bool) (Reply, error)
}

// Reply is what a command sends back for one execute request.
type Reply struct {
	Messages []Message // each text reaches splunkd once, however often it is sent
	Body     []byte    // CSV text with a header row, or empty; not kept
}

// PanicError is the panic of a command, caught by Serve.
type PanicError struct {
	Value any    // what was given to panic
	Stack []byte // for a log; it is not sent to splunkd
}

func (p *PanicError) Error() string {
	text := fmt.Sprintf("internal error: %v", p.Value)
	return prefix(text, maxPanicText)
}

const (
	maxPanicText = 300 // bytes of a panic's text that the user is shown
	drainTime    = 2 * time.Second
)

// Serve runs a command: it answers every request read from in with exactly one
// chunk on out, until in ends.
//
// It returns nil when splunkd has closed either side, and when the command has ended the
// search with an error: that has been told to splunkd. Input that ends within the first
// request is no search that was called off but a request that got lost, and breaks the
// protocol.
// It returns an error, after telling splunkd the same, if the command panicked (a
// *PanicError) or the input breaks the protocol, and if reading or writing fails
// for another reason than the pipe being closed.
//
// After an error chunk Serve reads and drops what comes for a short while, so
// that splunkd does not meet a broken pipe before it has read the error. Then it
// returns even if in has not ended; in must not be used any more.
//
// On Unix the Go runtime ends a program whose standard output is closed by a
// SIGPIPE. That is quiet too, but the caller that wants to clean up must have the
// signal ignored.
func Serve(in io.Reader, out io.Writer, cmd Command) error {
	return ServeStream(in, out, &wholeBodies{Command: cmd})
}

// ServeStream is Serve for a command that reads rows while they arrive.
func ServeStream(in io.Reader, out io.Writer, cmd StreamCommand) error {
	s := session{cmd: cmd, in: NewReader(in), out: NewWriter(out)}
	for s.state != ended {
		if err := s.step(); err != nil || s.state == gone {
			return err
		}
	}
	s.drain()
	return s.cause
}

// state is where a session stands. It only moves forward.
type state int

const (
	fresh    state = iota // nothing read
	informed              // getinfo answered
	finished              // the last execute request answered
	ended                 // an error chunk written
	gone                  // splunkd has closed a side
)

type session struct {
	cmd      StreamCommand
	in       *Reader
	out      *Writer
	messages outbox
	state    state
	cause    error // what Serve returns after an error chunk
}

// step reads one request and answers it. Nothing is written before the request has
// been read to its end, body and all.
func (s *session) step() error {
	metadata, body, err := s.in.Open()
	if err != nil {
		return s.inputFailed(err)
	}
	req, bad := ParseRequest(metadata)
	if bad == nil && req.Action == ActionExecute && s.state == informed {
		return s.execute(body, req.Finished)
	}
	if err := body.Discard(); err != nil {
		return s.inputFailed(err)
	}
	switch {
	case bad != nil:
		return s.refuse(bad)
	case req.Action == ActionGetInfo && s.state == fresh:
		return s.getInfo(req)
	}
	return s.refuse(fmt.Errorf("%q request %s", excerptText(req.Action), misplaced[s.state]))
}

// misplaced says why a request is wrong that the state does not allow.
var misplaced = map[state]string{
	fresh:    "before getinfo",
	informed: "after getinfo: only execute may follow",
	finished: "after the last execute request",
}

func (s *session) getInfo(req Request) error {
	info, err := guard(func() (Info, error) { return s.cmd.GetInfo(req) })
	if info.Inspector != nil {
		s.messages.add(info.Inspector.Messages...)
	}
	if err == nil && info.Error != "" {
		err = errors.New(info.Error)
	}
	if err != nil {
		info = Info{Type: info.Type, Error: errorText(err)}
	}
	if info.Type == "" {
		info.Type = TypeStreaming // the protocol's default, said aloud
	}
	info.Inspector, info.Finished = s.messages.take(), err != nil
	s.advance(informed, err)
	return s.write(info, nil)
}

func (s *session) execute(body *Body, last bool) error {
	reply, err := guard(func() (Reply, error) { return s.cmd.ExecuteFrom(body, body.Len(), last) })
	if cut := body.Discard(); cut != nil {
		return s.inputFailed(cut) // whatever the command has made of half a body
	}
	s.messages.add(reply.Messages...)
	if err != nil {
		return s.fail(err)
	}
	if last {
		s.state = finished
	}
	return s.write(Result{Inspector: s.messages.take(), Finished: last}, reply.Body)
}

// inputFailed ends the session. Input that ends or closes is a search that was cancelled
// or never meant to run, unless it ends within the request that was to begin it.
func (s *session) inputFailed(err error) error {
	if s.state == fresh && errors.Is(err, io.ErrUnexpectedEOF) {
		return s.refuse(fmt.Errorf("the input ends within the getinfo request, which has to come whole: %w", err))
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || pipeClosed(err) {
		s.state = gone
		return nil
	}
	if bad := (*HeaderError)(nil); errors.As(err, &bad) {
		return s.refuse(err)
	}
	return err
}

// refuse ends the search because splunkd, or who plays it, broke the protocol.
func (s *session) refuse(err error) error {
	s.cause = fmt.Errorf("protocol error: %w", err)
	return s.fail(s.cause)
}

// fail writes the error chunk.
func (s *session) fail(err error) error {
	s.advance(ended, err)
	return s.write(Result{Inspector: s.messages.take(), Finished: true, Error: errorText(err)}, nil)
}

// advance moves to next, or to the end if there is an error.
func (s *session) advance(next state, err error) {
	if s.state = next; err != nil {
		s.state = ended
	}
	if crash := (*PanicError)(nil); errors.As(err, &crash) {
		s.cause = crash
	}
}

func (s *session) write(metadata any, body []byte) error {
	err := s.out.Write(metadata, body)
	if err != nil && pipeClosed(err) {
		s.state = gone
		return nil
	}
	return err
}

// drain drops the rest of the input, for drainTime at most. A read that blocks
// cannot be called off in general: it is left behind.
func (s *session) drain() {
	done := make(chan struct{})
	go func() {
		_, _ = s.in.Unread(0)
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(drainTime):
	}
}

// guard turns a panic of the command into an error.
func guard[T any](call func() (T, error)) (result T, err error) {
	defer func() {
		if value := recover(); value != nil {
			err = &PanicError{Value: value, Stack: debug.Stack()}
		}
	}()
	return call()
}
