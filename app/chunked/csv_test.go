package chunked

import (
	"bytes"
	"encoding/csv"
	"io"
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// nasty is what random cells are made of.
var nasty = []string{"", " ", ",", `"`, "\n", "\r", "\r\n", "a", "Z9", "é", "\xff", "$", "$$", ";", "\x00", `\`, `\.`, "\t", "=1+1"}

func randomCell(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(5) {
		b.WriteString(nasty[r.IntN(len(nasty))])
	}
	return b.String()
}

// asCSVReads is what encoding/csv makes of a cell: it turns CRLF inside quotes to LF.
func asCSVReads(rows [][]string) [][]string {
	out := make([][]string, len(rows))
	for i, row := range rows {
		for _, cell := range row {
			out[i] = append(out[i], strings.ReplaceAll(cell, "\r\n", "\n"))
		}
	}
	return out
}

func TestEncoderAgainstEncodingCSV(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for trial := range 3000 {
		rows := make([][]string, 1+r.IntN(4))
		width := 1 + r.IntN(4)
		for i := range rows {
			for range width {
				rows[i] = append(rows[i], randomCell(r))
			}
		}
		e := NewEncoder(rows[0])
		for _, row := range rows[1:] {
			if err := e.Row(row...); err != nil {
				t.Fatal(err)
			}
		}
		got, err := csv.NewReader(bytes.NewReader(e.Bytes())).ReadAll()
		if err != nil || !reflect.DeepEqual(got, asCSVReads(rows)) {
			t.Fatalf("trial %d: %q was read as %q, %v; written were %q", trial, e.Bytes(), got, err, rows)
		}
	}
}

func TestAppendFieldQuotesOnlyWhatNeedsIt(t *testing.T) {
	for value, want := range map[string]string{
		"": "", "plain": "plain", "in side": "in side", `C:\x\y`: `C:\x\y`, "é": "é", "$a$": "$a$",
		"a,b": `"a,b"`, `say "x"`: `"say ""x"""`, `"`: `""""`, "a\nb": "\"a\nb\"", "a\rb": "\"a\rb\"", " a": `" a"`, "a ": `"a "`,
	} {
		if got := string(AppendField(nil, value)); got != want {
			t.Errorf("%q: %s, want %s", value, got, want)
		}
		if got := string(AppendField([]byte("x"), []byte(value))); got != "x"+want {
			t.Errorf("%q as bytes: %s", value, got)
		}
	}
}

func TestEncoderLines(t *testing.T) {
	e := NewEncoder([]string{"only"})
	for _, v := range []string{"", "x", ""} {
		if err := e.Row(v); err != nil {
			t.Fatal(err)
		}
	}
	if want := "only\n\"\"\nx\n\"\"\n"; string(e.Bytes()) != want {
		t.Errorf("one column: %q, want %q", e.Bytes(), want)
	}
	e.Reset()
	e.Cell("half a row")
	if want := "only\n"; string(e.Bytes()) != want || e.Len() != len(want) {
		t.Errorf("after Reset and with an open row: %q, length %d", e.Bytes(), e.Len())
	}
}

func TestEncoderDropsRowsOfWrongWidth(t *testing.T) {
	e := NewEncoder([]string{"a", "b"})
	for _, row := range [][]string{{}, {"1"}, {"1", "2", "3"}} {
		if err := e.Row(row...); err == nil {
			t.Errorf("%q: no error", row)
		}
	}
	if err := e.Row("1", "2"); err != nil || string(e.Bytes()) != "a,b\n1,2\n" {
		t.Errorf("%q, %v", e.Bytes(), err)
	}
}

func TestEncoderMultivalue(t *testing.T) {
	e := NewEncoder([]string{"host", "user", "n"}, "user")
	e.Cell("h1")
	e.Values("ann", "b$b;", "")
	e.CellBytes([]byte("3"))
	if err := e.EndRow(); err != nil {
		t.Fatal(err)
	}
	if err := e.Row("h2", "one", "1"); err != nil {
		t.Fatal(err)
	}
	e.Cell("h3")
	e.Values()
	e.Values("many", "values", "no mv column")
	if err := e.EndRow(); err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"host", "user", "__mv_user", "n"},
		{"h1", "ann\nb$b;\n", "$ann$;$b$$b;$;$$", "3"},
		{"h2", "one", "", "1"},
		{"h3", "", "", "many\nvalues\nno mv column"},
	}
	got, err := csv.NewReader(bytes.NewReader(e.Bytes())).ReadAll()
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestRowAllocatesNothing(t *testing.T) {
	e := NewEncoder([]string{"a", "b"}, "b")
	row := []string{"plain", "with \"quotes\", and commas"}
	for range 1000 {
		_ = e.Row(row...)
	}
	e.Reset()
	if n := testing.AllocsPerRun(500, func() { _ = e.Row(row...) }); n != 0 {
		t.Errorf("%v allocations a row", n)
	}
}

// sdkDecoder is the pattern of the Splunk SDK, the oracle of DecodeMV.
var sdkDecoder = regexp.MustCompile(`(?s)\$((?:\$\$|[^$])*)\$(?:;|$)`)

func sdkDecode(text []byte) (values []string) {
	for _, m := range sdkDecoder.FindAllSubmatch(text, -1) {
		values = append(values, strings.ReplaceAll(string(m[1]), "$$", "$"))
	}
	return values
}

func TestMVRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 3000 {
		var values []string
		for range r.IntN(5) {
			values = append(values, randomCell(r))
		}
		text := AppendMV(nil, values...)
		got, err := DecodeMV(text)
		if err != nil || !slices.Equal(got, values) {
			t.Fatalf("%q gave %q, %v; want %q", text, got, err, values)
		}
	}
}

func TestDecodeMVRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"a": "byte 0", "$a": "byte 0", "$a$$": "byte 0", "$a$x": "byte 3", "$a$;b": "byte 4", "$a$;;": "byte 4", "$$$": "byte 0",
	} {
		if got, err := DecodeMV([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q gave %q, %v; want an error with %q", text, got, err, want)
		}
	}
}

func FuzzMV(f *testing.F) {
	for _, seed := range []string{"", "$$", "$a$", "$a$;$b$", "$a$$b$;$$;$;$", "$a$;", "$$$;$b$", "x$a$"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := DecodeMV(text)
		if err != nil {
			return
		}
		// The oracle works on runes; bytes that are none would split its matches.
		if want := sdkDecode(text); string(text) == strings.ToValidUTF8(string(text), "") && !slices.Equal(got, want) {
			t.Fatalf("%q: got %q, the SDK's pattern gives %q", text, got, want)
		}
		again, err := DecodeMV(AppendMV(nil, got...))
		if err != nil || !slices.Equal(again, got) {
			t.Fatalf("%q: %q came back as %q, %v", text, got, again, err)
		}
	})
}

// FuzzEncoder: whatever is in the cells, a strict reader finds the same cells.
func FuzzEncoder(f *testing.F) {
	f.Add("a", "b")
	f.Add("", " \"\r\n,")
	f.Fuzz(func(t *testing.T, a, b string) {
		e := NewEncoder([]string{"x", "y"})
		if err := e.Row(a, b); err != nil {
			t.Fatal(err)
		}
		r := csv.NewReader(bytes.NewReader(e.Bytes()))
		if _, err := r.Read(); err != nil {
			t.Fatal(err)
		}
		got, err := r.Read()
		want := asCSVReads([][]string{{a, b}})[0]
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("%q came back as %q, %v", want, got, err)
		}
		if _, err := r.Read(); err != io.EOF {
			t.Fatalf("a second row: %v", err)
		}
	})
}
