package principal

import "testing"

func TestAccounts(t *testing.T) {
	for name, want := range map[string]string{
		`NT AUTHORITY\SYSTEM`: "SYSTEM", `NT-AUTORITÄT\SYSTEM`: "SYSTEM", `AUTORITE NT\Système`: "SYSTEM", "S-1-5-18": "SYSTEM",
		`nt authority\Local Service`: "LOCAL SERVICE", `NT-AUTORITÄT\NETZWERKDIENST`: "NETWORK SERVICE",
		`CORP\PC-7$`: Machine, `CORP\OTHER$`: "", `CORP\eva`: User, `eva@corp.example`: User, `EVIL\SYSTEM`: User,
		`NT SERVICE\x`: "", "": "", "-": "", `NT AUTHORITY\x`: "", `AzureAD\eva`: User,
	} {
		if is := Of(name, "pc-7.corp.example"); is != want {
			t.Errorf("%s: %q instead of %q", name, is, want)
		}
	}
}
