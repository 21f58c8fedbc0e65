package hunt

import "testing"

func TestAccountsAreCalledAlikeEverywhere(t *testing.T) {
	for name, want := range map[string]string{
		`NT AUTHORITY\SYSTEM`: "system", `NT-AUTORITÄT\SYSTEM`: "system", `AUTORITE NT\Système`: "system", `nt authority\СИСТЕМА`: "system",
		`AUTORITE NT\SERVICE RÉSEAU`: "network service", `NT AUTHORITY\Servicio LOC`: "local service", "LocalSystem": "system",
		`CORP\PC-7$`: "", `CORP\OTHER$`: anyUser, `CORP\eva`: anyUser, `EVIL\SYSTEM`: anyUser, `PC-7\Administrator`: "administrator",
		`NT SERVICE\MSSQL`: anyUser,
	} {
		if is := everywhere(name, "pc-7.corp.example"); is != want {
			t.Errorf("%s: %q instead of %q", name, is, want)
		}
	}
}
