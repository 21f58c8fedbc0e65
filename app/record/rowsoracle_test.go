package record

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func TestRowsAgreeWithEncodingCSVOnRealFiles(t *testing.T) {
	for _, name := range []string{"defender/advanced_hunting_test.csv", "protocol/countmatches.input", "protocol/sum.reduce.input"} {
		text, err := os.ReadFile(dataset(t, name))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(name, "protocol") {
			text = lastChunk(t, text)
		}
		compareCSV(t, string(text))
	}
}

// lastChunk returns the body of the last chunk of a recorded session.
func lastChunk(t *testing.T, session []byte) []byte {
	t.Helper()
	for {
		var meta, body int
		line, rest, _ := bytes.Cut(session, []byte("\n"))
		if _, err := fmt.Sscanf(string(line), "chunked 1.0,%d,%d", &meta, &body); err != nil {
			t.Fatal(err)
		}
		if session = rest[meta+body:]; len(session) == 0 {
			return rest[meta : meta+body]
		}
	}
}

func compareCSV(t *testing.T, text string) {
	t.Helper()
	want, ok := csvOracle(text)
	if !ok || hasNoRow(want) || len(want) > 0 && strings.Contains(strings.Join(want[0], ","), "\x00") {
		return // to encoding/csv a NUL is a part of a name
	}
	header, rows := allRows(t, text)
	if len(want) == 0 {
		if len(header) != 0 || len(rows) != 0 {
			t.Errorf("%q: %q, %q, want nothing", text, header, rows)
		}
		return
	}
	got := append([][]string{header}, rows...)
	for _, row := range got {
		for i := range row {
			row[i] = strings.ReplaceAll(row[i], "\r\n", "\n") // as encoding/csv does
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%q:\ngot  %q\nwant %q", text, got, want)
	}
}

// hasNoRow reports whether a table of names may have its header or a type's line among its rows,
// which are no rows: TestHeadersInTheMidst has these.
func hasNoRow(table [][]string) bool {
	for i, row := range table {
		if i > 0 && areNames(table[0]) && (slices.Equal(row, table[0]) || strings.HasPrefix(row[0], string(typeLine))) {
			return true
		}
	}
	return false
}

// csvOracle reads a text with encoding/csv. It reports false for an open quote,
// which that package lets pass when it is lenient.
func csvOracle(text string) ([][]string, bool) {
	c := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\xef\xbb\xbf")))
	c.LazyQuotes, c.FieldsPerRecord = true, -1
	rows, err := c.ReadAll()
	if err != nil {
		return nil, false
	}
	r := NewRows()
	if r.Reset([]byte(text)) != nil {
		return nil, false
	}
	for r.Skip() {
	}
	return rows, r.Err() == nil
}

func FuzzRows(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "a\n\"x\r\ny\"\"z\"\r\n", "a,b\nx\"y,\"p\"q\"\n", "\xef\xbb\xbfa\n\n\r\n\"", "a,b,c\n,,\n\"\",\"\r\",\r", "\"a,\n1\n"} {
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, text string, size int) {
		if strings.Contains(text, "\r\r\n") || strings.HasSuffix(text, "\r\r") {
			return // encoding/csv has its own idea of these
		}
		compareCSV(t, text)
		checkPieces(t, text, size%64)
		checkFill(t, text)
	})
}

// checkFill holds Next, which skips columns, against Values, which reads all.
func checkFill(t *testing.T, text string) {
	t.Helper()
	all, some := NewRows(), NewRows()
	if all.Reset([]byte(text)) != nil {
		return
	}
	_ = some.Reset([]byte(text))
	columns := all.Columns()
	if len(columns) == 0 {
		return
	}
	rec := New(NewNames(fieldName(columns[len(columns)/2])))
	for values, ok := all.Values(); ok; values, ok = all.Values() {
		if !some.Next(rec) {
			t.Fatalf("%q: row %d is missing", text, all.Number())
		}
		want := ""
		for i, v := range values[:min(len(values), len(columns))] {
			if want == "" && fieldName(columns[i]) == rec.Names().Name(0) {
				want = string(v)
			}
		}
		if string(rec.Get(0)) != want || some.Ragged() != all.Ragged() {
			t.Fatalf("%q: row %d: %q, want %q; ragged %d, %d", text, all.Number(), rec.Get(0), want, some.Ragged(), all.Ragged())
		}
	}
	if some.Next(rec) || (some.Err() == nil) != (all.Err() == nil) {
		t.Fatalf("%q: errors %v and %v", text, some.Err(), all.Err())
	}
}

// checkPieces reads a text in pieces and expects the same rows.
func checkPieces(t *testing.T, text string, size int) {
	t.Helper()
	r := NewRows()
	if r.Reset([]byte(text)) != nil {
		return
	}
	want := collectRows(r)
	if got := scannedRows(t, iotest.OneByteReader(strings.NewReader(text)), max(size, 2)); !reflect.DeepEqual(got, want) {
		t.Errorf("%q scanned: %q, want %q", text, got, want)
	}
}

// scannedRows reads a stream through a RowScanner with tiny buffers.
func scannedRows(t *testing.T, in io.Reader, size int) (rows [][]string) {
	t.Helper()
	r := NewRows()
	for _, piece := range scanned(t, in, size) {
		r.Open(piece)
		rows = append(rows, collectRows(r)...)
	}
	return rows
}

func TestPiecesOfEverySizeGiveTheSameRows(t *testing.T) {
	text := "a,b\n1,2\n\"x\n\r\ny\",\"\"\"\"\r\n\nz\"z,\n,\n\"last\",1"
	for size := range len(text) + 2 {
		checkPieces(t, text, size)
	}
}
