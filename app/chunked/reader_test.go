package chunked

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func frame(meta, body string) string {
	return fmt.Sprintf("chunked 1.0,%d,%d\n%s%s", len(meta), len(body), meta, body)
}

type text struct{ meta, body string }

// readAll reads chunks to the end and fails the test on anything but a clean one.
func readAll(t *testing.T, data []byte) []text {
	t.Helper()
	chunks, err := readFrom(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%v in %s", err, excerpt(data))
	}
	return chunks
}

// readFrom reads chunks whole, to the end.
func readFrom(src io.Reader) (chunks []text, err error) { return ways["whole"].from(src) }

// way reads the next chunk.
type way func(r *Reader) (text, error)

func (next way) from(src io.Reader) (chunks []text, err error) {
	r := NewReader(src)
	for {
		chunk, err := next(r)
		if errors.Is(err, io.EOF) {
			return chunks, nil
		}
		if err != nil {
			return chunks, err
		}
		chunks = append(chunks, chunk)
	}
}

// ways are those in which a chunk can be read. They differ in nothing but that a body
// that is passed over is not seen.
var ways = map[string]way{
	"whole": func(r *Reader) (text, error) {
		chunk, err := r.Read()
		return text{string(chunk.Metadata), string(chunk.Body)}, err
	},
	"as a stream":  func(r *Reader) (text, error) { return opened(r, io.ReadAll) },
	"byte by byte": func(r *Reader) (text, error) { return opened(r, byteByByte) },
	passedOver:     func(r *Reader) (text, error) { return opened(r, nil) },
}

const passedOver = "passed over"

func byteByByte(r io.Reader) ([]byte, error) { return io.ReadAll(iotest.OneByteReader(r)) }

// opened reads the body of the next chunk, if at all, as it arrives. Whatever the body's
// end is, it is said as often as one asks.
func opened(r *Reader, read func(io.Reader) ([]byte, error)) (text, error) {
	metadata, body, err := r.Open()
	if err != nil {
		return text{}, err
	}
	size, rows := body.Len(), []byte(nil)
	if read == nil {
		err = body.Discard()
	} else {
		rows, err = read(body)
	}
	end := err
	if err == nil {
		end = io.EOF
	}
	for range 2 {
		if n, again := body.Read(make([]byte, 9)); n != 0 || !errors.Is(again, end) {
			return text{}, fmt.Errorf("a body of %d bytes ended with %w, then with %w", size, end, again)
		}
	}
	if left := body.Len(); err == nil && (left != 0 || read != nil && size != len(rows)) {
		return text{}, fmt.Errorf("of a body of %d bytes %d came and %d are left", size, len(rows), left)
	}
	return text{string(metadata), string(rows)}, err
}

// eachWay calls check for each way, with what it does not see taken out of the chunks.
func eachWay(chunks []text, check func(name string, read func(io.Reader) ([]text, error), want []text)) {
	for name, next := range ways {
		want := slices.Clone(chunks)
		for i := range want {
			if name == passedOver {
				want[i].body = ""
			}
		}
		check(name, next.from, want)
	}
}

func TestHeaderVariants(t *testing.T) {
	const meta, body = `{"a":1}`, "x\n1\n"
	for _, c := range []struct {
		name, header string
		bad          string // part of the error; empty if the header is good
	}{
		{"as splunkd writes it", "chunked 1.0,7,4\n", ""},
		{"spaces", "chunked  1.0 , 7 ,  4 \n", ""},
		{"tabs", "chunked\t1.0\t,\t7\t,\t4\t\n", ""},
		{"CRLF", "chunked 1.0,7,4\r\n", ""},
		{"blank lines before", "\n\r\n \nchunked 1.0,7,4\n", ""},
		{"leading zeros", "chunked 1.0,007,0000000000000000000000004\n", ""},
		{"longest line", "chunked 1.0,7,4" + strings.Repeat(" ", MaxHeader-16) + "\n", ""},
		{"too long a line", "chunked 1.0,7,4" + strings.Repeat(" ", MaxHeader-15) + "\n", "longer than 256 bytes"},
		{"no space", "chunked1.0,7,4\n", "not a chunk header"},
		{"capital", "Chunked 1.0,7,4\n", "not a chunk header"},
		{"space before", " chunked 1.0,7,4\n", "not a chunk header"},
		{"other version", "chunked 2.0,7,4\n", `version "2.0" is not supported`},
		{"longer version", "chunked 1.01,7,4\n", `version "1.01"`},
		{"one length", "chunked 1.0,7\n", "not a chunk header"},
		{"three lengths", "chunked 1.0,7,4,4\n", "not a chunk header"},
		{"no metadata length", "chunked 1.0,,4\n", "not a chunk header"},
		{"negative", "chunked 1.0,7,-4\n", "not a chunk header"},
		{"signed", "chunked 1.0,+7,4\n", "not a chunk header"},
		{"fraction", "chunked 1.0,7.0,4\n", "not a chunk header"},
		{"text after", "chunked 1.0,7,4 x\n", "not a chunk header"},
		{"large metadata", "chunked 1.0,67108865,4\n", "67108865 bytes: at most 67108864"},
		{"large body", "chunked 1.0,7,2147483648\n", "2147483648 bytes: at most 2147483647"},
		{"more than 64 bits", "chunked 1.0,7,99999999999999999999\n", "at most 2147483647"},
		{"a person's text", "hello\n", `not a chunk header: "hello\n"`},
		{"bytes", "\xff\x00\x01\n", "not a chunk header"},
	} {
		t.Run(c.name, func(t *testing.T) {
			chunks, err := readFrom(strings.NewReader(c.header + meta + body))
			if c.bad == "" {
				if err != nil || len(chunks) != 1 || chunks[0] != (text{meta, body}) {
					t.Errorf("%q, %v", chunks, err)
				}
				return
			}
			var bad *HeaderError
			if !errors.As(err, &bad) || !strings.Contains(err.Error(), c.bad) {
				t.Errorf("error %v, want one with %q", err, c.bad)
			}
		})
	}
}

func TestStrictReader(t *testing.T) {
	for input, good := range map[string]bool{
		frame(`{}`, "a\n"):          true,
		"\n" + frame(`{}`, "a\n"):   false,
		"chunked 1.0, 2,0\n{}":      false,
		"chunked 1.0,02,0\n{}":      false,
		"chunked 1.0,2,0\r\n{}":     false,
		" " + frame(`{}`, "a\n"):    false,
		frame(`{}`, "") + "\n":      false,
		frame(`{}`, "") + " ":       false,
		frame(`{}`, "a\n") + "tail": false,
	} {
		r := NewReader(strings.NewReader(input))
		r.SetStrict(true)
		var err error
		for err == nil {
			_, err = r.Read()
		}
		if good != errors.Is(err, io.EOF) {
			t.Errorf("%q: %v", input, err)
		}
	}
}

func TestEmptyPartsAndReuse(t *testing.T) {
	chunks := []text{{`{"n":1}`, ""}, {"", ""}, {" {} \n", "h\n"}, {`{}`, strings.Repeat("é", 70000)}, {`{}`, "short"}}
	var all string
	for _, c := range chunks {
		all += frame(c.meta, c.body)
	}
	eachWay(chunks, func(way string, read func(io.Reader) ([]text, error), want []text) {
		for name, src := range map[string]io.Reader{
			"whole":     strings.NewReader(all),
			"dribbling": iotest.OneByteReader(strings.NewReader(all)),
			"halves":    iotest.HalfReader(strings.NewReader(all)),
			"late EOF":  iotest.DataErrReader(strings.NewReader(all)),
		} {
			if got, err := read(src); err != nil || !slices.Equal(got, want) {
				t.Errorf("%s, from a source that comes %s: %d chunks, %v", way, name, len(got), err)
			}
		}
	})
}

func TestReadOfNothing(t *testing.T) {
	_, body, err := NewReader(strings.NewReader(frame(`{}`, "rows"))).Open()
	if err != nil {
		t.Fatal(err)
	}
	if n, err := body.Read(nil); n != 0 || err != nil || body.Len() != 4 {
		t.Errorf("a read of nothing: %d bytes, %v, %d left", n, err, body.Len())
	}
}

// Wherever the input ends or fails, there are the chunks that were whole, then io.EOF at a
// boundary, io.ErrUnexpectedEOF elsewhere, or the error of the source.
func TestCutAtEveryByte(t *testing.T) {
	chunks := []text{{`{"action":"getinfo"}`, ""}, {`{"action":"execute"}`, "a,b\n1,2\n"}, {`{}`, "a\n"}}
	var all string
	whole := map[int]int{0: 0} // chunks, by the boundary behind them
	for i, c := range chunks {
		all += frame(c.meta, c.body)
		whole[len(all)] = i + 1
	}
	broken := errors.New("broken cable")
	eachWay(chunks, func(way string, read func(io.Reader) ([]text, error), want []text) {
		came := 0
		for i := range len(all) + 1 {
			n, atBoundary := whole[i]
			if atBoundary {
				came = n
			}
			got, err := read(strings.NewReader(all[:i]))
			if !slices.Equal(got, want[:came]) || atBoundary != (err == nil) || err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("%s, cut at %d: %q, %v", way, i, got, err)
			}
			got, err = read(io.MultiReader(strings.NewReader(all[:i]), iotest.ErrReader(broken)))
			if !slices.Equal(got, want[:came]) || !errors.Is(err, broken) {
				t.Errorf("%s, broken at %d: %q, %v", way, i, got, err)
			}
		}
	})
}

// A header that promises what does not come must not cost the memory it promises.
func TestLyingLengths(t *testing.T) {
	for _, header := range []string{"chunked 1.0,10,2000000000\n", "chunked 1.0,67108864,2000000000\n"} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := readFrom(strings.NewReader(header + `{"a":1234}` + "some"))
		runtime.ReadMemStats(&after)
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%q: %v", header, err)
		}
		if got := after.TotalAlloc - before.TotalAlloc; got > 4<<20 {
			t.Errorf("%q cost %d bytes", header, got)
		}
	}
}

func TestSetMaxBody(t *testing.T) {
	for limit, good := range map[int64]bool{4: true, 3: false} {
		r := NewReader(strings.NewReader(frame(`{}`, "four")))
		r.SetMaxBody(limit)
		if _, err := r.Read(); good != (err == nil) {
			t.Errorf("limit %d: %v", limit, err)
		}
	}
}

func TestUnreadAndBuffered(t *testing.T) {
	r := NewReader(strings.NewReader(frame(`{}`, "a") + "stray bytes"))
	if _, err := r.Read(); err != nil {
		t.Fatal(err)
	}
	if r.Buffered() != len("stray bytes") {
		t.Errorf("buffered %d", r.Buffered())
	}
	if rest, err := r.Unread(5); string(rest) != "stray" || err != nil {
		t.Errorf("unread %q, %v", rest, err)
	}
	if _, err := r.Read(); !errors.Is(err, io.EOF) {
		t.Errorf("after Unread: %v", err)
	}
}

// pieces gives at most n bytes a read, as a pipe does.
type pieces struct {
	src io.Reader
	n   int
}

func (p pieces) Read(b []byte) (int, error) { return p.src.Read(b[:min(len(b), p.n)]) }

func TestGiantBody(t *testing.T) {
	if testing.Short() {
		t.Skip("100 MB in -short")
	}
	row := []byte("0123456789abcdef0123456789abcde\n")
	body := bytes.Repeat(row, 100<<20/len(row))
	var wire bytes.Buffer
	if err := NewWriter(&wire).WriteRaw([]byte(`{}`), body); err != nil {
		t.Fatal(err)
	}
	chunk, err := NewReader(pieces{&wire, 64 << 10}).Read()
	if err != nil || !bytes.Equal(chunk.Body, body) {
		t.Errorf("%d bytes came through, %v", len(chunk.Body), err)
	}
}

// FuzzReader holds two truths on any input: nothing panics or hangs, and frames
// that were read, written again, are read again to the same.
func FuzzReader(f *testing.F) {
	f.Add([]byte(frame(`{"action":"getinfo"}`, "")+frame(`{}`, "a\n1\n")), byte(0))
	f.Add([]byte("\n\r\nchunked\t1.0 ,2, 3\r\n{}abc\n\n"), byte(1))
	f.Add([]byte("chunked 1.0,10,2000000000\n{"), byte(2))
	f.Add([]byte("chunked 1.0,99999999999999999999,1\n"), byte(7))
	f.Fuzz(func(t *testing.T, data []byte, piece byte) {
		first, err := readFrom(bytes.NewReader(data))
		dribbled, err2 := readFrom(pieces{bytes.NewReader(data), int(piece) + 1})
		if fmt.Sprint(first, err) != fmt.Sprint(dribbled, err2) {
			t.Fatalf("in pieces of %d: %v, %v; whole: %v, %v", int(piece)+1, dribbled, err2, first, err)
		}
		var wire bytes.Buffer
		w := NewWriter(&wire)
		for _, c := range first {
			if err := w.WriteRaw([]byte(c.meta), []byte(c.body)); err != nil {
				t.Fatal(err)
			}
		}
		if again := readAll(t, wire.Bytes()); fmt.Sprint(again) != fmt.Sprint(first) {
			t.Fatalf("written again: %v, was %v", again, first)
		}
	})
}
