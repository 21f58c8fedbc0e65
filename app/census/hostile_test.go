package census

import (
	"errors"
	"io"
	"math/rand/v2"
	"regexp"
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
