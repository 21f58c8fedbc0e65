package definition

import "testing"

func TestFileName(t *testing.T) {
	for path, want := range map[string]string{
		`C\Windows\System32\Tasks\Acme\A`: `\Acme\A`, `PC-7/uploads/auto/C%3A/WINDOWS/system32/TASKS/A`: `\A`, `Acme/A`: `\Acme\A`, `Tasks\A`: `\Tasks\A`,
		`System32/Tasks/A`: `\A`, `windows\Tasks\A`: `\A`, `W/System32/Tasks/B/System32/Tasks/A`: `\B\System32\Tasks\A`, `MySystem32/Tasks/A`: `\MySystem32\Tasks\A`,
		`Acme/A.XML`: `\Acme\A`, `A.b`: `\A.b`, `.xml`: `\.xml`, `\A`: `\A`, "": `\`, "\xc5\xff": "\\\xc5\xff",
	} {
		if got := FileName(path); got != want {
			t.Errorf("%s has the name %s, want %s", path, got, want)
		}
	}
}
