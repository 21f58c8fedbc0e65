package roots

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/tree"
)

// words are a parent as sensors write it: its file name and its command line.
type words struct{ name, command string }

var answers = []struct {
	preset string
	want   tree.Answer
	words
}{
	{"schtask", tree.Yes, words{"svchost.exe", `C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule`}},
	{"service", tree.Yes, words{"services.exe", ""}},
	{"service", tree.Yes, words{"", `C:\Windows\system32\services.exe`}},
	{"service", tree.Yes, words{"SERVICES.EXE", "services.exe"}},
	{"service", tree.No, words{"myservices.exe", `C:\Windows\system32\services.exe`}},
	{"service", tree.No, words{"cmd.exe", `cmd /c services.exe`}},
	{"wmi", tree.Yes, words{"WmiPrvSE.exe", `C:\windows\system32\wbem\wmiprvse.exe -secured -Embedding`}},
	{"wmi", tree.Yes, words{"wmiprvse.exe", "wmiprvse.exe"}},
	{"wmi", tree.Yes, words{"scrcons.exe", `C:\Windows\system32\wbem\scrcons.exe -Embedding`}},
	{"winrm", tree.Yes, words{"wsmprovhost.exe", `C:\Windows\system32\wsmprovhost.exe -Embedding`}},
	{"dcom", tree.Yes, words{"DllHost.exe", `C:\Windows\system32\DllHost.exe /Processid:{3E5FC7F9-9A51-4367-9063-A120244FBEC7}`}},
	{"dcom", tree.No, words{"dllhost.exe", `C:\Windows\system32\dllhost.exe`}},
	{"dcom", tree.Maybe, words{"dllhost.exe", ""}},
	{"dcom", tree.Yes, words{"mmc.exe", `C:\Windows\system32\mmc.exe -Embedding`}},
	{"dcom", tree.No, words{"mmc.exe", `"C:\Windows\system32\mmc.exe" eventvwr.msc`}},
	{"office", tree.Yes, words{"", `C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE /n "C:\a.docm"`}},
	{"office", tree.Yes, words{"soffice.bin", ""}},
	{"office", tree.No, words{"cmd.exe", `cmd /c start winword.exe`}},
	{"web", tree.Yes, words{"w3wp.exe", `c:\windows\system32\inetsrv\w3wp.exe -ap "DefaultAppPool" -v "v4.0"`}},
	{"web", tree.Yes, words{"java", "/usr/bin/java -Dcatalina.base=/opt/t org.apache.catalina.startup.Bootstrap start"}},
	{"web", tree.No, words{"java.exe", `java -jar C:\tools\editor.jar`}},
	{"web", tree.Maybe, words{"java.exe", ""}},
	{"web", tree.Yes, words{"tomcat9.exe", ""}},
	{"web", tree.Yes, words{"apache2", "/usr/sbin/apache2 -k start"}},
	{"web", tree.Yes, words{"python3.11", "python3.11 -m uvicorn shop:app"}},
	{"web", tree.No, words{"python.exe", `python backup.py`}},
	{"logon", tree.Yes, words{"explorer.exe", `C:\Windows\Explorer.EXE`}},
	{"logon", tree.Yes, words{"explorer.exe", ""}},
	{"logon", tree.No, words{"explorer.exe", `"C:\Windows\Explorer.EXE" /NoUACCheck`}},
	{"logon", tree.No, words{"explorer.exe", `C:\Windows\explorer.exe /factory,{75dff2b7-6936-4c06-a8bb-676a7b00b24b} -Embedding`}},
	{"logon", tree.Yes, words{"userinit.exe", ""}},
	{"logon", tree.Maybe, words{"", ""}},
}

func TestAnswers(t *testing.T) {
	for _, c := range answers {
		p, _ := Find(c.preset)
		if got := p.Kind().Start.Starts(c.name, c.command); got != c.want {
			t.Errorf("%s: Starts(%q, %q) = %d, want %d", c.preset, c.name, c.command, got, c.want)
		}
	}
}

// No parent of a preset is one of another: which kind a process is a root of would depend on
// the order of the tables.
func TestNoParentIsOfTwoPresets(t *testing.T) {
	for _, p := range Presets {
		for i := range p.parents {
			name := strings.TrimSuffix(p.parents[i].name, "*")
			for _, other := range Presets {
				if other == p {
					continue
				}
				if at := find(other.parents, name); at != nil {
					t.Errorf("%s starts roots of %s and of %s (%s)", p.parents[i].name, p.Name, other.Name, at.name)
				}
			}
		}
	}
}

// What the two readers of events hold on to: letter case changes nothing, and a name that is
// no parent without a command line is none with any.
func TestAnswersKeepTheRulesOfStarters(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	pick := func(of []string) string { return of[rng.IntN(len(of))] }
	var names, commands []string
	for _, c := range answers {
		names, commands = append(names, c.name), append(commands, c.command)
	}
	names = append(names, "cmd.exe", "java", "PYTHON.EXE", "İ.exe", "\xff", ".exe", "*")
	commands = append(commands, `"`, " ", `".exe`, `a b.exe c.exe "`, "\xff.exe -Embedding", `C:\x y\w3wp.exe`, "İ.exe")
	for range 20_000 {
		name, command := pick(names), pick(commands)
		if rng.IntN(3) == 0 {
			command += " " + pick(commands)
		}
		for _, p := range Presets {
			s := p.Kind().Start
			got := s.Starts(name, command)
			if again := s.Starts(upper(name), upper(command)); again != got {
				t.Fatalf("%s: Starts(%q, %q) = %d, in upper case %d", p.Name, name, command, got, again)
			}
			if name != "" && got != tree.No && s.Starts(name, "") == tree.No {
				t.Fatalf("%s: Starts(%q, %q) = %d, but the name alone is no", p.Name, name, command, got)
			}
		}
	}
}

func upper(s string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, s)
}

func TestFind(t *testing.T) {
	for _, c := range [][3]string{
		{"schtask", "schtask", ""}, {" WMI ", "wmi", ""}, {"tasks", "", "schtask"}, {"w3wp.exe", "", "web"}, {"runkeys", "", "logon"},
		{"psexec", "", "service"}, {"zebra", "", ""}, {"", "", ""},
	} {
		p, near := Find(c[0])
		if (p == nil) != (c[1] == "") || p != nil && p.Name != c[1] || near != c[2] {
			t.Errorf("Find(%q) = %v, %q", c[0], p, near)
		}
	}
}

// Every table is written as it is read, and says all that docs and options need.
func TestTablesAreWhole(t *testing.T) {
	seen := map[string]string{}
	for _, p := range Presets {
		if p.Name == "" || p.Means == "" || len(p.Goals) == 0 || len(p.Techniques) == 0 || (p.start == nil) != (len(p.parents) > 0) {
			t.Errorf("%+v", p)
		}
		for _, word := range append(slices.Clone(p.Also), p.Name) {
			if was := seen[word]; was != "" {
				t.Errorf("%q may mean %s and %s", word, was, p.Name)
			}
			seen[word] = p.Name
		}
		for _, name := range slices.Concat(p.usual, p.odd, p.leaves, oddAnywhere) {
			if name != strings.ToLower(name) || strings.HasSuffix(name, ".exe") {
				t.Errorf("%s: %q is not as names are compared", p.Name, name)
			}
		}
		for _, name := range p.usual {
			if listed(p.odd, name) || slices.Contains(oddAnywhere, name) {
				t.Errorf("%s: %s is usual and odd", p.Name, name)
			}
		}
	}
}
