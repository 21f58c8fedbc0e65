package definition_test

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/task/definition"
)

func TestRuns(t *testing.T) {
	for _, c := range []struct {
		command, arguments, image, line string
		want                            bool
	}{
		{"cmd.exe", "/c x", `C:\Windows\System32\cmd.exe`, `C:\Windows\SYSTEM32\cmd.EXE /c x`, true},
		{"cmd", "/c x", `C:\Windows\System32\cmd.exe`, `"cmd.exe" /c   x`, true},
		{"cmd.exe", "/c x", `C:\Windows\System32\cmd.exe`, `cmd.exe /c y`, false},
		{"cmd.exe", "", `C:\Windows\System32\cmd.exe`, `cmd.exe /c y`, false},
		{"cmd.exe", "/c x", `C:\Windows\System32\cmd.exe`, `cmd.exe /c x y`, false},
		{`%windir%\system32\a.exe`, "-n", `C:\Windows\System32\a.exe`, `C:\windows\system32\a.exe -n`, true},
		{`%windir%\system32\a.exe`, "-n", `C:\x\system32\a.exe`, `C:\x\system32\a.exe -n`, false},
		{`%LOCALAPPDATA%\Z\a.exe`, "", `C:\Users\m\AppData\Local\Z\a.exe`, `"C:\Users\m\AppData\Local\Z\a.exe"`, true},
		{`%LOCALAPPDATA%\Z\a.exe`, "", `C:\Users\m\AppData\Local\Y\a.exe`, `"C:\Users\m\AppData\Local\Y\a.exe"`, false},
		{`"C:\Program Files\A B\a.exe"`, `"x y"`, `C:\Program Files\A B\a.exe`, `"C:\Program Files\A B\a.exe" "x y"`, true},
		{`C:\Program Files\A B\a.exe`, ``, ``, `C:\Program Files\A B\a.exe`, true},
		{`C:\q\a.exe`, "$(Arg0) -t $(Arg1)", `C:\q\a.exe`, `C:\q\a.exe 17 -t z`, true},
		{`C:\q\a.exe`, "$(Arg0) -t $(Arg1)", `C:\q\a.exe`, `C:\q\a.exe 17 -t `, false},
		{`C:\q\a.exe`, "%A%%B%", `C:\q\a.exe`, `C:\q\a.exe 1`, false},
		{`C:\q\a.exe`, "100% of it", `C:\q\a.exe`, `C:\q\a.exe 100% of it`, true},
		{`C:\q\a.exe`, "", `C:\r\a.exe`, `C:\r\a.exe`, false},
		{`C:\q\run.bat`, "", `C:\Windows\System32\cmd.exe`, `C:\Windows\SYSTEM32\cmd.exe /c ""C:\q\run.bat""`, false},
		{`%COMSPEC%`, "/c x", `C:\Windows\System32\cmd.exe`, `cmd.exe /c x`, false},
		{"", "", `C:\Windows\System32\taskhostw.exe`, "taskhostw.exe", false},
		{"İ.exe", "", `C:\q\İ.exe`, "İİİİİİ.exe", true},
	} {
		a := definition.Action{Command: c.command, Arguments: c.arguments}
		if got := a.Runs(c.image, c.line); got != c.want {
			t.Errorf("%s %s runs %s: %t", c.command, c.arguments, c.line, got)
		}
	}
}

// What an action without variables starts has the same text as the action, whatever the case of
// its letters; nothing else has, but for the folder.
func TestFixed(t *testing.T) {
	r, same := rand.New(rand.NewPCG(5, 5)), 0
	text := func() string {
		words := ""
		for range r.IntN(4) {
			letters := []string{"a", "A", "k", "K", "\u212a", "s", "S", "\u017f", "i", "I", "\u0130", "\u0131", "é", "É", " ", "\xff", "\xfe", "\ufffd"}
			words += letters[r.IntN(len(letters))]
		}
		return words
	}
	for range 200_000 {
		a := definition.Action{Command: []string{"a.exe", "A", ""}[r.IntN(3)], Arguments: text()}
		line := []string{"a.exe ", "b.exe "}[r.IntN(2)] + text()
		pattern, started := a.Pattern(), definition.NewStarted("", line)
		own, fixed := pattern.Fixed()
		if runs := a.Runs("", line); runs != (fixed && own == started.Fixed()) {
			t.Fatalf("%+v runs %q: %t; %q and %q", a, line, runs, own, started.Fixed())
		} else if runs {
			same++
		}
	}
	if same < 1000 {
		t.Errorf("%d are the same: this tests little", same)
	}
	for _, c := range []definition.Action{{Command: "a.exe", Arguments: "%x%"}, {Class: "{1}"}, {Command: "%COMSPEC%"}} {
		p := c.Pattern()
		if text, fixed := p.Fixed(); fixed || (text == "") != (c.Arguments == "") {
			t.Errorf("%+v has %q, fixed %t", c, text, fixed)
		}
	}
}

// The slow way to match variables is a regular expression.
func FuzzVariables(f *testing.F) {
	f.Add("a%x%b", "aQb")
	f.Add("%a%%b%", "xy")
	f.Add("x$(Arg0)y$(Arg1)", "x1y2")
	f.Add("$())", "x")
	variable := regexp.MustCompile(`(?i)%[_()0-9a-z]+%|\$\([_(0-9a-z][_()0-9a-z]*?\)`)
	f.Fuzz(func(t *testing.T, arguments, text string) {
		low := strings.ToLower(arguments)
		if strings.Contains(low, "%windir%") || strings.Contains(low, "%systemroot%") || !isPlain(arguments) || !isPlain(text) {
			return
		}
		text, arguments = strings.Join(strings.Fields(text), " "), strings.Join(strings.Fields(arguments), " ")
		pattern, rest := `(?is)^`, arguments
		for at := variable.FindStringIndex(rest); at != nil; at = variable.FindStringIndex(rest) {
			pattern, rest = pattern+regexp.QuoteMeta(rest[:at[0]])+".+", rest[at[1]:]
		}
		want := regexp.MustCompile(pattern + regexp.QuoteMeta(rest) + "$").MatchString(text)
		a := definition.Action{Command: "a.exe", Arguments: arguments}
		if got := a.Runs("a.exe", `"a.exe" `+text); got != want {
			t.Errorf("%q is %q: %t, want %t", arguments, text, got, want)
		}
	})
}

// isPlain reports whether letter case is simple: of others strings.EqualFold and ToLower
// have different notions.
func isPlain(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r > 126 }) < 0
}
