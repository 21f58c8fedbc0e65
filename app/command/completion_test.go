package command

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

var somePages = []Page{
	{Name: "hunt", Line: "hunts", Options: true, Flags: []Flag{{Name: "format", Value: "table|csv|json"}, {Name: "out-file", Short: "o", Value: "<file>"}}},
	{Name: "sample", Line: "makes 'samples'", Flags: []Flag{{Name: "gzip"}}},
}

// bash itself completes what stands on a line.
func TestBashCompletes(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash on this machine")
	}
	script, err := Completion("bash", somePages)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ line, want string }{
		{"schtaskhunt ", "hunt sample"},
		{"schtaskhunt s", "sample"},
		{"schtaskhunt hunt --format ", "table csv json"},
		{"schtaskhunt hunt --format c", "csv"},
		{"schtaskhunt hunt --max-dev", "--max-devices"},
		{"schtaskhunt hunt --internal o", "only"},
		{"schtaskhunt hunt -", ""},
		{"schtaskhunt sample --max-dev", ""},
		{"schtaskhunt sample --", "--gzip --help"},
	} {
		words := strings.Split(c.line, " ")
		call := script + "\nCOMP_WORDS=('" + strings.Join(words, "' '") + "'); COMP_CWORD=" + string(rune('0'+len(words)-1)) + "; _schtaskhunt; echo \"${COMPREPLY[@]}\""
		out, err := exec.Command(bash, "--norc", "-c", call).CombinedOutput()
		got := strings.TrimSpace(string(out))
		if c.line == "schtaskhunt hunt -" { // all of them
			if !slices.Contains(strings.Fields(got), "-o") || strings.Contains(got, "phase") {
				t.Errorf("%q completes to %q", c.line, got)
			}
		} else if err != nil || got != c.want {
			t.Errorf("%q completes to %q, want %q (%v)", c.line, got, c.want, err)
		}
	}
}

// Every shell's script names every subcommand and flag, and what is quoted stays whole.
func TestCompletionNamesAll(t *testing.T) {
	for _, shell := range Shells {
		script, err := Completion(shell, somePages)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"hunt", "sample", "max-devices", "format", "gzip", "table", "out-file"} {
			if !strings.Contains(script, want) {
				t.Errorf("%s: %s is missing", shell, want)
			}
		}
		if strings.Contains(script, "phase") {
			t.Errorf("%s names what is Splunk's own", shell)
		}
	}
	fish, _ := Completion("fish", somePages)
	if !strings.Contains(fish, `'makes \'samples\''`) {
		t.Errorf("quoted for fish: %s", fish)
	}
	if _, err := Completion("tcsh", somePages); err == nil || !strings.Contains(err.Error(), "powershell") {
		t.Errorf("tcsh: %v", err)
	}
}
