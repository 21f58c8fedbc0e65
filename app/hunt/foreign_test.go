package hunt

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/census"
	"github.com/schtaskhunt/schtaskhunt/app/trial/rounds"
)

// storiedLines are a fleet on which findings are made of several devices' runs by more than
// what these do: Windows' own tasks, known and departing and passed off as such; tasks and
// the trees that registered them; tasks of one name and several command lines; chains of
// script hosts; contacts with the trigger's own period.
func storiedLines(devices int) *logLines {
	l := variedLines(devices, 11)
	today := dayBegins + 6*day + 3000
	shell := sys + `WindowsPowerShell\v1.0\powershell.exe`
	for n := range devices {
		device := fmt.Sprintf("WS%04d.corp.example", n)
		l.stockDay(device, today+n)
		switch n % 5 {
		case 0:
			l.halves(device, shells, `\Vendor\Sync`, today+500-(n%2)*3*day, today+900+n)
		case 1:
			l.task(device, today+700, sys+"wermgr.exe", `C:\Windows\system32\wermgr.exe -upload`)
			l.named(device, today+701, `\Microsoft\Windows\Windows Error Reporting\QueueReporting`, sys+"wermgr.exe")
		case 2:
			image := fmt.Sprintf(`C:\ProgramData\Intel%d\upd.exe`, n%3)
			l.task(device, today+800, image, image+" -a")
			l.named(device, today+801, `\Microsoft\Windows\Windows Error Reporting\QueueReporting`, image)
		case 3:
			image := fmt.Sprintf(`C:\Program Files\Sync%d\sync.exe`, n%4)
			l.task(device, today+1000, image, image)
			l.named(device, today+1001, `\Vendor\Many`, image)
		case 4:
			id := l.task(device, today+1200, shell, "powershell.exe -w hidden -file a.ps1")
			if n%2 == 0 {
				below := l.start(device, today+1201, shells, `cmd.exe /c x`, shell, "powershell.exe -w hidden -file a.ps1", id)
				l.start(device, today+1202, sys+"mshta.exe", `mshta.exe x`, shells, `cmd.exe /c x`, below)
			}
			l.call(device, today+1203, shell, id, telltale, outside)
		}
	}
	return l
}

// What is said of findings in shares is what one hunt says, whatever they are made of.
func TestStoriesAreToldInShares(t *testing.T) {
	lines := storiedLines(35).lines
	for _, output := range rounds.Some([]string{"all", "findings"}, 1) {
		for _, level := range []string{"0", "4"} {
			options := []string{nowIs(7), "recent=1d", "lookback=7d", "max_devices=" + level, "output=" + output}
			want := sorted(huntWith(t, lines, "", options...))
			for _, n := range rounds.Some(shareCounts, 1) {
				if got := sorted(inShares(t, lines, n, options)...); got != want {
					t.Fatalf("output=%s max_devices=%s in %d shares:\n%s", output, level, n, firstDifference(got, want))
				}
			}
		}
	}
}

// Runs may be told of in any order and grouping: what is said of them together is the same.
func TestSumsHaveNoOrder(t *testing.T) {
	var s []*foreign
	for i := range 9 {
		s = append(s, &foreign{Chain: i % 4, Crashed: i % 2, Origin: originOf(i), Periods: triggers{census.ID(i % 3): {Period: float64(i % 2)}, census.ID(10 + i): {Period: 7}}, Summary: sum{Runs: i, First: 100 - 1, Last: 100 + 1, Devices: []string{fmt.Sprintf("D%d", i%5)},
			Remotes: few([]string{fmt.Sprintf("r%02d", 3*i), fmt.Sprintf("r%02d", 40-i)}), Best: best{Unnamed: i%2 == 0, Device: fmt.Sprint(i)}}})
	}
	whole := func(order []int) string {
		n := &foreign{}
		for _, i := range order {
			n.add(s[i])
		}
		text, err := json.Marshal(n)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	order := []int{0, 1, 2, 3, 4, 5, 6, 7, 8}
	want := whole(order)
	slices.Reverse(order)
	if got := whole(order); got != want {
		t.Errorf("backwards it is\n%s\nand not\n%s", got, want)
	}
}
