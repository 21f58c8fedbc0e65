package source

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
)

// Whatever the fields hold, a text of another dialect is read as encoding/csv reads it.
func TestOtherDialectsAreReadAsTheLibraryReadsThem(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 1))
		sign := rune(otherSigns[r.IntN(len(otherSigns))])
		var rows [][]string
		for range 1 + r.IntN(6) {
			row := make([]string, 3)
			for i := range row {
				var b strings.Builder
				for range r.IntN(6) {
					b.WriteString([]string{"a", ",", ";", "\t", "|", `"`, "\n", "é", " "}[r.IntN(9)])
				}
				row[i] = b.String()
			}
			rows = append(rows, row)
		}
		var text strings.Builder
		w := csv.NewWriter(&text)
		w.Comma, w.UseCRLF = sign, r.IntN(2) == 0
		if err := w.WriteAll(rows); err != nil {
			t.Fatal(err)
		}
		from := iotest.OneByteReader(strings.NewReader(text.String()))
		got, err := io.ReadAll(withCommas(bufio.NewReader(from), dialect{sign: byte(sign)}))
		if err != nil {
			t.Fatal(err)
		}
		read, err := csv.NewReader(strings.NewReader(string(got))).ReadAll()
		own := csv.NewReader(strings.NewReader(text.String()))
		own.Comma = sign
		want, ownErr := own.ReadAll()
		if err != nil || ownErr != nil || !reflect.DeepEqual(read, want) {
			t.Fatalf("seed %d: %q becomes %q: %q (%v), want %q (%v)", seed, text.String(), got, read, err, want, ownErr)
		}
	}
}

func TestDialectOfAText(t *testing.T) {
	for text, want := range map[string]string{
		"a;b;c\n1;2;3\n": "; 0", "a\tb\tc\r\n": "\t 0", "sep=;\r\na;b;c\n": "; 7", "SEP=,\na,b\n": ", 6", "\"sep=|\"\na|b\n": "| 8", ";Timestamp;DeviceId\n": "; 0", "a;\"b\";c\x00\r\n": "; 0",
		"one; two; three\n": "", "a;b\n": "", "a;b;c": "", "sep=;\n": "", "sep=;": "", "some text\twith tabs\tin it\n": "", "a;;b;;c\n": "", "<Event>;;;\n": "",
	} {
		got := ""
		if d, is := dialectOf([]byte(text)); is {
			got = fmt.Sprintf("%c %d", d.sign, d.before)
		}
		if got != want {
			t.Errorf("the dialect of %q is %q, want %q", text, got, want)
		}
	}
}
