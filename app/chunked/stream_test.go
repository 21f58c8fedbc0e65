package chunked

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
)

// streaming is a script that reads bodies itself.
type streaming struct {
	*script
	from func(body io.Reader, size int, finished bool) (Reply, error)
}

func (s *streaming) ExecuteFrom(body io.Reader, size int, finished bool) (Reply, error) {
	return s.from(body, size, finished)
}

// streamed makes a script read its bodies as a stream, through a reader of its own.
func streamed(cmd *script, through func(io.Reader) io.Reader) *streaming {
	return &streaming{cmd, func(body io.Reader, size int, finished bool) (Reply, error) {
		rows, err := io.ReadAll(through(body))
		if err != nil {
			return Reply{}, err
		}
		if len(rows) != size {
			return Reply{}, fmt.Errorf("%d bytes came for a body of %d", len(rows), size)
		}
		return cmd.execute(rows, finished)
	}}
}

// checkStreamed expects of commands that read streams what a Command has given.
func checkStreamed(t *testing.T, input string, cmd func() *script, want []byte, wantErr error) {
	t.Helper()
	for name, through := range map[string]func(io.Reader) io.Reader{
		"at once":      func(r io.Reader) io.Reader { return r },
		"byte by byte": iotest.OneByteReader,
	} {
		var out bytes.Buffer
		err := ServeStream(pieces{strings.NewReader(input), 5}, &out, streamed(cmd(), through))
		if !bytes.Equal(out.Bytes(), want) || fmt.Sprint(err) != fmt.Sprint(wantErr) {
			t.Errorf("%s: output %q, error %v; as a Command %q, %v", name, out.Bytes(), err, want, wantErr)
		}
	}
}

// careless are commands that do not care what a body says, but for the first.
func careless() map[string]*streaming {
	return map[string]*streaming{
		"reads all":     streamed(counter(), iotest.OneByteReader),
		"reads nothing": {counter(), func(io.Reader, int, bool) (Reply, error) { return Reply{}, nil }},
		"reads a byte": {counter(), func(body io.Reader, _ int, _ bool) (Reply, error) {
			_, _ = body.Read(make([]byte, 1))
			return Reply{}, nil
		}},
		"reads on at the end": {counter(), func(body io.Reader, _ int, _ bool) (Reply, error) {
			for range 3 {
				_, _ = io.ReadAll(body)
			}
			return Reply{}, nil
		}},
		"fails":  {counter(), func(io.Reader, int, bool) (Reply, error) { return Reply{}, errors.New("too bad") }},
		"panics": {counter(), func(io.Reader, int, bool) (Reply, error) { panic("too bad") }},
	}
}

// Wherever splunkd stops, and whatever a command leaves of its body, there is one reply
// to each request that was whole; a first request that was not is an error, any later one
// a search that was called off.
func TestServeTruncatedAnywhere(t *testing.T) {
	all := getinfo + more + last
	for name := range careless() {
		for i := range len(all) + 1 {
			var out bytes.Buffer
			err := ServeStream(strings.NewReader(all[:i]), &out, careless()[name])
			got := readAll(t, out.Bytes())
			if i > 0 && i < len(getinfo) {
				if !errors.Is(err, io.ErrUnexpectedEOF) || len(got) != 1 || !strings.Contains(got[0].meta, "ends within the getinfo request") {
					t.Errorf("%s, cut at %d: replies %q, error %v", name, i, got, err)
				}
				continue
			}
			want := 0
			for _, end := range []int{len(getinfo), len(getinfo + more), len(all)} {
				if i >= end {
					want++
				}
			}
			ends := name == "fails" || name == "panics" // with the first reply to rows
			if ends {
				want = min(want, 2)
			}
			var crash *PanicError
			if told := errors.As(err, &crash); told != (name == "panics" && want == 2) || !told && err != nil {
				t.Errorf("%s, cut at %d: %v", name, i, err)
			}
			if len(got) != want {
				t.Errorf("%s, cut at %d: %d replies, want %d", name, i, len(got), want)
			}
			if ends && want == 2 && !strings.Contains(got[1].meta, "too bad") {
				t.Errorf("%s, cut at %d: reply %q", name, i, got[1])
			}
		}
	}
}

// splunkd writes a chunk as a whole before it reads. A reply that came earlier would
// stand in its way, and in ours: neither pipe here has room for a byte.
func TestServeStreamRepliesAfterTheBody(t *testing.T) {
	long := frame(`{"action":"execute","finished":true}`, strings.Repeat("row\n", 1<<16))
	for name, cmd := range careless() {
		in, splunkd := io.Pipe()
		replies, out := io.Pipe()
		go func() {
			_ = ServeStream(in, out, cmd)
			_ = out.Close()
		}()
		r := NewReader(replies)
		for _, request := range []string{getinfo, long} {
			if _, err := io.WriteString(splunkd, request); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if _, err := r.Read(); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		_ = splunkd.Close()
		if _, err := r.Read(); !errors.Is(err, io.EOF) {
			t.Errorf("%s: after the end: %v", name, err)
		}
	}
}

// Large reads need no memory but the command's own, however long the body says it is.
func TestServeStreamKeepsNoBody(t *testing.T) {
	const size = 64 << 20
	buf := make([]byte, 256<<10)
	cmd := &streaming{counter(), func(body io.Reader, _ int, _ bool) (Reply, error) {
		n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, body, buf)
		if n != size {
			t.Errorf("%d bytes came, %v", n, err)
		}
		return Reply{}, err
	}}
	meta := `{"action":"execute","finished":true}`
	in := io.MultiReader(strings.NewReader(fmt.Sprintf("%schunked 1.0,%d,%d\n%s", getinfo, len(meta), size, meta)), io.LimitReader(zeros{}, size))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := ServeStream(in, io.Discard, cmd); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20 {
		t.Errorf("%d bytes are allocated for a body of %d", n, size)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// BenchmarkServeStream measures what Serve costs a command that takes rows as they
// come, and one that waits for them.
func BenchmarkServeStream(b *testing.B) {
	const size = 16 << 20
	buf := make([]byte, 256<<10)
	stream := &streaming{counter(), func(body io.Reader, _ int, _ bool) (Reply, error) {
		_, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, body, buf)
		return Reply{}, err
	}}
	meta := `{"action":"execute","finished":false}`
	head := fmt.Sprintf("chunked 1.0,%d,%d\n%s", len(meta), size, meta)
	for name, serve := range map[string]func(io.Reader) error{
		"stream": func(in io.Reader) error { return ServeStream(in, io.Discard, stream) },
		"whole": func(in io.Reader) error {
			return Serve(in, io.Discard, &script{execute: func([]byte, bool) (Reply, error) { return Reply{}, nil }})
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(4 * size)
			b.ReportAllocs()
			for b.Loop() {
				in := []io.Reader{strings.NewReader(getinfo)}
				for range 4 {
					in = append(in, strings.NewReader(head), io.LimitReader(zeros{}, size))
				}
				if err := serve(io.MultiReader(in...)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
