//go:build !noremote

package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/cloud"
)

// childVariable has the policy of a program that a test starts: the test binary itself.
const childVariable = "SCHTASKHUNT_TEST_CHILD"

func TestMain(m *testing.M) {
	policy, isChild := os.LookupEnv(childVariable)
	if !isChild {
		os.Exit(m.Run())
	}
	if policy == handingOver {
		os.Exit(showEnvironment())
	}
	if err := json.Unmarshal([]byte(policy), &remotePolicy); err != nil {
		panic(err)
	}
	code := Main(os.Args[1:], Streams{In: strings.NewReader(""), Out: os.Stdout, Err: os.Stderr})
	fmt.Fprintln(os.Stderr, peakMark, peak())
	os.Exit(code)
}

// handingOver has a child do nothing but show what others see of its secrets.
const handingOver = "hand over"

// peakMark begins the line in which a child tells what it held. What the system tells
// of it when it has ended counts what the test itself held when it forked.
const peakMark = "peak in kB:"

// peak is the most memory that this process held, in kB; 0 where the system does not
// tell.
func peak() (kB int64) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, line, _ := strings.Cut(string(status), "VmHWM:")
	_, _ = fmt.Sscan(line, &kB)
	return kB
}

// child is a run of the program in a process of its own.
type child struct {
	stdout, stderr string
	code           int
	seconds        float64
	memory         int64 // the most it held, in bytes; 0 where that is not told
}

// childPolicy is impatient, and as stubborn as the default.
var childPolicy = func() cloud.Policy {
	p := cloud.DefaultPolicy
	p.Base, p.Most, p.Poll = time.Millisecond, 10*time.Millisecond, time.Millisecond
	p.Silence, p.StreamSilence, p.Patience, p.Farewell = 400*time.Millisecond, 600*time.Millisecond, 4*time.Second, 600*time.Millisecond
	p.Settle, p.MinRate = 32*time.Millisecond, 2000
	return p
}()

// childCommand prepares a run.
func childCommand(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	policy, err := json.Marshal(childPolicy)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), childVariable+"="+string(policy), tokenVariable+"="+token, hecVariable+"="+hecToken, passwordVariable+"="+password)
	return cmd
}

func runChild(t testing.TB, args ...string) (c child) {
	t.Helper()
	return finishChild(t, childCommand(t, args...), func(*os.Process) {})
}

// finishChild runs a child that was prepared, and hands its process on when it has started.
func finishChild(t testing.TB, cmd *exec.Cmd, started func(*os.Process)) (c child) {
	t.Helper()
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	started(cmd.Process)
	_ = cmd.Wait() // how it ended is in its state
	c.stdout, c.stderr, c.code, c.seconds = stdout.String(), stderr.String(), cmd.ProcessState.ExitCode(), time.Since(begun).Seconds()
	text, line, _ := strings.Cut(c.stderr, peakMark)
	c.stderr = text
	_, _ = fmt.Sscan(line, &c.memory)
	c.memory <<= 10
	return c
}
