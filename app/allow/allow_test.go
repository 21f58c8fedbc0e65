package allow

import (
	"bytes"
	"encoding/csv"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/rarity/template"
)

const (
	now     = 20_000 * event.Day
	expires = 20_090 * event.Day
	digest  = "0d5c1f0f6a4ae0a0c9b3c1f5c7f0cfb4b0e0a1b2c3d4e5f60718293a4b5c6d7e"
	other   = "1d5c1f0f6a4ae0a0c9b3c1f5c7f0cfb4b0e0a1b2c3d4e5f60718293a4b5c6d7e"
)

// program is one as the hunt makes it.
func program(path, hash, command string) Program {
	name := path[strings.LastIndexByte(path, '\\')+1:]
	return Program{Name: name, Path: template.Of(path, template.Names{}), Hash: hash, Command: command, Template: template.Of(command, template.Names{})}
}

func tree(remote string, programs ...Program) *Subject {
	s := &Subject{Kind: "schtask", Task: `\Vendor\Update`, Programs: programs, Users: []string{"system"}, Remotes: []string{remote}, Facts: []string{"destination|" + remote}}
	chain := ""
	for _, p := range programs {
		chain += p.Name + " > "
		s.Chains = append(s.Chains, strings.TrimSuffix(chain, " > "))
	}
	return s
}

func propose(t *testing.T, trees ...*Subject) Entry {
	t.Helper()
	e, err := Propose("0123456789abcdef", trees, nil, expires)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// written writes entries to a file and reads them again.
func written(t *testing.T, entries ...Entry) ([]Entry, []string) {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{Columns}
	for i := range entries {
		rows = append(rows, entries[i].Values(now))
	}
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	read, warnings, err := Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	return read, warnings
}

var updater = program(`C:\Program Files\Vendor\update.exe`, digest, `"C:\Program Files\Vendor\update.exe" /silent`)

// What is different in anything is not covered, and what is the same or does less is.
func TestEntryCoversWhatItWasMadeOf(t *testing.T) {
	shell := program(`C:\Windows\System32\cmd.exe`, other, `cmd.exe /c ver`)
	made := tree("vendor.example", updater, shell)
	list, warnings := written(t, propose(t, made))
	if len(list) != 1 || len(warnings) > 0 {
		t.Fatalf("%d entries are read, %q", len(list), warnings)
	}
	l := NewList(list)
	quiet, alone := *made, *tree("vendor.example", updater)
	quiet.Remotes = nil
	for name, s := range map[string]*Subject{"the same": made, "calls nobody": &quiet, "starts nothing": &alone} {
		if _, fits := l.Match(s, now); !fits {
			t.Errorf("%s: not covered", name)
		}
	}
	renamed := program(`C:\Program Files\Vendor\update.exe`, other, updater.Command)
	told := program(`C:\Program Files\Vendor\update.exe`, digest, updater.Command+" /x")
	child := program(`C:\Windows\System32\cmd.exe`, other, `cmd.exe /c whoami`)
	task, user, kind := *made, *made, *made
	task.Task, user.Users, kind.Kind = `\Other`, []string{"<user>"}, "service"
	for name, s := range map[string]*Subject{
		"another file":    tree("vendor.example", renamed, shell),
		"another command": tree("vendor.example", told, shell),
		"another child":   tree("vendor.example", updater, child),
		"one child more":  tree("vendor.example", updater, shell, child),
		"another remote":  tree("evil.example", updater, shell),
		"another task":    &task, "another account": &user, "another kind of root": &kind, "nothing": {},
	} {
		if _, fits := l.Match(s, now); fits {
			t.Errorf("%s: covered", name)
		}
	}
	if _, fits := l.Match(made, expires); fits {
		t.Error("covered on the day on which the entry expires")
	}
	if n := len(l.Expired(expires)); n != 1 {
		t.Errorf("%d entries have expired", n)
	}
}

// Who writes a command line writes no entry: stars, slots and other signs of patterns stand
// for themselves.
func TestNoSignStandsForOthers(t *testing.T) {
	for _, argument := range []string{"*", "?", ".*", "<n>", "<*>", "(none)", "%", "a,b", `a"b`, "|", "a|b|c", "# a", " "} {
		command := `C:\Program Files\Vendor\update.exe ` + argument
		made := tree(argument, program(`C:\Program Files\Vendor\update.exe`, digest, command))
		made.Users = []string{None}
		if argument == None || argument == " " {
			if _, err := Propose("f", []*Subject{made}, nil, expires); err == nil {
				t.Errorf("a destination that is called %q is one", argument)
			}
			continue
		}
		list, warnings := written(t, propose(t, made))
		if len(list) != 1 || len(warnings) > 0 {
			t.Fatalf("%q: %d entries are read, %q", argument, len(list), warnings)
		}
		if !list[0].Fits(made) {
			t.Errorf("%q: what it was made of is not covered", argument)
		}
		for _, evil := range []string{"anything", "1234567", "", "evil.example"} {
			s := tree(evil, program(`C:\Program Files\Vendor\update.exe`, digest, `C:\Program Files\Vendor\update.exe `+evil))
			if list[0].Fits(s) {
				t.Errorf("made of %q, it covers %q", argument, evil)
			}
		}
	}
}

// A place in a command line is open where it was seen to differ, and nowhere else.
func TestSlotsAreWhatDiffers(t *testing.T) {
	run := func(path, argument string) *Subject {
		return tree("vendor.example", program(path, digest, path+" "+argument))
	}
	const path = `C:\Program Files\Vendor\update.exe`
	one := propose(t, run(path, "--job 1234567"))
	if one.Fits(run(path, "--job 7654321")) {
		t.Error("one command line was seen, and another is covered")
	}
	two := propose(t, run(path, "--job 1234567"), run(path, "--job 7654321"))
	if !two.Fits(run(path, "--job 5555555")) || two.Fits(run(path, "--job x")) || two.Fits(run(path, "--run 1234567")) {
		t.Errorf("of two jobs it makes %q", two.InSlots)
	}
	const shell = `C:\Windows\System32\cmd.exe`
	a, b := "/c echo 5f3a9c01d2e4b6a8", "/c echo 6f3a9c01d2e4b6a9"
	if _, err := Propose("f", []*Subject{run(shell, a), run(shell, b)}, nil, expires); err == nil {
		t.Error("a shell's argument may be anything")
	}
	const host = `C:\ProgramData\Vendor\host.exe`
	if _, err := Propose("f", []*Subject{run(host, a), run(host, b)}, nil, expires); err == nil {
		t.Error("an argument of a program that may be a shell may be anything")
	}
}

// What a file that somebody puts into his own folder under the same name would fit is refused,
// and the reason names it.
func TestRefusesWhatARenamedFileWouldFit(t *testing.T) {
	const ps, cmd, rundll = `C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe`, `C:\Windows\System32\cmd.exe`, `C:\Windows\System32\rundll32.exe`
	for _, c := range []struct {
		name     string
		programs []Program
		refused  string // part of the reason, "" for none
	}{
		{"in a profile, its digest known", []Program{program(`C:\Users\ann\AppData\Local\a.exe`, digest, "a.exe")}, ""},
		{"in a profile", []Program{program(`C:\Users\ann\AppData\Local\a.exe`, "", "a.exe")}, `a.exe lies where users may write`},
		{"by a digest of imports", []Program{program(`C:\ProgramData\a.exe`, digest[:32], "a.exe")}, "lies where users may write"},
		{"in a folder of Windows that is open", []Program{program(`C:\Windows\Temp\a.exe`, "", "a.exe")}, "users may write"},
		{"Windows' own", []Program{program(`C:\Windows\System32\a.exe`, "", "a.exe")}, ""},
		{"on another drive", []Program{program(`D:\Windows\System32\a.exe`, "", "a.exe")}, "users may write"},
		{"up and away", []Program{program(`C:\Windows\..\Users\a.exe`, "", "a.exe")}, "users may write"},
		{"nowhere", []Program{program(``, "", "a.exe")}, "no event tells where"},
		{"a script in a profile", []Program{program(ps, digest, `powershell.exe -File C:\Users\ann\a.ps1`)}, `a.ps1, where users may write`},
		{"a script by a variable", []Program{program(ps, digest, `powershell.exe -File %APPDATA%\a.ps1`)}, "users may write"},
		{"a script by PowerShell's variable", []Program{program(ps, digest, `powershell.exe -Command & $env:TEMP\a.ps1`)}, "users may write"},
		{"a script on a share", []Program{program(cmd, digest, `cmd.exe /c \\server\share\a.cmd`)}, "users may write"},
		{"a script somewhere", []Program{program(cmd, digest, `cmd.exe /c a.bat`)}, "a.bat"},
		{"a script without an ending", []Program{program(cmd, digest, `cmd.exe /c C:\Users\ann\a`)}, "users may write"},
		{"a script of a vendor", []Program{program(ps, digest, `powershell.exe -File "C:\Program Files\The Vendor\a.ps1"`)}, ""},
		{"a program that a shell starts", []Program{program(cmd, digest, `cmd.exe /c C:\Users\ann\a.exe`), program(`C:\Users\ann\a.exe`, other, "a.exe")}, ""},
		{"the same without its digest", []Program{program(cmd, digest, `cmd.exe /c C:\Users\ann\a.exe`), program(`C:\Users\ann\a.exe`, "", "a.exe")}, "users may write"},
		{"a library in a profile", []Program{program(rundll, digest, `rundll32.exe C:\ProgramData\a.dll,Start`)}, "a.dll"},
		{"a library of Windows", []Program{program(rundll, digest, `rundll32.exe shell32.dll,Control_RunDLL`)}, ""},
		{"what is encoded", []Program{program(ps, digest, `powershell.exe -enc SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoAZQBjAHQAIABOAGUAdAAuAFcAZQBiAEMAbABpAGUAbgB0ACkA`)}, "encoded"},
		{"a vendor's log", []Program{program(`C:\Program Files\Vendor\a.exe`, "", `a.exe --log C:\ProgramData\Vendor\a.log`)}, ""},
		{"a vendor's script in an open folder", []Program{program(`C:\Program Files\Vendor\a.exe`, "", `a.exe --run C:\ProgramData\Vendor\a.lua`)}, "a.lua"},
		{"two lines", []Program{program(`C:\Program Files\Vendor\a.exe`, "", "a.exe\nb.exe")}, "line break"},
		{"the end of a long line", []Program{program(cmd, digest, "cmd.exe /c rem "+strings.Repeat("a ", 2100)+`& C:\Users\ann\a.exe`)}, "too long"},
	} {
		_, err := Propose("f", []*Subject{tree("vendor.example", c.programs...)}, nil, expires)
		switch {
		case c.refused == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.refused != "" && (err == nil || !strings.Contains(err.Error(), c.refused)):
			t.Errorf("%s: the reason is %v, want %q", c.name, err, c.refused)
		}
	}
}

// The order of the trees has no say, nor how often one is there; and an entry covers each tree
// that it was made of, whatever they are.
func TestProposeByOrder(t *testing.T) {
	dice := rand.New(rand.NewPCG(27, 0))
	for range 200 {
		var trees []*Subject
		for range 1 + dice.IntN(6) {
			path := []string{`C:\Program Files\Vendor\a.exe`, `C:\Users\ann\a.exe`, `C:\Windows\System32\b.exe`}[dice.IntN(3)]
			command := path + []string{" /x", " 1234567", " 7654321", " *", " <n>"}[dice.IntN(5)]
			trees = append(trees, tree([]string{"a.example", "b.example", "192.0.2.7"}[dice.IntN(3)], program(path, digest, command)))
		}
		e := propose(t, trees...)
		turned := append([]*Subject{trees[0]}, trees...)
		dice.Shuffle(len(turned), func(i, j int) { turned[i], turned[j] = turned[j], turned[i] })
		if o := propose(t, turned...); o.ID != e.ID {
			t.Fatalf("in another order %+v is %+v", e, o)
		}
		list, _ := written(t, e)
		for _, s := range trees {
			if len(list) != 1 || !list[0].Fits(s) {
				t.Fatalf("%+v does not cover %+v", e, s)
			}
		}
	}
}

// A finding that departs from its task is not the task: an entry for it covers runs that
// depart in the same.
func TestEntryOfADeparture(t *testing.T) {
	s := tree("new.example", updater)
	e, err := Propose("f", []*Subject{s}, []string{"destination|new.example"}, expires)
	if err != nil {
		t.Fatal(err)
	}
	plain := *s
	plain.Remotes, plain.Facts = nil, nil
	if !e.Fits(s) || e.Fits(&plain) {
		t.Errorf("%+v covers the plain run: %t", e.Departs, e.Fits(&plain))
	}
}

// A row that lost a condition, or was changed, hides nothing, and the warning says so.
func TestReadRefuses(t *testing.T) {
	e := propose(t, tree("vendor.example", updater))
	for column := range Columns {
		for _, cell := range []string{"", "changed", None} {
			row := e.Values(now)
			if row[column] == cell || Columns[column] == "finding_id" || Columns[column] == "added" {
				continue
			}
			row[column] = cell
			var b bytes.Buffer
			w := csv.NewWriter(&b)
			if err := w.WriteAll([][]string{Columns, row}); err != nil {
				t.Fatal(err)
			}
			read, warnings, err := Read(&b)
			if err != nil || len(read) > 0 || len(warnings) != 1 || !strings.Contains(warnings[0], "line 2") {
				t.Errorf("with %s=%q: %d entries, %q, %v", Columns[column], cell, len(read), warnings, err)
			}
		}
	}
	if _, _, err := Read(strings.NewReader("command,added\na,b\n")); err == nil || !strings.Contains(err.Error(), "no column entry") {
		t.Errorf("a file of another kind: %v", err)
	}
	again := strings.Join(Columns, ",") + "\n# a remark\n\n" + strings.Join(Columns, ",") + "\n"
	if read, warnings, err := Read(strings.NewReader("\ufeff" + again)); err != nil || len(read)+len(warnings) > 0 {
		t.Errorf("two headers and a remark: %d entries, %q, %v", len(read), warnings, err)
	}
}

// An entry that is there twice counts once, and as long as either says.
func TestReadTwice(t *testing.T) {
	e := propose(t, tree("vendor.example", updater))
	longer := e
	longer.Expires += 30 * event.Day
	list, warnings := written(t, e, longer, e)
	if len(list) != 1 || len(warnings) > 0 || list[0].Expires != longer.Expires {
		t.Errorf("%d entries, %q", len(list), warnings)
	}
}

// FuzzRead: no file is a reason to stop, and what is read writes itself.
func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write(Columns)
	f.Add(b.String())
	f.Add(b.String() + "a,b,c\n\"")
	f.Fuzz(func(t *testing.T, text string) {
		entries, _, err := Read(strings.NewReader(text))
		if err != nil {
			return
		}
		again, warnings := written(t, entries...)
		if len(again) != len(entries) || len(warnings) > 0 {
			t.Errorf("%d entries are %d, %q", len(entries), len(again), warnings)
		}
	})
}
