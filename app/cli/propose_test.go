package cli

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/schtaskhunt/schtaskhunt/app/account"
)

// A hunter marks what is fine in whatever the results were saved as: each finding counts once.
func TestMarkedResults(t *testing.T) {
	const a, b = "0123456789abcdef", "fedcba9876543210"
	for name, text := range map[string]string{
		"csv":             "score,finding_id\n3.1," + b + "\n2.0," + a + "\n1.0,\n2.0," + a + "\n",
		"csv of Excel":    "\ufefffinding_id,tree\r\n" + a + ",\"x\r\ny\"\r\n" + b + ",\r\n",
		"European Excel":  "\ufeffscore;finding_id;tree\r\n3,1;" + b + ";\"x\r\ny\"\r\n2;" + a + ";\r\n",
		"Unicode text":    inUTF16("score\tfinding_id\r\n3,1\t" + b + "\r\n2\t" + a + "\r\n"),
		"json lines":      `{"finding_id":"` + a + `"}` + "\n" + `{"finding_id":"` + b + `","score":3}` + "\n{}\n",
		"a json array":    `[{"finding_id":"` + b + `"},{"finding_id":"` + a + `"}]`,
		"Splunk's export": `{"preview":false,"result":{"finding_id":"` + a + `"}}` + "\n" + `{"lastrow":true,"result":{"finding_id":"` + b + `"}}`,
	} {
		file := filepath.Join(t.TempDir(), "results")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if ids, err := idsIn(file); err != nil || !slices.Equal(ids, []string{a, b}) {
			t.Errorf("%s: %q, %v", name, ids, err)
		}
	}
	for text, part := range map[string]string{
		"":                     "first row",
		"a,b\n1,2\n":           "no column finding_id",
		"finding_id\n":         "no row with a finding_id",
		`{"finding_id":`:       "unexpected EOF",
		`[{"finding_id":7}]`:   "cannot unmarshal",
		"finding_id\n\"a\n":    "quote",
		`{"score":"3"}` + "\n": "no row with a finding_id",
	} {
		file := filepath.Join(t.TempDir(), "results")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if ids, err := idsIn(file); err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%q: %q, %v, want %q in it", text, ids, err, part)
		}
	}
	if _, err := idsIn(filepath.Join(t.TempDir(), "gone")); err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Errorf("a file that is not there: %v", err)
	}
}

// inUTF16 is a text as spreadsheets save "Unicode text".
func inUTF16(text string) string {
	b := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(text)) {
		b = append(b, byte(unit), byte(unit>>8))
	}
	return string(b)
}

// An allow-list hides the same whatever a spreadsheet saved it as.
func TestAllowListOfASpreadsheet(t *testing.T) {
	events := filepath.Join("..", "..", "testdata", "first", "events.jsonl")
	const id = "0c6a4ced8ec7fd51"
	entries, _, code := cli("propose", "--finding", id, events)
	if code != done {
		t.Fatalf("proposing ends with %d", code)
	}
	rows, err := csv.NewReader(strings.NewReader(entries)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var again strings.Builder
	w := csv.NewWriter(&again)
	w.Comma, w.UseCRLF = ';', true
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"commas": entries, "semicolons": "\ufeff" + again.String(), "UTF-16": inUTF16(again.String())} {
		file := filepath.Join(t.TempDir(), "allow.csv")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		out, stderr, code := cli("hunt", "--allow", file, "--format", "csv", events)
		if code != done || strings.Contains(out, id) || strings.Contains(stderr, "no entries") {
			t.Errorf("%s: the entry of %s does not hide it (%d):\n%s", name, id, code, stderr)
		}
	}
}

// Who asks for a finding that is not there is told with the code of wrong usage.
func TestUnknownFindings(t *testing.T) {
	events := filepath.Join("..", "..", "testdata", "first", "events.jsonl")
	const known, unknown = "706d4506e24fa2a0", "0123456789abcdef"
	for ids, want := range map[string]struct{ code, rows int }{
		known: {done, 1}, unknown: {usage, 0}, unknown + "," + known: {usage, 1},
	} {
		out, stderr, code := cli("propose", "--finding", ids, "--format", "json", events)
		if code != want.code || strings.Count(out, "\n") != want.rows || strings.Contains(stderr, "no finding has the id "+unknown) != (want.code == usage) {
			t.Errorf("%s: exit %d, want %d\n%s%s", ids, code, want.code, out, stderr)
		}
	}
	many := account.Result{Unfound: []string{"a", "b", "c", "d"}}
	if err := unfound(many); err == nil || !strings.Contains(err.Error(), "a, b, c and 1 more: nothing") {
		t.Error(err)
	}
}
