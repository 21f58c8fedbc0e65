package read

import "testing"

func TestSysmonScheduler(t *testing.T) {
	const image = `C:\Windows\System32\svchost.exe`
	cases := []struct {
		image, commandLine string
		want               bool
	}{
		{image, `C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule`, true},
		{image, `"C:\Windows\system32\svchost.exe" -k netsvcs -p -s Schedule`, true},
		{image, `C:\WINDOWS\System32\SVCHOST.EXE -K NETSVCS -P -S SCHEDULE`, true},
		{image, `svchost.exe -k netsvcs -p -s Schedule`, true},
		{`SvcHost.EXE`, ` svchost.exe -k netsvcs -p -s Schedule `, true},
		{image, `C:\Windows\system32\svchost.exe -k netsvcs -s Schedule`, false},
		{image, `C:\Windows\system32\svchost.exe -k netsvcs`, false},
		{`C:\Windows\System32\cmd.exe`, `C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule`, false},
		{image, ``, false},
		{``, ``, false},
	}
	for _, c := range cases {
		if got := isSysmonScheduler([]byte(c.image), []byte(c.commandLine)); got != c.want {
			t.Errorf("%s, %s: %v, want %v", c.image, c.commandLine, got, c.want)
		}
	}
}

func TestSysmonIPType(t *testing.T) {
	for ip, want := range map[string]string{
		"10.0.0.1": "Private", "100.1.1.1": "Public", "192.168.1.1": "Private", "192.169.1.1": "Public", "172.15.0.1": "Public",
		"172.16.0.1": "Private", "172.31.9.9": "Private", "172.32.0.1": "Public", "FD00::1": "Private", "fc12::1": "Private",
		"fe80::1": "Public", "::ffff:10.0.0.1": "Public", "": "Public", "127.0.0.1": "Public",
	} {
		if got := string(sysmonIPType([]byte(ip))); got != want {
			t.Errorf("%s is %s, want %s", ip, got, want)
		}
	}
}

func TestGUIDsAreOneInAnySpelling(t *testing.T) {
	q := emptyLane(0)
	plain := q.guid([]byte("A1B2C3D4-0001-69A7-0A00-000000000B00"))
	for _, spelling := range []string{"{A1B2C3D4-0001-69A7-0A00-000000000B00}", "a1b2c3d4-0001-69a7-0a00-000000000b00"} {
		if got := q.guid([]byte(spelling)); got != plain || got.Ref == 0 {
			t.Errorf("%s is another GUID", spelling)
		}
	}
	for _, none := range []string{"", "{}", "{00000000-0000-0000-0000-000000000000}"} {
		if got := q.guid([]byte(none)); got.Ref != 0 {
			t.Errorf("%q is a GUID", none)
		}
	}
}
