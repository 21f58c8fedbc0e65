package record

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
)

// scanned returns all pieces of a stream, none of them freed.
func scanned(t *testing.T, in io.Reader, size int) (pieces []*Piece) {
	t.Helper()
	s := NewRowScannerSize(in, size)
	for {
		piece, err := s.Next()
		if errors.Is(err, io.EOF) {
			return pieces
		}
		if err != nil {
			t.Fatal(err)
		}
		pieces = append(pieces, piece)
	}
}

// slowWhole is the oracle of rowEnds: it goes from field to field.
func slowWhole(b []byte) int {
	whole, next := 0, 0
	for {
		var end ending
		if _, next, end = scanField(b, next); end == atRowEnd {
			whole = next
		} else if end != atComma {
			return whole
		}
	}
}

// csvParts is what random CSV texts are made of: all that the dialect knows.
var csvParts = []string{`"`, `"`, `""`, ",", ",", "\n", "\n", "\r\n", "\r", "a", "bc", `","`, "\",\r\n", " ", "\xef\xbb\xbf", `"x"`}

func randomCSV(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(40) {
		b.WriteString(csvParts[r.IntN(len(csvParts))])
	}
	return b.String()
}

// However a text grows, after each growth the same rows are known as from its
// beginning, field by field.
func TestRowEndsOfAGrowingText(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		text := []byte(randomCSV(r))
		var ends rowEnds
		for n := 0; n < len(text); {
			n = min(len(text), n+1+r.IntN(6))
			if got, want := ends.scan(text[:n]), slowWhole(text[:n]); got != want {
				t.Fatalf("%q: %d bytes are whole rows, want %d", text[:n], got, want)
			}
			if r.IntN(3) == 0 {
				text, n = text[ends.whole:], n-ends.whole
				ends.drop(ends.whole, nil)
			}
		}
	}
}

// Pieces of any size, of reads of any size, are the text, and each knows its header
// and its line.
func TestPiecesAreTheText(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 5000 {
		text := randomCSV(r)
		whole := NewRows()
		if whole.Reset([]byte(text)) != nil {
			continue
		}
		header := text[:len(text)-len(whole.Rest())]
		joined := header
		for _, p := range scanned(t, iotest.HalfReader(strings.NewReader(text)), r.IntN(30)) {
			if line := 1 + strings.Count(joined, "\n"); p.Line != line || len(p.Rows) == 0 {
				t.Fatalf("%q: the piece %q is at line %d, want %d", text, p.Rows, p.Line, line)
			}
			if !strings.HasSuffix(header, string(p.Header)) || len(p.Header) == 0 {
				t.Fatalf("%q: a piece has the header %q, want %q", text, p.Header, header)
			}
			joined += string(p.Rows)
		}
		if joined != text && joined+text[len(header):] != text {
			t.Fatalf("%q: the pieces are %q", text, joined)
		}
	}
}

// slowCloses is the oracle of a piece's closes: it goes from field to field.
func slowCloses(b []byte) (closes []closing) {
	for i := 0; i < len(b); {
		quoted := b[i] == '"'
		f, next, end := scanField(b, i)
		if quoted && end < atBodyEnd {
			closes = append(closes, closingAt(i+1+len(f.value), f.quotes))
		}
		i = next
	}
	return closes
}

// A piece knows where its quoted fields end, all of them but those that only the end of
// the text ends; and so its rows are read, skipped and read again as they would be
// without that.
func TestPiecesKnowTheEndsOfQuotedFields(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	known := 0
	for range 5000 {
		text := randomCSV(r)
		if NewRows().Reset([]byte(text)) != nil {
			continue
		}
		for _, p := range scanned(t, iotest.HalfReader(strings.NewReader(text)), r.IntN(30)) {
			if want := slowCloses(p.Rows); !slices.Equal(p.closes, want) {
				t.Fatalf("%q: in the piece %q, fields end at %v, want %v", text, p.Rows, p.closes, want)
			}
			known += len(p.closes)
			checkSameRows(t, p, r)
		}
	}
	if known < 5000 {
		t.Errorf("%d quoted fields are not enough to say anything", known)
	}
}

// checkSameRows reads a piece with and without what it knows, in all ways.
func checkSameRows(t *testing.T, p *Piece, r *rand.Rand) {
	t.Helper()
	fast, slow := NewRows(), NewRows()
	fast.Open(p)
	_ = slow.Reset(p.Header)
	slow.Continue(p.Rows)
	names := NewNames("a", "bc", "x", "a\r")
	got, want := New(names), New(names)
	for more := true; more; {
		way, again := r.IntN(3), r.IntN(2) == 0
		var one, other bool
		switch way {
		case 0:
			one, other = fast.Skip(), slow.Skip()
		case 1:
			one, other = fast.Next(got), slow.Next(want)
			if again && one {
				fast.Again(got)
			}
			for s := range Slot(names.Len()) {
				if string(got.Get(s)) != string(want.Get(s)) {
					t.Fatalf("%q, row %d: field %q is %q, want %q", p.Rows, slow.Number(), names.Name(s), got.Get(s), want.Get(s))
				}
			}
		default:
			var values, slowly [][]byte
			values, one = fast.Values()
			slowly, other = slow.Values()
			if again && one {
				values = fast.ValuesAgain()
			}
			if fmt.Sprintf("%q", values) != fmt.Sprintf("%q", slowly) {
				t.Fatalf("%q, row %d: %q, want %q", p.Rows, slow.Number(), values, slowly)
			}
		}
		if one != other || !bytes.Equal(fast.Row(), slow.Row()) || fast.Ragged() != slow.Ragged() || (fast.Err() == nil) != (slow.Err() == nil) {
			t.Fatalf("%q: row %d is %q, want %q", p.Rows, slow.Number(), fast.Row(), slow.Row())
		}
		more = other
	}
}

// Pieces are read on other goroutines while the next are cut, and freed in any
// order, and no row is lost or spoilt.
func TestPiecesAreIndependent(t *testing.T) {
	const rows = 50000
	var b strings.Builder
	b.WriteString("n,text\n")
	for i := range rows {
		fmt.Fprintf(&b, "%d,\"row \"\"%d\"\",\n\"\n", i, i)
	}
	var seen [rows]bool
	pieces := make(chan *Piece)
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			rec, r := New(NewNames("n", "text")), NewRows()
			for p := range pieces {
				r.Open(p)
				for r.Next(rec) {
					var n int
					_, _ = fmt.Sscan(string(rec.Get(0)), &n)
					seen[n] = string(rec.Get(1)) == fmt.Sprintf("row \"%d\",\n", n)
				}
				p.Free()
			}
		})
	}
	s := NewRowScannerSize(strings.NewReader(b.String()), 4096)
	for p, err := s.Next(); err == nil; p, err = s.Next() {
		pieces <- p
	}
	close(pieces)
	readers.Wait()
	for i, good := range seen {
		if !good {
			t.Fatalf("row %d is lost or spoilt", i)
		}
	}
}

func TestRowScannerReportsAReadErrorAfterTheRowsBefore(t *testing.T) {
	s := NewRowScanner(io.MultiReader(strings.NewReader("a,b\n1,2\n3,"), iotest.ErrReader(io.ErrClosedPipe)))
	if p, err := s.Next(); err != nil || string(p.Rows) != "1,2\n" {
		t.Fatalf("got %v, error %v", p, err)
	}
	for range 2 {
		if p, err := s.Next(); p != nil || !errors.Is(err, io.ErrClosedPipe) || s.Line() != 3 {
			t.Errorf("got %v at line %d, error %v", p, s.Line(), err)
		}
	}
}

func TestRowScannerRefusesAHeaderWithoutEnd(t *testing.T) {
	s := NewRowScanner(strings.NewReader("a,\"b\n1,2\n"))
	for range 2 {
		if p, err := s.Next(); p != nil || !errors.Is(err, errHeaderQuote) {
			t.Errorf("got %v, error %v", p, err)
		}
	}
}

func TestRowScannerRefusesARowWithoutEnd(t *testing.T) {
	endless := io.MultiReader(strings.NewReader("a,b\n\""), io.LimitReader(zeros{}, MaxRow+1))
	s := NewRowScanner(endless)
	for range 2 {
		if p, err := s.Next(); p != nil || !errors.Is(err, ErrLongRow) {
			t.Errorf("got %v, error %v", p, err)
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// A long text needs a handful of buffers, however long it is.
func TestBuffersAreUsedAgain(t *testing.T) {
	text := append([]byte("a,b\n"), bytes.Repeat([]byte("1,2\n"), 4<<20)...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	s := NewRowScanner(bytes.NewReader(text))
	for p, err := s.Next(); err == nil; p, err = s.Next() {
		p.Free()
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > uint64(len(text)/2) {
		t.Errorf("%d bytes are allocated to cut a text of %d", n, len(text))
	}
}

func FuzzRowEnds(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "\"x\r\ny\"\"z\"\r\n,", "x\"y,\"p\"q\"\n", "\"a\",\"b\"\n\"", "\"\r", "\"\"\r\r\n"} {
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, text string, cut int) {
		var ends rowEnds
		part := text[:max(0, min(cut, len(text)))]
		for _, known := range []string{part, text} {
			if got, want := ends.scan([]byte(known)), slowWhole([]byte(known)); got != want {
				t.Fatalf("%q: %d bytes are whole rows, want %d", known, got, want)
			}
		}
	})
}

// BenchmarkRowScanner measures the part of reading that one goroutine must do.
func BenchmarkRowScanner(b *testing.B) {
	lean := "_time,host,EventCode,process\n" + strings.Repeat("1700000000.123,pc17.example.test,1,C:\\Windows\\System32\\cmd.exe /c echo\n", 4000)
	for name, body := range map[string][]byte{"lean": []byte(lean), "quoted": splunkBody(1000, false), "raw": splunkBody(1000, true)} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				s := NewRowScanner(bytes.NewReader(body))
				for p, err := s.Next(); err == nil; p, err = s.Next() {
					p.Free()
				}
			}
		})
	}
}
