package score

import (
	"strings"
	"testing"
)

// A rare tool counts by how few devices' tasks run it, up to a limit; where every rare task of
// a fleet runs one as rare it is no evidence.
func TestTool(t *testing.T) {
	of := func(devices, with int) float64 {
		all, tail := plainTail(500, 80, func(i int, e *Evidence) {
			if i < with {
				e.Tool, e.ToolDevices = "msbuild.exe", devices
			}
		})
		return worth("tool", all[0], tail)
	}
	if one, some, many, every := of(1, 1), of(60, 1), of(450, 1), of(1, 80); one != mostTool || some >= one || some == 0 || many >= some || every != 0 {
		t.Errorf("%v bits on one device, %v on sixty, %v on nearly all, %v if all have one", one, some, many, every)
	}
}

func TestInWindows(t *testing.T) {
	for path, want := range map[string]bool{
		`c:\windows\system32\certutil.exe`: true, `c:\windows\microsoft.net\framework64\v4.0.30319\msbuild.exe`: true,
		`c:\windows\temp\certutil.exe`: false, `c:\windows\tasks\a.exe`: false, `c:\programdata\windows\certutil.exe`: false,
		`c:\windows\system32\spool\drivers\color\a.exe`: false, `d:\tools\certutil.exe`: false, ``: false, `certutil.exe`: false,
	} {
		if got := InWindows([]byte(path)); got != want {
			t.Errorf("%q: %t, want %t", path, got, want)
		}
	}
}

// What called nothing counts half, part by part, and each part says so.
func TestQuiet(t *testing.T) {
	all, tail := plainTail(500, 80, func(int, *Evidence) {})
	loud := *all[0]
	all[0].Quiet = true
	parts, full := Standard.Parts(all[0], tail), Standard.Parts(&loud, tail)
	if len(parts) == 0 || len(parts) != len(full) {
		t.Fatalf("%d parts, and %d", len(parts), len(full))
	}
	for i, p := range parts {
		if p.Bits > 0.5*full[i].Bits+0.05 || !strings.HasSuffix(p.Why, "; half, as nothing was called") {
			t.Errorf("%v of %v", p, full[i])
		}
	}
}
