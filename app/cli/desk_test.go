package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/sink"
	"github.com/schtaskhunt/schtaskhunt/app/source"
)

// Every subcommand has help of its own that names no other's flags, ends well, has two
// examples that begin with its name, and lines of at most 100 columns.
func TestHelpOfEachSubcommand(t *testing.T) {
	for _, sub := range subcommands() {
		if sub.page.Name == "help" {
			continue
		}
		stdout, stderr, code := cli(sub.page.Name, "--help")
		if code != done || stderr != "" || stdout != sub.page.Help(0) {
			t.Errorf("%s: exit %d, %q", sub.page.Name, code, stderr)
		}
		if again, _, _ := cli("help", sub.page.Name); again != stdout {
			t.Errorf("help %s is not %s --help", sub.page.Name, sub.page.Name)
		}
		if len(sub.page.Examples) != 2 {
			t.Errorf("%s has %d examples", sub.page.Name, len(sub.page.Examples))
		}
		for line := range strings.SplitSeq(stdout, "\n") {
			if len([]rune(line)) > 100 {
				t.Errorf("%s: %d columns: %s", sub.page.Name, len([]rune(line)), line)
			}
		}
		if takes := strings.Contains(stdout, "--max-devices"); takes != sub.page.Options {
			t.Errorf("%s shows the hunt's options: %t", sub.page.Name, takes)
		}
	}
}

// The examples of help are read by the flags' own parser.
func TestExamplesParse(t *testing.T) {
	for _, page := range []command.Page{huntPage, splunkPage, remotePage, samplePage} {
		for _, example := range page.Examples {
			var words []string
			quoted := strings.Split(example, "'")
			for i, part := range quoted {
				if i%2 == 1 {
					words = append(words, part)
				} else {
					words = append(words, strings.Fields(part)...)
				}
			}
			var err error
			if page.Options {
				_, _, err = command.ParseFlags(words[2:], page.Flags...)
			} else {
				_, err = command.ParseDeclared(words[2:], page.Flags...)
			}
			if err != nil || words[1] != page.Name {
				t.Errorf("%s: %v", example, err)
			}
		}
	}
}

// No two flags of a subcommand share a name, a letter, or a name with an option.
func TestFlagsAreDistinct(t *testing.T) {
	for _, page := range pages() {
		seen := map[string]bool{}
		for _, f := range page.Flags {
			for _, name := range []string{"--" + f.Name, "-" + f.Short} {
				if name != "-" && seen[name] {
					t.Errorf("%s has two flags %s", page.Name, name)
				}
				seen[name] = true
			}
		}
		for _, opt := range command.Table() {
			if page.Options && seen["--"+strings.ReplaceAll(opt.Name, "_", "-")] {
				t.Errorf("%s: --%s is an option already", page.Name, opt.Name)
			}
		}
	}
}

// A sum is that of the file as it lies on disk, and only of one that was read to its end.
func TestInputsAreSummed(t *testing.T) {
	in := &inputs{hashed: true}
	text := strings.Repeat("x", 10_000)
	for _, n := range []int64{1 << 20, 100} {
		if _, err := io.Copy(io.Discard, io.LimitReader(in.opened("a", strings.NewReader(text)), n)); err != nil {
			t.Fatal(err)
		}
	}
	sum := sha256.Sum256([]byte(text))
	got := in.list([]source.Skipped{{File: "b", Reason: os.ErrInvalid}})
	if len(got) != 2 || got[0].SHA256 != hex.EncodeToString(sum[:]) || got[0].Bytes != 10_000 || got[1].SHA256 != "" || got[1].Bytes != 100 {
		t.Errorf("%+v", got)
	}
	if in.String() != "10.1 kB of 2 files" {
		t.Errorf("%s", in)
	}
}

func TestColors(t *testing.T) {
	for _, c := range []struct {
		when, noColor, colorTerm, term string
		want                           sink.Color
	}{
		{"auto", "", "truecolor", "xterm", sink.NoColor}, // no terminal
		{"always", "", "truecolor", "xterm", sink.TrueColor},
		{"always", "1", "24bit", "dumb", sink.TrueColor},
		{"always", "", "", "xterm", sink.SixteenColors},
		{"never", "", "truecolor", "xterm", sink.NoColor},
	} {
		t.Setenv("NO_COLOR", c.noColor)
		t.Setenv("COLORTERM", c.colorTerm)
		t.Setenv("TERM", c.term)
		if got := colorFor(c.when, io.Discard); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
}

// A pager is the user's, and none where it would show colours as codes or is not there.
func TestPagers(t *testing.T) {
	for chosen, want := range map[string]bool{"cat": false, "no-such-program": false, "sh -c": true} {
		if got := pagerFor(chosen); (got != nil) != want {
			t.Errorf("%q: %v", chosen, got)
		}
	}
}

// A report is no larger than half as much again as the rows of the same findings, be they
// each tree in a row, and no smaller than what it is to show.
func TestReportIsNoLargerThanItsRows(t *testing.T) {
	size := func(args ...string) int {
		out, stderr, code := cli(append(append([]string{"hunt", "--recent", "all", "--max-devices", "0", "--top", "0"}, args...), "../../testdata/demo/events.xml.gz")...)
		if code != done {
			t.Fatalf("%q: exit %d, %s", args, code, stderr)
		}
		return len(out)
	}
	report, trees, all := size("--format", "html"), size("--format", "jsonl", "--output", "trees"), size("--format", "json")
	if 2*report > 3*trees || 2*report > 3*all || report < 1000 {
		t.Errorf("the report has %d bytes, the rows of its trees %d, all rows %d", report, trees, all)
	}
}

// A reason is shown whole at any width: its end says what it was counted from.
func TestReasonsAreWhole(t *testing.T) {
	for _, width := range []string{"60", "80", "120", "200"} {
		out, stderr, code := cli("hunt", "--width", width, "../../testdata/triage/PC-7.zip")
		if code != done {
			t.Fatalf("exit %d, %s", code, stderr)
		}
		words := strings.Join(strings.Fields(out), " ")
		if want := `Reporting\QueueReporting runs %windir%\system32\wermgr.exe -upload (T1053.005, T1036.004); 1 of 9 rare findings do`; !strings.Contains(words, want) {
			t.Errorf("at %s columns the reason is not whole:\n%s", width, out)
		}
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// What cannot be written is said, and ends as a failure: whoever puts help or a script of
// completion into a file would have an empty one.
func TestFullDisk(t *testing.T) {
	all := [][]string{{"help"}, {"version"}, {"--version"}, {"man"}, {"completion", "bash"}, {"stock"}, {"stock", "sc.exe"}, {"remote", "--defender", "--show-query"}}
	for _, page := range pages() {
		if page.Name != "help" {
			all = append(all, []string{page.Name, "--help"})
		}
		all = append(all, []string{"help", page.Name})
	}
	for _, args := range all {
		var errs strings.Builder
		code := Main(args, Streams{In: strings.NewReader(""), Out: full{}, Err: &errs})
		if code != failed || !strings.Contains(errs.String(), syscall.ENOSPC.Error()) {
			t.Errorf("%q: exit %d, %q", args, code, errs.String())
		}
	}
}
