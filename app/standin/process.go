package standin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/chunked"
)

const (
	strayQuoted = 80              // bytes of stray output that an error repeats
	stderrKept  = 64 << 10        // bytes of a process's stderr that are kept
	settleTime  = 1 * time.Second // for a process at fault to end by itself
	waitDelay   = 2 * time.Second // for children that outlive the process and hold its pipes
)

// process is one running command, seen from splunkd's side.
type process struct {
	name     string
	ctx      context.Context
	cancel   context.CancelFunc
	cmd      *exec.Cmd
	stdin    io.Closer
	in       *chunked.Writer
	out      *chunked.Reader
	stderr   tail
	said     map[string]bool // texts of its messages
	requests int             // execute requests sent
	failed   bool            // it has ended the search with an error
	waited   bool
	exit     error
}

func start(ctx context.Context, name string, cfg *Config) (*process, error) {
	p := &process{name: name, said: make(map[string]bool), stderr: tail{copyTo: cfg.Stderr}}
	p.ctx, p.cancel = context.WithCancel(ctx)
	p.cmd = exec.CommandContext(p.ctx, cfg.Binary, cfg.BinaryArgs...)
	p.cmd.Stderr, p.cmd.WaitDelay = &p.stderr, waitDelay
	if err := p.connect(); err != nil {
		p.cancel()
		return nil, fmt.Errorf("starting %s: %w", name, err)
	}
	return p, nil
}

// connect starts the program on two pipes. They are closed when the context ends:
// a child of the program may hold the other ends open.
func (p *process) connect() error {
	stdin, err := p.cmd.StdinPipe()
	if err != nil {
		return err
	}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	p.stdin, p.in, p.out = stdin, chunked.NewWriter(stdin), chunked.NewReader(stdout)
	p.out.SetStrict(true)
	if err := p.cmd.Start(); err != nil {
		return err
	}
	context.AfterFunc(p.ctx, func() {
		_ = stdin.Close()
		_ = stdout.Close()
	})
	return nil
}

func (p *process) getInfo(about chunked.SearchInfo, preview bool) (chunked.Info, error) {
	meta, err := chunked.GetInfoMetadata(about, preview)
	if err != nil {
		return chunked.Info{}, err
	}
	reply, err := p.ask("getinfo", meta, nil)
	if err != nil {
		return chunked.Info{}, err
	}
	if len(reply.Body) > 0 {
		return chunked.Info{}, fmt.Errorf("reply to getinfo has a body of %d bytes", len(reply.Body))
	}
	info, err := chunked.ParseInfo(reply.Metadata)
	if err == nil && info.Error == "" && info.Finished {
		err = errors.New("reply to getinfo says finished without an error")
	}
	return info, err
}

// execute sends one request. The body of the reply is valid until the next.
func (p *process) execute(body []byte, last bool) (chunked.Result, []byte, error) {
	p.requests++
	reply, err := p.ask(fmt.Sprintf("execute request %d", p.requests), chunked.ExecuteMetadata(last), body)
	if err != nil {
		return chunked.Result{}, nil, err
	}
	result, err := chunked.ParseResult(reply.Metadata)
	if err == nil && result.Error == "" && result.Finished != last {
		err = fmt.Errorf("reply to execute request %d says finished=%t, the request finished=%t", p.requests, result.Finished, last)
	}
	return result, reply.Body, err
}

// ask writes one chunk, whole, and then waits for the reply, as splunkd does: a
// program that writes before it has read may deadlock here, as it would there.
func (p *process) ask(what string, meta, body []byte) (chunked.Chunk, error) {
	if p.out.Buffered() > 0 {
		return chunked.Chunk{}, p.stray()
	}
	if err := p.in.WriteRaw(meta, body); err != nil {
		return chunked.Chunk{}, fmt.Errorf("sending %s: %w", what, err)
	}
	reply, err := p.out.Read()
	if errors.Is(err, io.EOF) {
		err = errors.New("the process ended instead")
	}
	if err != nil {
		return chunked.Chunk{}, fmt.Errorf("waiting for the reply to %s: %w", what, err)
	}
	return reply, nil
}

// finish closes the input and sees that the process ends well, with nothing more
// to say.
func (p *process) finish() error {
	_ = p.stdin.Close()
	err := p.stray()
	exit := p.wait()
	if err == nil && exit != nil && !p.failed {
		err = errors.New("after the last reply")
	}
	if err != nil {
		return p.explain(err)
	}
	return nil
}

// stray reports output that answers nothing.
func (p *process) stray() error {
	_ = p.stdin.Close()
	rest, err := p.out.Unread(strayQuoted)
	switch {
	case bytes.HasPrefix(rest, []byte("chunked ")):
		return fmt.Errorf("more than one reply to a request: %q", rest)
	case len(rest) > 0:
		return fmt.Errorf("stray bytes on standard output after a reply: %q", rest)
	}
	return err
}

// fault is an error that says which process it is about.
type fault struct{ error }

func (f fault) Unwrap() error { return f.error }

// explain adds to an error which process it was, how it ended and what it wrote
// to stderr last.
func (p *process) explain(err error) error {
	cause := context.Cause(p.ctx)
	p.settle()
	if errors.As(err, new(fault)) {
		return err // of a process that this one was waiting for
	}
	if err = fmt.Errorf("%s: %w", p.name, err); cause != nil {
		err = fmt.Errorf("%w: %w", err, cause)
	}
	if p.exit != nil && p.ctx.Err() == nil {
		err = fmt.Errorf("%w (%w)", err, p.exit)
	}
	if text := strings.TrimSpace(p.stderr.String()); text != "" {
		err = fmt.Errorf("%w; stderr: %s", err, text)
	}
	return fault{err}
}

// settle lets the process end by itself for a moment, to learn its exit status,
// and kills it then.
func (p *process) settle() {
	_ = p.stdin.Close()
	timer := time.AfterFunc(settleTime, p.cancel)
	defer timer.Stop()
	_ = p.wait()
}

// kill ends the process if it has not ended.
func (p *process) kill() {
	p.cancel()
	_ = p.wait()
}

func (p *process) wait() error {
	if !p.waited {
		p.exit = p.cmd.Wait()
		p.waited = true
	}
	return p.exit
}
