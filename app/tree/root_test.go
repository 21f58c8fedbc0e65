package tree

import (
	"regexp"
	"strings"
	"testing"
)

// Command lines of the Task Scheduler as Sysmon, Defender and older Windows write
// them.
func TestScheduleIsRecognised(t *testing.T) {
	for _, c := range [][2]string{
		{"svchost.exe", `C:\windows\system32\svchost.exe -k netsvcs -p -s Schedule`},
		{"svchost.exe", `C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule`},
		{"svchost.exe", `C:\WINDOWS\system32\svchost.exe -k netsvcs -p -s Schedule`},
		{"svchost.exe", `c:\windows\system32\svchost.exe -k netsvcs -p -s Schedule`},
		{"svchost.exe", `svchost.exe -k netsvcs -p -s Schedule`},
		{"svchost.exe", `svchost.exe -k netsvcs -s Schedule`},
		{"svchost.exe", `svchost -k netsvcs -p -s Schedule`},
		{"svchost.exe", `SVCHOST.EXE -K NETSVCS -P -S SCHEDULE`},
		{"SvcHost.exe", `svchost.exe -k netsvcs -p -s schedule  `},
		{"svchost", `svchost.exe -k netsvcs -p -s Schedule`},
		{"svchost.exe", `"C:\Windows\System32\svchost.exe" -k netsvcs -p -s Schedule`},
		{"svchost.exe", `C:\Windows\System32\svchost.exe" -k netsvcs -p -s Schedule`},
		{"svchost.exe", `svchost.exe  -k  netsvcs  -s  "Schedule"`},
		{"svchost.exe", "svchost.exe\t-k netsvcs -s Schedule"},
		{"svchost.exe", `svchost.exe -k netsvcs -p ** Schedule`}, // as Defender masks it
		{"svchost.exe", `\\?\C:\Windows\System32\svchost.exe -k netsvcs -s Schedule`},
		{"svchost.exe", `C:/Windows/System32/svchost.exe -k netsvcs -s Schedule`},
		{"", `C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule`},
		{"", `"C:\Windows\system32\svchost.exe" -k netsvcs -p -s Schedule`},
		{"taskeng.exe", `taskeng.exe {9C7BC894-6658-423B-9B58-61636DBB1451} S-1-5-18:NT AUTHORITY\System:Service:`},
		{"TaskEng.exe", ``},
		{"", `C:\Windows\system32\taskeng.exe {9C7BC894-6658-423B-9B58-61636DBB1451}`},
	} {
		if got := (Schedule{}).Starts(c[0], c[1]); got != Yes {
			t.Errorf("Starts(%q, %q) = %d, want yes", c[0], c[1], got)
		}
	}
}

// A word that looks like the scheduler is not the scheduler.
func TestLookAlikesAreNot(t *testing.T) {
	for _, c := range [][2]string{
		{"MpCmdRun.exe", `"C:\Program Files\Windows Defender\MpCmdRun.exe" Scan -ScheduleJob -RestrictPrivileges`},
		{"CompatTelRunner.exe", `C:\Windows\system32\CompatTelRunner.exe -m:appraiser.dll -f:DoScheduledTelemetryRun -cv:0KAR`},
		{"svchost.exe", `C:\windows\system32\svchost.exe -k netsvcs -p -s ScheduleX`},
		{"svchost.exe", `C:\windows\system32\svchost.exe -k netsvcs -p -s BITS`},
		{"svchost.exe", `C:\windows\system32\svchost.exe -k netsvcs -s BITS Schedule`},
		{"svchost.exe", `C:\windows\system32\svchost.exe -k LocalService -s Schedule`},
		{"svchost.exe", `C:\windows\system32\svchost.exe -k LocalService`},
		{"svchost.exe", `-k netsvcs -s Schedule`},
		{"svchost.exe", `C:\evil\svchost.exe.exe -k netsvcs -s Schedule`},
		{"svchost.exe", `cmd.exe /c svchost.exe -k netsvcs -s Schedule`},
		{"cmd.exe", `cmd.exe /c echo svchost.exe -k netsvcs -s Schedule`},
		{"cmd.exe", `svchost.exe -k netsvcs -p -s Schedule`},
		{"powershell.exe", `powershell taskeng.exe`},
		{"powershell.exe", ``},
		{"taskeng.exe.exe", ``},
		{"mytaskeng.exe", `taskeng.exe`},
		{"", `cmd.exe /c echo svchost.exe -k netsvcs -s Schedule`},
		{"", `cmd /c echo C:\Windows\system32\svchost.exe -k netsvcs -s Schedule`},
		{"", `cmd /c C:\Windows\system32\taskeng.exe`},
		{"", `"C:\a b\cmd.exe" svchost.exe -k netsvcs -s Schedule`},
	} {
		if got := (Schedule{}).Starts(c[0], c[1]); got != No {
			t.Errorf("Starts(%q, %q) = %d, want no", c[0], c[1], got)
		}
	}
}

// A netsvcs host runs several services, and a missing command line could be any.
func TestWordsThatDoNotTell(t *testing.T) {
	for _, c := range [][2]string{
		{"svchost.exe", `C:\Windows\system32\svchost.exe -k netsvcs`},
		{"svchost.exe", `svchost.exe -k netsvcs -p`},
		{"svchost.exe", ``},
		{"svchost.exe", `svchost.exe`},
		{"svchost.exe", `svchost.exe -k`},
		{"svchost.exe", `svchost.exe -k netsvcs -s`},
		{"", ``},
	} {
		if got := (Schedule{}).Starts(c[0], c[1]); got != Maybe {
			t.Errorf("Starts(%q, %q) = %d, want maybe", c[0], c[1], got)
		}
	}
}

func TestMatching(t *testing.T) {
	m := Matching(regexp.MustCompile(`(?i)winword\.exe`))
	for command, want := range map[string]Answer{`"C:\Office\WINWORD.EXE" /n`: Yes, `notepad.exe`: No, ``: Maybe} {
		if got := m.Starts("any.exe", command); got != want {
			t.Errorf("Starts(%q) = %d, want %d", command, got, want)
		}
	}
}

// Whatever the text, letter case changes nothing, and a root names its scheduler.
func FuzzSchedule(f *testing.F) {
	f.Add("svchost.exe", `C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule`)
	f.Add("", `"`)
	f.Add("", `"taskeng.exe`)
	f.Add("SVCHOST", `\ -s ** -k`)
	f.Fuzz(func(t *testing.T, name, command string) {
		got := Schedule{}.Starts(name, command)
		if name != "" && got != No && (Schedule{}).Starts(name, "") == No {
			t.Fatalf("Starts(%q, %q) = %d, but the name alone is no", name, command, got)
		}
		words := strings.ToLower(name + " " + command)
		host := strings.Contains(words, "svchost") && strings.Contains(words, "schedule")
		if got == Yes && !host && !strings.Contains(words, "taskeng") {
			t.Fatalf("Starts(%q, %q) = yes", name, command)
		}
		if again := (Schedule{}).Starts(asciiUpper(name), asciiUpper(command)); again != got {
			t.Fatalf("Starts(%q, %q) = %d, in upper case %d", name, command, got, again)
		}
	})
}

func asciiUpper(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, s)
}
