package hunt

import (
	"slices"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// Whoever sets one clock ahead for a moment does not hide the fleet: its findings are shown,
// and those of the device as well.
func TestOneClockThatIsDaysAheadHidesNobody(t *testing.T) {
	for _, ahead := range []int{1, 2, 3, 9, 27} {
		l := fleetLines(20)
		plain := shownIn(huntWith(t, l.lines, "", "recent=1d", "lookback=7d"), "rundll32.exe", "powershell.exe")
		if len(plain) != 2 {
			t.Fatalf("the fleet has no such findings: %v", plain)
		}
		at := dayBegins + 7*day + ahead*day
		shell := `C:\Windows\System32\cscript.exe`
		l.call("WS0011.corp.example", at, shell, l.task("WS0011.corp.example", at, shell, `cscript.exe C:\x\moment.vbs`), "c.rare-three.com", "93.184.216.97")
		rows := huntWith(t, l.lines, "", "recent=1d", "lookback=7d")
		if got := shownIn(rows, "rundll32.exe", "powershell.exe", "cscript.exe"); len(got) != 3 {
			t.Errorf("%d days ahead: only %v are shown", ahead, got)
		}
	}
}

// shownIn returns which of some programs rows are of.
func shownIn(rows []row.Row, programs ...string) (shown []string) {
	for _, r := range rows {
		if name := r.Get("process_name"); slices.Contains(programs, name) && !slices.Contains(shown, name) {
			shown = append(shown, name)
		}
	}
	slices.Sort(shown)
	return shown
}
