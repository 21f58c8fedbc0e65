package hunt

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// On a day that is hunted alone, with the census of the days before: a benign task that does
// something else on one device, and a task's first destination after quiet days, are the first
// findings; software that has been rolled out to all devices over four days is none of them.
func TestFirstsStandFirst(t *testing.T) {
	const devices, today = 60, 6
	l := variedLines(devices, 13)
	for n := range devices { // a fourth of the fleet each day from the fourth on
		for d := 3 + n%4; d < 7; d++ {
			image := `C:\Program Files\Rolled\out.exe`
			id := l.task(fmt.Sprintf("WS%04d.corp.example", n), dayBegins+d*day+9000+n, image, image+" --sync")
			l.call(fmt.Sprintf("WS%04d.corp.example", n), dayBegins+d*day+9002+n, image, id, "api.rolled.com", "93.184.216.41")
		}
	}
	at := dayBegins + today*day + 7000
	hijacked, quiet := `C:\Program Files\Beta\update.exe`, `C:\Program Files\Gamma\update.exe`
	id := l.task("WS0010.corp.example", at, hijacked, `"`+hijacked+`" /device:00010010 /day:2026-11-07`)
	child := l.start("WS0010.corp.example", at+1, sys+`regsvr32.exe`, `regsvr32.exe /s C:\ProgramData\b.dll`, hijacked, hijacked, id)
	l.call("WS0010.corp.example", at+2, sys+`regsvr32.exe`, child, "a.first-one.com", "93.184.216.42")
	id = l.task("WS0020.corp.example", at+60, quiet, `"`+quiet+`" /device:00020020 /day:2026-11-07`)
	l.call("WS0020.corp.example", at+62, quiet, id, "b.first-two.com", "93.184.216.43")

	var days [][]row.Row
	for d := range today {
		days = append(days, huntWith(t, linesOf(l, d), "", nowIs(d+1), "recent=1d", "lookback=1d", "output=census"))
	}
	rows := huntWith(t, linesOf(l, today), censusFile(days...), nowIs(today+1), "recent=1d", "max_devices=0", "output=findings")
	if len(rows) < 30 {
		t.Fatalf("%d findings", len(rows))
	}
	place := func(column, text string) int {
		return 1 + slices.IndexFunc(rows, func(r row.Row) bool { return strings.Contains(r.Get(column), text) })
	}
	// variedLines has two more of today, of the same kind.
	if a, b := place("remote", "a.first-one.com"), place("remote", "b.first-two.com"); a < 1 || a > 4 || b < 1 || b > 4 {
		t.Errorf("what is new stands in places %d and %d of %d", a, b, len(rows))
	}
	if at := place("root_process", "Rolled"); at > 0 && at <= 25 {
		t.Errorf("what was rolled out stands in place %d: %s", at, rows[at-1].Get("why"))
	}
}
