package tree

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// A name that is ruled out at a glance has no command line with which it is a host's, however it is
// spelled; and most names of others are ruled out.
func TestRulesOut(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	hosts := []string{"svchost", "svchost.exe", "taskeng", "taskeng.exe"}
	odd := []rune{'k', 'K', '\u212A', 's', 'S', '\u017F', 't', 'T', 'x', '.', '\u0130', utf8.RuneError}
	are := 0
	for range 200_000 {
		name := []rune(hosts[r.IntN(len(hosts))])
		for range r.IntN(3) {
			name[r.IntN(len(name))] = odd[r.IntN(len(odd))]
		}
		for i := range name {
			if r.IntN(4) == 0 {
				name[i] = unicode.ToUpper(name[i])
			}
		}
		is := Schedule{}.Starts(string(name), "") != No
		if is && (Schedule{}).RulesOut([]byte(string(name))) {
			t.Fatalf("%q is ruled out", string(name))
		}
		if is {
			are++
		}
	}
	if are < 10_000 {
		t.Errorf("%d of these names are hosts': they test little", are)
	}
	for _, other := range []string{"cmd.exe", "conhost.exe", "services.exe", "powershell.exe", "x"} {
		if !(Schedule{}).RulesOut([]byte(other)) {
			t.Errorf("%s is not ruled out", other)
		}
	}
	if (Schedule{}).RulesOut(nil) {
		t.Error("no name is ruled out")
	}
}

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
	f.Add("", `\ s 2\vchostsexektsne -syste-p -s Schedule`)
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
