package executable

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/standin"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
)

// Played runs a search in the stand-in for splunkd.
func Played(t *testing.T, cfg standin.Config) doors.Outcome {
	t.Helper()
	result, err := standin.Run(t.Context(), cfg)
	if err != nil || result.Error != "" || result.Stderr != "" {
		t.Fatalf("%v, error %q, stderr %q", err, result.Error, result.Stderr)
	}
	var o doors.Outcome
	if len(result.Rows) > 0 {
		o.Text = string(doors.Table{Header: result.Header, Rows: result.Rows}.Body(t))
	}
	for _, m := range result.Messages {
		if m.From == "reduce" {
			o.Messages = append(o.Messages, m.Level+" "+m.Text)
		}
		if strings.Contains(m.Text, "no session") {
			t.Errorf("the session key came back in %q", m.Text)
		}
	}
	o.Read(t)
	o.Audit(t)
	return o
}

// OnFiles runs the hunt subcommand and returns its rows as CSV.
func OnFiles(t *testing.T, binary, options, zone string, stdin []byte, files ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary, append(HuntFlags(options), files...)...)
	cmd.Env = append(os.Environ(), zone)
	cmd.Stdin = bytes.NewReader(stdin)
	return commandOutcome(t, cmd).Text
}

// HuntFlags are the arguments of a hunt with options as in a search.
func HuntFlags(options string) []string {
	all := strings.Fields(options)
	args := append(make([]string, 0, 3+2*len(all)), "hunt", "--format", "csv")
	for _, option := range all {
		name, value, _ := strings.Cut(option, "=")
		args = append(args, "--"+strings.ReplaceAll(name, "_", "-"), value)
	}
	return args
}

// commandOutcome runs the program, which must end well.
func commandOutcome(t *testing.T, cmd *exec.Cmd) doors.Outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%q: %v\n%s", cmd.Args, err, &stderr)
	}
	o := doors.Outcome{Text: stdout.String()}
	for line := range strings.Lines(stderr.String()) {
		o.Messages = append(o.Messages, "INFO "+strings.TrimSpace(line))
	}
	o.Read(t)
	o.Audit(t)
	return o
}
