//go:build bench

package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/chunked"
)

// patience bounds every process: a competitor that hangs fails, and is not waited for.
const patience = 20 * time.Minute

// cost is what one run of a program took.
type cost struct {
	Wall   time.Duration
	CPU    time.Duration // of the whole process, its start included
	Memory int64         // bytes resident at the peak
}

// wholeRun runs a program from start to end and returns what it printed.
func wholeRun(dir string, command ...string) (cost, []byte, error) {
	var out []byte
	c, err := converse(dir, func(s *session, _ *time.Time) (err error) {
		_ = s.stdin.Close()
		out, err = io.ReadAll(s.stdout)
		return err
	}, command...)
	return c, out, err
}

// session is a running program with pipes to it.
type session struct {
	stdin  io.WriteCloser
	stdout io.Reader
}

// converse starts a program, lets talk speak to it, and sees it end well. The wall time
// is that of the program, or, if talk sets *since, that since then.
func converse(dir string, talk func(s *session, since *time.Time) error, command ...string) (c cost, err error) {
	self, err := os.Executable()
	if err != nil {
		return c, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	r, w, err := os.Pipe()
	if err != nil {
		return c, err
	}
	defer r.Close()
	var errs bytes.Buffer
	p := exec.CommandContext(ctx, self, append([]string{playMeasure}, command...)...)
	p.Dir, p.Stderr, p.ExtraFiles = dir, &errs, []*os.File{w}
	stdin, err1 := p.StdinPipe()
	stdout, err2 := p.StdoutPipe()
	if err := errors.Join(err1, err2, p.Start(), w.Close()); err != nil {
		return c, err
	}
	var since time.Time
	said := talk(&session{stdin, stdout}, &since)
	if said != nil {
		cancel()
	}
	_ = stdin.Close()
	unmeasured := json.NewDecoder(r).Decode(&c)
	if !since.IsZero() {
		c.Wall = time.Since(since)
	}
	if err = errors.Join(said, p.Wait()); err == nil {
		err = unmeasured
	}
	if err != nil {
		return c, fmt.Errorf("%v: %w\n%s", command, err, errs.Bytes())
	}
	return c, nil
}

// copyThrough writes bytes to a process that reads and drops them, this
// program itself (see drop): what the pipe alone costs.
func copyThrough(stream []byte) (cost, error) {
	self, err := os.Executable()
	if err != nil {
		return cost{}, err
	}
	return converse(".", func(s *session, since *time.Time) error {
		if _, err := io.ReadFull(s.stdout, make([]byte, 1)); err != nil {
			return err // it says when it is ready: its start is not the pipe's cost
		}
		*since = time.Now()
		_, err := s.stdin.Write(stream)
		return err
	}, self, playCopy)
}

// search asks getinfo and then feeds the chunks of a stream as splunkd does: one
// whole chunk, then it waits for the reply. Each reply is given to each, which must
// not keep it.
func search(stream []byte, args []string, each func(chunked.Chunk) error, command ...string) (cost, error) {
	return converse(".", func(s *session, since *time.Time) error {
		replies := chunked.NewReader(s.stdout)
		if _, err := getInfo(s, replies, args); err != nil {
			return err
		}
		*since = time.Now()
		for len(stream) > 0 {
			size, err := chunkSize(stream)
			if err != nil {
				return err
			}
			if _, err := s.stdin.Write(stream[:size]); err != nil {
				return err
			}
			stream = stream[size:]
			if err := answer(replies, each); err != nil {
				return err
			}
		}
		return nil
	}, command...)
}

func getInfo(s *session, replies *chunked.Reader, args []string) (info chunked.Info, err error) {
	meta, err := chunked.GetInfoMetadata(chunked.SearchInfo{
		Args: args, RawArgs: args, SID: "1.1", App: "search", Owner: "admin", Username: "admin", Command: "schtaskhunt",
		SessionKey: chunked.NewSessionKey("none"), SplunkdURI: "https://127.0.0.1:8089", SplunkVersion: "9.4.6",
		DispatchDir: os.TempDir(), MaxResultRows: chunked.DefaultMaxResultRows,
	}, false)
	if err != nil {
		return info, err
	}
	if err := chunked.NewWriter(s.stdin).WriteRaw(meta, nil); err != nil {
		return info, err
	}
	reply, err := replies.Read()
	if err != nil {
		return info, fmt.Errorf("reading the reply to getinfo: %w", err)
	}
	if info, err = chunked.ParseInfo(reply.Metadata); err == nil && info.Error != "" {
		err = fmt.Errorf("it refuses the search: %s", info.Error)
	}
	return info, err
}

func answer(replies *chunked.Reader, each func(chunked.Chunk) error) error {
	reply, err := replies.Read()
	if err != nil {
		return fmt.Errorf("reading a reply: %w", err)
	}
	result, err := chunked.ParseResult(reply.Metadata)
	if err != nil {
		return err
	}
	if result.Error != "" {
		return fmt.Errorf("the search failed: %s", result.Error)
	}
	return each(reply)
}

// chunkSize returns the bytes of the first chunk of a stream, header and all.
func chunkSize(stream []byte) (int, error) {
	line, _, _ := bytes.Cut(stream[:min(len(stream), chunked.MaxHeader)], []byte("\n"))
	var meta, body int
	if _, err := fmt.Sscanf(string(line), "chunked 1.0,%d,%d", &meta, &body); err != nil {
		return 0, fmt.Errorf("chunk header %q: %w", line, err)
	}
	return len(line) + 1 + meta + body, nil
}
