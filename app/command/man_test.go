package command

import (
	"os/exec"
	"strings"
	"testing"
)

var manPages = []Page{
	{Name: "hunt", Line: "hunts", Usage: []string{"hunt [flags] FILE..."}, About: "A line.\n.hidden\n'quoted\n", Flags: huntFlags, Options: true, Examples: []string{`schtaskhunt hunt --root '/\\a\.exe/' x`}},
	{Name: "other", Line: "does another thing", Usage: []string{"other"}, Examples: []string{"schtaskhunt other"}},
}

// Nothing of a text is taken for a request, and each subcommand, flag and option is there.
func TestMan(t *testing.T) {
	text := Man("1.2.3", manPages)
	for line := range strings.Lines(text) {
		if request, _, _ := strings.Cut(strings.TrimSpace(line), " "); strings.HasPrefix(line, ".") && !strings.Contains(" .TH .SH .SS .TP .PP .B .br .nf .fi ", " "+request+" ") || strings.HasPrefix(line, "'") {
			t.Errorf("a text became a request: %q", line)
		}
	}
	plain := strings.NewReplacer(`\-`, "-", `\e`, `\`, `\&`, "").Replace(text)
	for _, f := range huntFlags {
		if !strings.Contains(plain, strings.TrimSpace(flagName(f.Name)+" "+f.Value)+"\n") {
			t.Errorf("--%s is missing", f.Name)
		}
	}
	for _, opt := range Table() {
		if there := strings.Contains(plain, ".B "+flagName(opt.Name)+" "+opt.Value+"\n"); there == opt.Hidden {
			t.Errorf("%s (hidden: %t): %t", opt.Name, opt.Hidden, there)
		}
	}
	for _, want := range []string{`schtaskhunt hunt --root '/\\a\.exe/' x`, ".hidden", "'quoted", "does another thing", `"schtaskhunt 1.2.3"`} {
		if !strings.Contains(plain, want) {
			t.Errorf("%q is missing", want)
		}
	}
}

// The real formatter has nothing to say against it.
func TestManIsFormatted(t *testing.T) {
	groff, err := exec.LookPath("groff")
	if err != nil {
		t.Skip("groff is not installed")
	}
	c := exec.Command(groff, "-man", "-Tascii", "-ww", "-z")
	c.Stdin = strings.NewReader(Man("1.2.3", manPages))
	if said, err := c.CombinedOutput(); err != nil || len(said) > 0 {
		t.Errorf("groff: %v, %s", err, said)
	}
}
