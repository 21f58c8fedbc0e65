package sizes_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
)

// chainEvent is a Sysmon event of process k, which process k-1 started; the scheduler
// started the first. Its parent's process id is wrong on purpose: the GUID decides.
func chainEvent(k, parent int) []byte {
	guid := func(k int) string { return fmt.Sprintf("{5a1c0de0-0000-6720-0000-%012x}", k) }
	command := "x.exe"
	if parent == 0 {
		command = "svchost.exe -k netsvcs -p -s Schedule"
	}
	return fmt.Appendf(nil, `{"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational","Computer":"PC",`+
		`"TimeCreated":"2026-11-20T09:00:00.0000000Z","RecordNumber":"%d","UtcTime":"2026-11-20 09:00:00.000","ProcessGuid":"%s",`+
		`"ProcessId":"%d","Image":"C:\\x.exe","CommandLine":"x.exe","ParentProcessGuid":"%s","ParentProcessId":"4","ParentCommandLine":"%s"}`,
		k, guid(k), 8+k, guid(parent), command)
}

// A chain of processes far longer than any path is shown: every process has its row,
// the path leaves names out, and that is said.
func TestAChainLongerThanAPath(t *testing.T) {
	const length = 20_000
	var events [][]byte
	for k := length; k > 0; k-- {
		events = append(events, chainEvent(k, k-1))
	}
	o := doors.Hunted(t, "max_depth=50000 recent=all lookback=all", events)
	if len(o.Rows) != length {
		t.Fatalf("%d rows, want %d", len(o.Rows), length)
	}
	for i, r := range o.Rows {
		names, depth := strings.Split(r.Get("path"), " > "), i+1
		if r.Get("depth") != fmt.Sprint(depth) || len(names) != min(depth, 258) || (names[len(names)-1] != "x.exe") {
			t.Fatalf("row %d: depth %s, %d names in its path", depth, r.Get("depth"), len(names))
		}
		if shortened := depth > 257; shortened != strings.Contains(r.Get("path"), " > … > x.exe") {
			t.Fatalf("depth %d: path ends in %q", depth, r.Get("path")[len(r.Get("path"))-20:])
		}
	}
	if !strings.Contains(strings.Join(o.Messages, "\n"), "the column path leaves names out for 19743 processes deeper than 256") {
		t.Errorf("messages %q", o.Messages)
	}
}

// One process that starts very many.
func TestAProcessWithManyChildren(t *testing.T) {
	const children = 20_000
	events := [][]byte{chainEvent(1, 0)}
	for k := range children {
		events = append(events, chainEvent(k+2, 1))
	}
	o := doors.Hunted(t, "recent=all lookback=all", events)
	if len(o.Rows) != children+1 {
		t.Errorf("%d rows, want %d", len(o.Rows), children+1)
	}
}

// A tree whose clock is ahead of now is left out, and that is said: it must not look
// like a quiet one.
func TestTreesAfterNowAreTold(t *testing.T) {
	for _, recent := range []string{"1d", "all"} {
		o := doors.Hunted(t, "now=2026-11-19T00:00:00Z lookback=all recent="+recent, [][]byte{chainEvent(1, 0)})
		if text := strings.Join(o.Messages, "\n"); len(o.Rows) != 0 || !strings.Contains(text, "1 tree left out that had no recent activity but some after 2026-11-19T00:00:00Z") {
			t.Errorf("recent=%s: %d rows, messages %q", recent, len(o.Rows), text)
		}
	}
	o := doors.Hunted(t, "now=2026-11-20T12:00:00Z", [][]byte{chainEvent(1, 0)})
	if len(o.Rows) != 1 || strings.Contains(strings.Join(o.Messages, "\n"), "left out") {
		t.Errorf("%d rows, messages %q", len(o.Rows), o.Messages)
	}
}
