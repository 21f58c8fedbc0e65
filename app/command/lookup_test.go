package command

import (
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// opener opens files of a map.
func opener(files map[string]string) OpenLookup {
	return func(name string) (io.ReadCloser, error) {
		text, there := files[name]
		if !there {
			return nil, fs.ErrNotExist
		}
		return io.NopCloser(strings.NewReader(text)), nil
	}
}

func load(t *testing.T, files map[string]string, args ...string) Options {
	t.Helper()
	o, err := mustParse(t, args...).LoadLookups(opener(files))
	if err != nil {
		t.Fatalf("%q: %v", args, err)
	}
	return o
}

func entriesOf(list interface {
	Len() int
	Entry(int) string
}) (entries []string) {
	for i := range list.Len() {
		entries = append(entries, list.Entry(i))
	}
	return entries
}

func TestLookupsAndEntriesAreMixed(t *testing.T) {
	files := map[string]string{
		"a.csv": "dest,comment\ncorel.com,updates\n# example.com,not yet\n10.0.0.0/8,\n",
		"b.csv": "comment,Pattern\n\"two\nlines\",example.net\n",
	}
	o := mustParse(t, "allow_dest=x.com,a.csv,y.com", "allow_dest=b.csv")
	if !o.NeedsLookups() {
		t.Error("the lookups are not needed")
	}
	if got := entriesOf(o.AllowDest); !slices.Equal(got, []string{"x.com", "y.com"}) {
		t.Errorf("before: %q", got)
	}
	o = load(t, files, "allow_dest=x.com,a.csv,y.com", "allow_dest=b.csv")
	if got, want := entriesOf(o.AllowDest), []string{"x.com", "corel.com", "10.0.0.0/8", "y.com", "example.net"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if i, ok := o.AllowDest.MatchAddr(netip.MustParseAddr("10.1.2.3")); !ok || i != 2 {
		t.Errorf("10.1.2.3: entry %d, %t", i, ok)
	}
	if o.NeedsLookups() || len(o.Warnings) > 0 {
		t.Errorf("needs lookups: %t, warnings %q", o.NeedsLookups(), o.Warnings)
	}
}

func TestLookupsOfCommandsAndPaths(t *testing.T) {
	files := map[string]string{
		"c.csv": "\ufeffcommand\r\n\"\"\"C:\\a b\\x.exe\"\" -p *\"\r\n",
		"p.csv": "comment,path\n,*\\updater.exe\nno path\n",
		"j.csv": "# joined\n\ufeffdest,note\ncorel.com\n\ufeff# from two files\n\ufeffexample.net\n\ufeff\n",
	}
	o := load(t, files, "allow_command=c.csv", "allow_path=p.csv")
	if _, ok := o.AllowCommand.Match(`"c:\A B\X.exe" -p 7`); !ok {
		t.Errorf("the command is not matched: %q", entriesOf(o.AllowCommand))
	}
	joined := load(t, files, "allow_dest=j.csv")
	if got := entriesOf(joined.AllowDest); !slices.Equal(got, []string{"corel.com", "example.net"}) || len(joined.Warnings) > 0 {
		t.Errorf("of joined files: %q, warnings %q", got, joined.Warnings)
	}
	if _, ok := o.AllowPath.Match(`C:\v\updater.EXE`); !ok {
		t.Errorf("the path is not matched: %q", entriesOf(o.AllowPath))
	}
}

// TestBadRowsCostThemselves: they would hide too much or nothing, and are told.
func TestBadRowsCostThemselves(t *testing.T) {
	files := map[string]string{"a.csv": "dest\n*\nhttps://x.com/y\ncorel.com\n0.0.0.0/0\n\"bro\"ken\nexample.net\n\xff\xfe\n"}
	o := load(t, files, "allow_dest=a.csv")
	if got, want := entriesOf(o.AllowDest), []string{"corel.com", "example.net"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if len(o.Warnings) != 1 || !strings.Contains(o.Warnings[0], `"a.csv": 5 of its rows`) || !strings.Contains(o.Warnings[0], `line 2: "*" covers`) {
		t.Errorf("warnings %q", o.Warnings)
	}
}

// TestHeaderIsNoEntry: the first row names the columns. Where no name tells which one
// holds the entries, that is said, for a file without a header loses a row.
func TestHeaderIsNoEntry(t *testing.T) {
	o := load(t, map[string]string{"a.csv": "corel.com\nexample.net\n"}, "allow_dest=a.csv")
	if got := entriesOf(o.AllowDest); !slices.Equal(got, []string{"example.net"}) {
		t.Errorf("got %q", got)
	}
	if len(o.Warnings) != 1 || !strings.Contains(o.Warnings[0], `"corel.com"`) {
		t.Errorf("warnings %q", o.Warnings)
	}
	o = load(t, map[string]string{"a.csv": "# all of it\n\ndest\n", "b.csv": ""}, "allow_dest=a.csv,b.csv")
	if o.AllowDest.Len() > 0 || len(o.Warnings) > 0 {
		t.Errorf("%d entries, warnings %q of empty files", o.AllowDest.Len(), o.Warnings)
	}
}

func TestLookupNames(t *testing.T) {
	for _, name := range []string{"a.csv", "my_allow-dest.2.CSV", "A.Csv"} {
		if o := mustParse(t, "allow_dest="+name); !o.NeedsLookups() {
			t.Errorf("%q is no lookup", name)
		}
	}
	for _, name := range []string{"../a.csv", "/etc/a.csv", `..\a.csv`, `C:\a.csv`, "a b.csv", ".csv", ".a.csv", "ä.csv", "a\x00.csv", "$HOME.csv", "lookups/a.csv"} {
		for _, option := range []string{"allow_dest", "allow_command", "allow_path"} {
			_, err := Parse([]string{option + "=" + name})
			if err == nil || !strings.Contains(err.Error(), `option "`+option+`"`) {
				t.Errorf("%s=%q: %v", option, name, err)
			}
		}
	}
	if o := mustParse(t, `allow_command=notepad.exe C:\*.csv`); o.NeedsLookups() || o.AllowCommand.Len() != 1 {
		t.Error("a pattern with * is taken for a lookup")
	}
	// On the command line a lookup is a file that the user names.
	o, _, err := ParseFlags([]string{"--allow-dest", "../lists/a.csv"})
	if err != nil || !o.NeedsLookups() {
		t.Errorf("a path on the command line: %v", err)
	}
}

func TestLookupFailures(t *testing.T) {
	o := mustParse(t, "allow_path=gone.csv")
	if _, err := o.LoadLookups(opener(nil)); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "allow_path") {
		t.Errorf("a file that is not there: %v", err)
	}
	if _, err := o.LoadLookups(nil); err == nil {
		t.Error("there is nothing to open it with")
	}
	many := "path\n" + strings.Repeat("x*\n", maxEntries+1)
	if _, err := o.LoadLookups(opener(map[string]string{"gone.csv": many})); err == nil || !strings.Contains(err.Error(), "10000") {
		t.Errorf("too many entries: %v", err)
	}
	large := "path\n" + strings.Repeat("# "+strings.Repeat("x", 1000)+"\n", maxLookupBytes/1000)
	if _, err := o.LoadLookups(opener(map[string]string{"gone.csv": large})); err == nil || !strings.Contains(err.Error(), "larger") {
		t.Errorf("too large a file: %v", err)
	}
	if _, err := o.LoadLookups(func(string) (io.ReadCloser, error) {
		return io.NopCloser(io.MultiReader(strings.NewReader("path\nx*\n"), broken{})), nil
	}); err == nil || !strings.Contains(err.Error(), "gone.csv") {
		t.Errorf("a file that breaks off: %v", err)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("the disk is gone") }

// TestOptionsWithoutLookupsStayAsTheyAre, and nothing is opened for them.
func TestOptionsWithoutLookupsStayAsTheyAre(t *testing.T) {
	o := mustParse(t, "allow_dest=corel.com", "recent=2d")
	loaded, err := o.LoadLookups(nil)
	if loaded.loaded = false; err != nil || !reflect.DeepEqual(loaded, o) {
		t.Errorf("%+v became %+v, %v", o, loaded, err)
	}
}

// FuzzLookup: no file makes the reader fail in another way than by an error, and what
// is taken is what encoding/csv finds in the column, less comments and bad rows.
func FuzzLookup(f *testing.F) {
	for _, seed := range []string{"dest\ncorel.com\n", "a,b\n\"x\ny\",z\n", "\ufeff#x\npattern\n\"", "x\n*\n10.0.0.0/8,,\n", "\n\n", "x\n\ufeff\n", "\ufeff\"a\n\nb\n\"\nc"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		o := mustParse(t, "allow_dest=a.csv")
		o, err := o.LoadLookups(opener(map[string]string{"a.csv": text}))
		if err != nil {
			t.Skip()
		}
		rows := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
		rows.FieldsPerRecord = -1
		all := map[string]bool{}
		for {
			row, err := rows.Read()
			if errors.Is(err, io.EOF) {
				break
			}
			for _, cell := range row {
				all[strings.TrimSpace(strings.ReplaceAll(cell, "\ufeff", " "))] = true
			}
		}
		for _, entry := range entriesOf(o.AllowDest) {
			if !all[strings.ReplaceAll(entry, "\ufeff", " ")] || strings.HasPrefix(entry, "#") || entry == "" {
				t.Errorf("%q is no cell of the file, or a comment", entry)
			}
		}
	})
}

// What is wrong with a lookup file is said of the option as its user wrote it.
func TestLookupErrorsNameWhatWasWritten(t *testing.T) {
	for _, name := range []string{"allow", "allow_command", "allow_path", "allow_dest"} {
		flags, _, err := ParseFlags([]string{flagName(name), "gone.csv"})
		if err != nil {
			t.Fatal(err)
		}
		for label, o := range map[string]Options{optionLabel(name): mustParse(t, name+"=gone.csv"), flagLabel(name): flags} {
			if _, err := o.LoadLookups(opener(nil)); err == nil || !strings.HasPrefix(err.Error(), label+": ") {
				t.Errorf("%s: %v", label, err)
			}
		}
	}
}
