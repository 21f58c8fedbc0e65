package source

import (
	"bufio"
	"errors"
	"io"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"
)

var longRun = regexp.MustCompile("\x00{8,}")

// slowPadded is the text that padded makes, of a text at hand.
func slowPadded(text string) string {
	return longRun.ReplaceAllStringFunc(text, func(run string) string { return strings.Repeat("\n", len(run)) })
}

// A run of zero bytes is judged by its length, wherever reads end.
func TestPadded(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 3000 {
		var text strings.Builder
		for range r.IntN(8) {
			text.WriteString(strings.Repeat("\x00", r.IntN(2*padding+2)))
			text.WriteString([]string{"", "a", "\n", "{}"}[r.IntN(4)])
		}
		from := []func(io.Reader) io.Reader{
			func(r io.Reader) io.Reader { return r }, iotest.OneByteReader, iotest.HalfReader, iotest.DataErrReader,
		}[r.IntN(4)]
		p := &padded{r: bufio.NewReaderSize(from(strings.NewReader(text.String())), 16)}
		got, err := readAll(p, 1+r.IntN(20))
		if want := slowPadded(text.String()); got != want || !errors.Is(err, io.EOF) {
			t.Fatalf("of %q: %q, %v, want %q", text.String(), got, err, want)
		}
	}
}

// readAll reads r by size bytes.
func readAll(r io.Reader, size int) (string, error) {
	var text strings.Builder
	for memory := make([]byte, size); ; {
		n, err := r.Read(memory)
		text.Write(memory[:n])
		if err != nil {
			return text.String(), err
		}
	}
}
