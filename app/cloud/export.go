package cloud

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/json"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// errStreamCut is a stream of results that ended before its last one.
var errStreamCut = errors.New("the stream of results broke off")

var errNoObject = errors.New("the line is no object")

// Exported is what came of an export.
type Exported struct {
	Rows     int
	Messages []Message
	// Unended is set when the stream ended well as far as HTTP knows, but without the
	// mark that its last result bears.
	Unended bool
}

// Export runs a search and hands its results to r while they are found. Such a search
// has no limit on results, and no results that could be asked for again: when the
// stream breaks, the search starts over and r begins again. fetched is told of each
// result, and of fewer than none when they start over. The search ends with its
// connection, so there is nothing to cancel.
func (s *Splunkd) Export(ctx context.Context, q Search, latest event.Time, r Receiver, fetched func(int)) (Exported, error) {
	p := s.transport.Policy
	for attempt := 1; ; attempt++ {
		out, err := s.export(ctx, q, latest, r, fetched)
		if !errors.Is(err, errStreamCut) || !worthRepeating(err) || ctx.Err() != nil {
			return out, err
		}
		if attempt >= p.Attempts {
			return out, fmt.Errorf("%w, %d times: use --fetch pages, which goes on where it was", err, attempt)
		}
		if fetched != nil {
			fetched(-out.Rows)
		}
		if s.transport.Tell != nil {
			s.transport.Tell(fmt.Sprintf("%v; starting over", err))
		}
		if err := sleep(ctx, p.backOff(attempt)); err != nil {
			return out, err
		}
	}
}

func (s *Splunkd) export(ctx context.Context, q Search, latest event.Time, r Receiver, fetched func(int)) (out Exported, err error) {
	rec, err := r.Begin(latest)
	if err != nil {
		return out, err
	}
	resp, err := s.openExport(ctx, q)
	if err != nil {
		return out, err
	}
	defer func() { _ = resp.Body.Close() }()
	x := export{rec: rec, to: r, longest: s.transport.Policy.MaxRow}
	err = x.read(resp.Body, fetched)
	if err == nil {
		err = x.end(resp)
	}
	return x.Exported, err
}

// openExport starts the search. The first version of the endpoint is asked where there
// is no second.
func (s *Splunkd) openExport(ctx context.Context, q Search) (resp *http.Response, err error) {
	form := searchForm(q)
	form.Set("preview", "false")
	// Nothing has come yet, so that starting over costs nothing.
	ctx = withKind(ctx, kind{repeatable: true, stream: true})
	for _, path := range jobPaths {
		resp, err = s.send(ctx, http.MethodPost, path+"/export", form, "exporting the search")
		var status *StatusError
		if !errors.As(err, &status) || status.Code != http.StatusNotFound {
			return resp, err
		}
	}
	return nil, err
}

// longLine reads a line; of one that is longer than most bytes it drops all, and says
// so.
func longLine(r *bufio.Reader, most int) (line []byte, tooLong bool, err error) {
	line, err = r.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return line, false, err
	}
	long := bytes.Clone(line)
	for errors.Is(err, bufio.ErrBufferFull) {
		line, err = r.ReadSlice('\n')
		if tooLong = tooLong || len(long)+len(line) > most; tooLong {
			long = nil
			continue
		}
		long = append(long, line...)
	}
	return long, tooLong, err
}

// export reads the lines of an export in JSON: an object each, with a result, messages,
// or both, and a mark on the last.
type export struct {
	Exported
	rec     *record.Record
	results resultReader
	to      Receiver
	last    bool
	longest int // bytes of a line
}

type exportLine struct {
	Preview  bool            `json:"preview"`
	LastRow  bool            `json:"lastrow"`
	Result   json.RawMessage `json:"result"`
	Messages json.RawMessage `json:"messages"`
}

// Bounds of what a server says beside its results.
const (
	longestMessages = 1 << 20 // bytes of JSON
	mostMessages    = 100
)

// read reads the lines of the stream to their end.
func (x *export) read(body io.Reader, fetched func(int)) error {
	lines := bufio.NewReaderSize(body, 256<<10)
	for {
		line, long, err := longLine(lines, x.longest)
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("%w after %d results: %w", errStreamCut, x.Rows, err)
		}
		before := x.Rows
		if long {
			x.Rows++
			tooLong(x.to, x.longest)
		}
		if failed := x.line(bytes.TrimSpace(line), err == nil); failed != nil {
			return failed
		}
		if fetched != nil && x.Rows > before {
			fetched(x.Rows - before)
		}
		if err != nil {
			return nil
		}
	}
}

// line takes a line; ended is set when there was a line end behind it.
func (x *export) line(text []byte, ended bool) error {
	if len(text) == 0 {
		return nil
	}
	var l exportLine
	err := errNoObject
	if text[0] == '{' {
		err = json.Unmarshal(text, &l)
	}
	switch {
	case err != nil && x.Rows == 0 && isHTML(text):
		return fmt.Errorf("exporting the search: %w", errWebPage)
	case err != nil && !ended:
		return fmt.Errorf("%w after %d results: in the middle of one", errStreamCut, x.Rows)
	case err != nil: // the line is whole, and broken on the server: it costs one event
		x.broken()
		return nil
	}
	if err := x.take(l.messages()); err != nil {
		return err
	}
	if l.Preview {
		return nil
	}
	x.last = l.LastRow
	if len(l.Result) == 0 || bytes.Equal(l.Result, []byte("null")) {
		return nil
	}
	x.Rows++
	if err := x.results.fill(l.Result, x.rec); err != nil {
		x.to.Malformed()
		return nil
	}
	x.to.Take()
	return nil
}

// broken counts a line that is no result, and should be.
func (x *export) broken() {
	x.Rows++
	x.to.Malformed()
}

// messages are those of a line, unless they are too long to be worth a look.
func (l exportLine) messages() []Message {
	if len(l.Messages) > longestMessages {
		return []Message{{"WARN", fmt.Sprintf("(%d bytes of messages, which are left out)", len(l.Messages))}}
	}
	var v any
	if len(l.Messages) == 0 || json.Unmarshal(l.Messages, &v) != nil {
		return nil
	}
	return messagesOf(v)
}

func (x *export) take(messages []Message) error {
	for _, m := range messages {
		if m.Level == "FATAL" {
			return &FailedError{ID: "of the export", Status: Status{Messages: []Message{m}}}
		}
		if len(x.Messages) < mostMessages && !slices.Contains(x.Messages, m) {
			x.Messages = append(x.Messages, m)
		}
	}
	return nil
}

// end judges a stream that has ended as far as HTTP knows. Where it cannot know, for
// want of a length and of chunks, only the mark tells.
func (x *export) end(resp *http.Response) error {
	if x.last {
		return nil
	}
	if !framed(resp) {
		return fmt.Errorf("%w after %d results: the connection was closed before the last", errStreamCut, x.Rows)
	}
	x.Unended = true
	return nil
}
