package read

import (
	"regexp"
	"strings"
	"testing"
)

// privateIP is what sysmonIPType looks for.
var privateIP = regexp.MustCompile(`^(10\.|192\.168\.|172\.(1[6-9]|2[0-9]|3[01])\.)|^(?i:f[cd][0-9a-f]{2}:)`)

func FuzzSysmonIPType(f *testing.F) {
	for _, ip := range []string{"", "10.", "10", "192.168.", "192.168", "172.1", "172.16", "172.16.", "172.3a.", "172.32.1.1", "172.9.1.1", "172.31.", "fd00:", "fdg0:", "FCaF::1", "fd00", "\x46\x44\x10\x10:"} {
		f.Add(ip)
	}
	f.Fuzz(func(t *testing.T, ip string) {
		if got, want := string(sysmonIPType([]byte(ip))) == "Private", privateIP.MatchString(ip); got != want {
			t.Errorf("%q: private is %v, want %v", ip, got, want)
		}
	})
}

// The look at the last letters must not rule out what the whole comparison accepts:
// two letters have a third form in Unicode.
func FuzzSysmonScheduler(f *testing.F) {
	for _, line := range []string{
		schedulerCommandLine, `"C:\svchost.exe" -k netsvcs -p -s Schedule`, "svcho\u017ft.exe -\u212a netsvc\u017f -p -\u017f \u017fchedule",
		"Schedule.exe", " -k netsvcs -p -s Schedule", "chedule", "hedule",
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		plain := executable.ReplaceAllString(strings.Trim(line, " "), "$1")
		want := strings.EqualFold(plain, schedulerCommandLine)
		if got := isSysmonScheduler([]byte(schedulerFileName), []byte(line)); got != want {
			t.Errorf("%q: %v, want %v", line, got, want)
		}
	})
}
