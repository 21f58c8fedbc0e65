package hunt

import (
	"fmt"
	"strings"
	"testing"
)

// What only has the name of one of Windows' own tasks stays a finding of its own, however
// many runs of that task are shown: among them it would not be seen.
func TestHijackStaysApart(t *testing.T) {
	const name, evil = `\Microsoft\Windows\Windows Error Reporting\QueueReporting`, `C:\ProgramData\Intel\upd.exe`
	at := dayBegins + 6*day + 5000
	l := &logLines{}
	for n := range 12 {
		device := fmt.Sprintf("PC%d", n)
		l.task(device, at+n, sys+"wermgr.exe", `C:\Windows\system32\wermgr.exe -upload`)
		l.named(device, at+n+1, name, sys+"wermgr.exe")
	}
	l.task("PC3", at+500, evil, evil+" -a")
	l.named("PC3", at+501, name, evil)
	rows := byRoot(huntLines(t, l.lines, 1, "output=findings", "max_devices=0"))
	own, odd := rows[`C:\Windows\system32\wermgr.exe -upload`], rows[evil+" -a"]
	if len(rows) != 2 || own.Get("finding_id") == odd.Get("finding_id") || odd.Get("runs") != "1" || own.Get("runs") != "12" || own.Get("known") != "windows" {
		t.Errorf("%d findings; %s of %s runs, known %q, and %s of %s", len(rows), own.Get("finding_id"), own.Get("runs"), own.Get("known"), odd.Get("finding_id"), odd.Get("runs"))
	}
}

// A tree that registered one of Windows' own tasks stands beside the task's run. It is not
// known, so that all of the finding is not, and what is odd about the run counts again: else
// it would be folded as if nothing were beneath it.
func TestWhatIsBesideAKnownTaskIsNotFolded(t *testing.T) {
	const upload = `C:\Windows\system32\wermgr.exe -upload`
	at := dayBegins + 6*day + 5000
	l := &logLines{}
	for n := range 12 { // what registers it is common, and scores nothing by itself
		device := fmt.Sprintf("PC%d", n)
		l.task(device, at, sys+"schtasks.exe", `schtasks.exe /create /tn QueueReporting /tr "`+upload+`"`)
		if n == 3 {
			l.task(device, at+500, sys+"wermgr.exe", upload)
		}
	}
	rows := byRoot(huntLines(t, l.lines, 1, "output=findings", "max_devices=0"))
	r, there := rows[upload]
	if !there || r.Get("known") != "" || strings.HasPrefix(r.Get("why"), "known ") {
		t.Errorf("%d findings; known %q: %s", len(rows), r.Get("known"), r.Get("why"))
	}
	if tree := r.Get("tree"); !strings.Contains(tree, "schtasks.exe") {
		t.Errorf("what registered it is not beside it:\n%s", tree)
	}
}
