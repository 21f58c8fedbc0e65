package census

import (
	"encoding/csv"
	"errors"
	"io"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var lineNamed = regexp.MustCompile(`^line \d+`)

// A file that is cut anywhere is refused, and nothing of it is used.
func TestCutFiles(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	text := file(random(rng), random(rng))
	lines := strings.SplitAfter(text, "\n")
	for range 300 {
		at := 1 + rng.IntN(len(lines)-2)
		cut := strings.Join(lines[:at], "")
		if rng.IntN(2) == 0 {
			cut = text[:len(cut)+rng.IntN(len(lines[at]))]
		}
		refused(t, cut)
		refused(t, strings.Join(append(append([]string{}, lines[:at]...), lines[at+1:]...), ""))
	}
}

// refused checks that a file is an error with a line, unless it holds whole runs only.
func refused(t *testing.T, text string) {
	t.Helper()
	c := New(options)
	err := c.Read(strings.NewReader(text))
	switch {
	case err == nil && wholeRuns(text):
	case err == nil:
		t.Fatalf("read without a word:\n…%q", text[max(0, len(text)-300):])
	case !lineNamed.MatchString(err.Error()) && text != "":
		t.Fatalf("no line is named: %v", err)
	}
}

// wholeRuns reports whether every run in a file has as many rows as its head says.
func wholeRuns(text string) bool {
	runs, err := readRuns(strings.NewReader(text))
	for _, r := range runs {
		if err != nil || r.check(options) != nil {
			return false
		}
	}
	return err == nil
}

// Whatever byte is changed, the file is refused, or says the same.
func TestChangedFiles(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	c := random(rng)
	text := file(c)
	head := strings.IndexByte(text, '\n')
	for range 2000 {
		changed := []byte(text)
		changed[head+1+rng.IntN(len(text)-head-1)] = byte(rng.IntN(256))
		got := New(options)
		err := got.Read(strings.NewReader(string(changed)))
		if err != nil {
			if !lineNamed.MatchString(err.Error()) {
				t.Fatalf("no line is named: %v", err)
			}
			continue
		}
		if file(got) != text {
			t.Fatal("a changed file was read as another census")
		}
	}
}

func TestForeignFiles(t *testing.T) {
	mine := random(rand.New(rand.NewPCG(15, 16)))
	other := random(rand.New(rand.NewPCG(15, 16)))
	other.Options = "root=/x/ rebuilt=all"
	for name, c := range map[string]struct{ text, want string }{
		"empty":          {"", "it is empty: write a census with output=census first"},
		"another table":  {"pattern,comment\n*\\a.exe,mine\n", "line 1: there is no column _time, so this is no census: write one with output=census"},
		"other options":  {file(other), `was counted under "root=/x/ rebuilt=all", and this hunt is under "root=schtask rebuilt=connected"`},
		"another format": {strings.Replace(file(mine), ",run,3,root", ",run,4,root", 1), `is of version "4" of the format, and this program reads 1 to 3`},
		"other rows":     {file(mine) + "1,finding,x,,,,,,,\n", `the row is of kind "finding", not census`},
		"no head":        {strings.Join(append([]string{}, append(strings.SplitAfter(file(mine), "\n")[:1], strings.SplitAfter(file(mine), "\n")[2:]...)...), ""), "has rows but no head"},
	} {
		err := New(options).Read(strings.NewReader(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	_, err := Load([]string{"a.csv"}, options, func(string) (io.ReadCloser, error) { return nil, errors.New("no such file") })
	if err == nil || err.Error() != "no such file" {
		t.Errorf("a file that cannot be opened: %v", err)
	}
}

// Files that were put one behind the other are their union: each brings its header, whatever
// the order of its columns and its line ends.
func TestFilesJoinedInOne(t *testing.T) {
	one, two := file(random(rand.New(rand.NewPCG(17, 18)))), file(random(rand.New(rand.NewPCG(19, 20))))
	both := New(options)
	for _, text := range []string{one, two} {
		if err := both.Read(strings.NewReader(text)); err != nil {
			t.Fatal(err)
		}
	}
	want := file(both)
	for name, joined := range map[string]string{
		"as they are":         one + two,
		"Windows' line ends":  one + strings.ReplaceAll(two, "\n", "\r\n"),
		"a mark in the midst": one + "\ufeff" + two,
		"other columns":       one + turned(t, two) + one,
		"a header at the end": one + two + one[:strings.IndexByte(one, '\n')+1],
	} {
		if got := file(read(t, joined)); got != want {
			t.Errorf("%s: joined files are not their union", name)
		}
	}
	err := New(options).Read(strings.NewReader(one + "_time,row\n" + two))
	if err == nil || !strings.Contains(err.Error(), "wrong number of fields") {
		t.Errorf("a header that lacks columns: %v", err)
	}
}

// turned is a file with its columns in the reverse order, behind one of somebody's own.
func turned(t *testing.T, text string) string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	for _, row := range rows {
		slices.Reverse(row)
		_ = w.Write(append([]string{"mine"}, row...))
	}
	w.Flush()
	return b.String()
}

// A file with a header alone is a census of nothing, and is told by its name.
func TestHeaderAlone(t *testing.T) {
	mine := file(random(rand.New(rand.NewPCG(21, 22))))
	texts := map[string]string{"mine.csv": mine, "none.csv": mine[:strings.IndexByte(mine, '\n')+1]}
	c, err := Load([]string{"mine.csv", "none.csv"}, options, func(name string) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(texts[name])), nil
	})
	if err != nil || !slices.Equal(c.Empty, []string{"none.csv"}) {
		t.Errorf("the files without a run are %v (%v)", c.Empty, err)
	}
}

// A file that somebody made up to add up is still read warily: rows of another's making
// cost an error, and never the program.
func FuzzForged(f *testing.F) {
	for _, kind := range []string{"device", "task", "child", "address", "command", "chain", "shape", "contacts", "nonsense"} {
		f.Add(kind, "00000000000000aa", "key", "AAAA")
		f.Add(kind, "", "00000000000000aa", "_____w8B")
	}
	f.Fuzz(func(t *testing.T, kind, task, key, detail string) {
		c := New(options)
		d := &decoder{Census: c, templates: map[string]string{task: "t"}, ids: []ID{1, 2, 3}}
		rec := &record{make([]string, columns), 2}
		for i, v := range map[int]string{atTime: "1795196763", atKind: kind, atTask: task, atKey: escape(key), atDetail: detail, atFirst: "1795196700"} {
			rec.cells[i] = v
		}
		if err := d.row(rec); err == nil && kind != "device" {
			for _, r := range c.facts {
				_ = r.devices()
			}
		}
	})
}
