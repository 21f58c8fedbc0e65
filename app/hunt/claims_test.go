package hunt

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/stock"
)

const (
	restart      = `\Microsoft\Windows\SoftwareProtectionPlatform\SvcRestartTask`
	restartClass = "{B1AEBB5D-EAD9-4476-B375-9C3ED9F32AFC}"
	otherClass   = "{5A3D1C0E-7F1B-4D0C-9B1E-0C5D6E7F8A9B}"
	claimHost    = "a.claims-so.com"
)

// handler registers a task that calls a handler by its class.
func (l *logLines) handler(device string, at int, task, class string) {
	l.write(4698, device, at, map[string]any{"TaskName": task, "SubjectUserName": "mira", "SubjectDomainName": "CORP",
		"TaskContent": "<Task><Actions><ComHandler><ClassId>" + class + "</ClassId></ComHandler></Actions></Task>"})
	l.lines[len(l.lines)-1] = strings.Replace(l.lines[len(l.lines)-1], "Microsoft-Windows-Sysmon/Operational", "Security", 1)
}

// hosted is a day of the host of COM handlers on a device, once for a task whose handler is of
// that class, and once for nobody knows whom.
func (l *logLines) hosted(device string, at int, class string) (id string) {
	l.handler(device, at, restart, class)
	id = l.start(device, at+60, sys+"taskhostw.exe", "taskhostw.exe", `C:\Windows\System32\svchost.exe`,
		`C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule`, "{0badcafe-0000-0000-0000-000000000001}")
	l.named(device, at+61, restart, sys+"taskhostw.exe")
	l.task(device, at+120, sys+"taskhostw.exe", "taskhostw.exe")
	return id
}

// ownTool is a program that only one device has, of a folder and a name that nothing else shares.
func ownTool(n int) string {
	trees, birds := []string{"alder", "birch", "cedar", "hazel", "larch", "maple", "rowan"}, []string{"finch", "heron", "robin", "siskin", "swift", "wren"}
	return `C:\Program Files\` + trees[n%7] + `\` + birds[n%6] + `.exe`
}

// claimLines are a fleet of which the first so many devices have another class for one of
// Windows' own tasks. The last of them calls somebody whom nobody else does.
func claimLines(devices, others int) *logLines {
	l := &logLines{}
	for n := range devices {
		device, at := fmt.Sprintf("WS%04d.corp.example", n), dayBegins+6*day+5000+600*n
		if n%2 == 0 { // the tail that every fleet has
			image := ownTool(n)
			l.call(device, at+10, image, l.task(device, at+9, image, image), fmt.Sprintf("api.tool%02d.com", n), outside)
		}
		class := restartClass
		if n < others {
			class = otherClass
		}
		id := l.hosted(device, at, class)
		if n == others-1 || others == 0 && n == 0 {
			l.call(device, at+63, sys+"taskhostw.exe", id, claimHost, outside)
		}
	}
	return l
}

// partOf returns the bits of a part of the finding that calls somebody, and the words.
func partOf(rows []row.Row, host, part string) (bits float64, words string) {
	for _, r := range rows {
		if !strings.Contains(r.Get("remote_host"), host) {
			continue
		}
		for why := range strings.SplitSeq(r.Get("why"), "\n") {
			if name, rest, _ := strings.Cut(why, " "); name == part {
				number, words, _ := strings.Cut(strings.TrimPrefix(rest, "+"), " ")
				bits, _ = strconv.ParseFloat(number, 64)
				return bits, words
			}
		}
	}
	return 0, ""
}

// A name of one of Windows' own tasks whose handler is another counts though the host of
// handlers runs on all devices: the less, the more devices have the same other one, and nothing
// where a large part of the fleet does, as that is a version of Windows that nobody has listed.
func TestAHandlersOtherClassCountsByHowManyHaveIt(t *testing.T) {
	const devices = 40
	last := 99.0
	for _, others := range []int{0, 1, 2, 4, 8, 20, 40} {
		bits, words := partOf(huntLines(t, claimLines(devices, others).lines, 1, "max_devices=0"), claimHost, "hijack")
		switch {
		case others == 0 && bits > 0:
			t.Errorf("the class that Windows has is a hijack: %s", words)
		case others == 1 && (bits < 2 || !strings.Contains(words, "so on 1 of 40 devices with its command") || !strings.Contains(words, restartClass)):
			t.Errorf("one device with another class is %.1f bits: %s", bits, words)
		case others > devices/8 && bits > 0:
			t.Errorf("what %d of %d devices have is %.1f bits: %s", others, devices, bits, words)
		case others > 0 && bits > last:
			t.Errorf("%.1f bits on %d devices, %.1f on fewer", bits, others, last)
		}
		if others > 0 {
			last = bits
		}
	}
}

// So does a name on a command that all devices run under another.
func TestAClaimedNameCountsOnACommonCommand(t *testing.T) {
	const name, vendor = `\Microsoft\Windows\Windows Error Reporting\QueueReporting`, `C:\Program Files\Alpha\update.exe`
	for others, want := range map[int]bool{1: true, 20: false} {
		l := &logLines{}
		for n := range 40 {
			device, at := fmt.Sprintf("WS%04d.corp.example", n), dayBegins+6*day+5000+600*n
			l.task(device, at-60, ownTool(n), ownTool(n))
			id := l.task(device, at, vendor, fmt.Sprintf(`"%s" /device:%04x%04d /day:2026-11-%02d`, vendor, n*7919%65536, n, 8))
			if n < others {
				l.named(device, at+1, name, vendor)
			}
			if n == others-1 {
				l.call(device, at+3, vendor, id, claimHost, outside)
			}
		}
		if bits, words := partOf(huntLines(t, l.lines, 1, "max_devices=0"), claimHost, "hijack"); bits > 0 != want {
			t.Errorf("on %d devices it is %.1f bits: %s", others, bits, words)
		}
	}
}

// Claims are counted in shares as in one hunt, and by a census as in one hunt of all days.
func TestClaimsAreCountedElsewhere(t *testing.T) {
	for _, others := range []int{1, 3, 20} {
		lines := claimLines(40, others).lines
		options := []string{nowIs(7), "recent=1d", "lookback=7d", "max_devices=0", "output=all"}
		whole := huntWith(t, lines, "", options...)
		bits, words := partOf(whole, claimHost, "hijack")
		for _, n := range []int{1, 2, 3, 8} {
			if got, want := sorted(inShares(t, lines, n, options)...), sorted(whole); got != want {
				t.Fatalf("%d others in %d shares:\n%s", others, n, firstDifference(got, want))
			}
		}
		// Of the host of handlers on all devices but the last that has it, a census alone tells.
		var before, today []string
		for _, line := range lines {
			if strings.Contains(line, fmt.Sprintf("WS%04d.", others-1)) || strings.Contains(line, "Program Files") {
				today = append(today, line)
			} else {
				before = append(before, line)
			}
		}
		file := censusFile(huntWith(t, before, "", nowIs(7), "recent=1d", "lookback=7d", "output=census"))
		got, said := partOf(huntWith(t, today, file, options...), claimHost, "hijack")
		if got != bits || said != words {
			t.Errorf("with a census of %d others: %.1f %s, want %.1f %s", others, got, said, bits, words)
		}
	}
}

// What was remembered of other roots has no say in why a name is belied.
func TestClaimsRememberedAreClaimsRead(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 5))
	one := func(texts ...string) string { return texts[rng.IntN(len(texts))] }
	c := &claimed{}
	some := 0
	for range 4000 {
		run := stock.Run{Process: stock.Process{Image: sys + one("taskhostw.exe", "wermgr.exe", "sc.exe"), Command: one("taskhostw.exe", `C:\Windows\system32\wermgr.exe -upload`, "sc.exe start x")},
			Scheduled: true, ParentImage: sys + "svchost.exe", Task: one(restart, `\Microsoft\Windows\Windows Error Reporting\QueueReporting`, `\Microsoft\Windows\No\Such`, `\Mine`)}
		if rng.IntN(2) == 0 {
			run.Actions = []string{one(restartClass, otherClass, `%windir%\system32\wermgr.exe -upload`)}
		}
		want := (&claimed{}).of(stock.Windows(), &run)
		if got := c.of(stock.Windows(), &run); !slices.Equal(got, want) {
			t.Fatalf("%+v: %v, want %v", run, got, want)
		}
		some += len(want)
		if rng.IntN(500) == 0 {
			c.size = mostMemo // it forgets
		}
	}
	if some < 500 {
		t.Errorf("%d reasons: the runs prove nothing", some)
	}
}
