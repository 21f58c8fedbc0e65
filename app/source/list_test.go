package source

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"strings"
	"testing"
	"unicode/utf16"
)

// inUTF16 is a text as spreadsheets save "Unicode text".
func inUTF16(text string) string {
	return string(binary.LittleEndian.AppendUint16(nil, 0xfeff)) + string(unitsOf(text))
}

func unitsOf(text string) (b []byte) {
	for _, unit := range utf16.Encode([]rune(text)) {
		b = binary.LittleEndian.AppendUint16(b, unit)
	}
	return b
}

func gzipped(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(text))
	_ = z.Close()
	return b.String()
}

// A list is the same list in whatever a spreadsheet makes of it.
func TestListOfASpreadsheet(t *testing.T) {
	const list = "dest,comment\nbüro.example,\"ours, all of it\"\n"
	semicolons := "dest;comment\nbüro.example;ours, all of it\n"
	tabs := strings.ReplaceAll(semicolons, ";", "\t")
	for name, text := range map[string]string{
		"as it was": list, "a mark": "\ufeff" + list, "UTF-16": inUTF16(list), "packed": gzipped(list),
		"semicolons": semicolons, "semicolons with a mark": "\ufeff" + semicolons, "tabs in UTF-16": inUTF16(tabs), "packed tabs": gzipped(inUTF16(tabs)),
	} {
		if got := asList(t, text); got != list {
			t.Errorf("%s: %q, want %q", name, got, list)
		}
	}
	if got, want := asList(t, "sep=;\r\n"+semicolons), "\n"+list; got != want {
		t.Errorf("a line that says the sign: %q, want %q", got, want)
	}
	if got, want := asList(t, "# ours; by hand\n\n"+semicolons), "# ours, by hand\n\n"+list; got != want {
		t.Errorf("a remark above the header: %q, want %q", got, want)
	}
}

// What only looks like a sign between columns is left where it is: half a pattern would hide more.
func TestListKeepsItsPatterns(t *testing.T) {
	for _, text := range []string{
		"pattern\n*;b\n", "pattern,comment\na;b,c\n", `C:\a.exe;b` + "\n", "cmd.exe /c a; b\nx; y\n", "", "#", "# a;b", "\n\n", `{"finding_id":"a;b"}` + "\n",
	} {
		if got := asList(t, text); got != text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

func asList(t *testing.T, text string) string {
	t.Helper()
	list, err := List("list.csv", io.NopCloser(strings.NewReader(text)))
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(list)
	if err != nil {
		t.Fatal(err)
	}
	if err := list.Close(); err != nil {
		t.Error(err)
	}
	return string(got)
}
