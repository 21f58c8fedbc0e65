package template

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

var device = NewNames("LT-0417", "LT-0417.corp.example", "frontdesk")

// One line of each class, with its traps.
func TestClasses(t *testing.T) {
	for _, c := range [][2]string{
		{`run {0F1E2D3C-1111-2222-3333-444455556666} x`, `run <guid> x`},
		{`run 0f1e2d3c-1111-2222-3333-444455556666_x`, `run <guid>_x`},
		{`run 0f1e2d3c-1111-2222-3333-444455556666a`, `run <hex>-<n>-<n>-<n>-<hex>`},
		{`taskhostw.exe {222A245B-E637-4AE9-A93F-A59CA119A75E}`, `taskhostw.exe {222a245b-e637-4ae9-a93f-a59ca119a75e}`},
		{`C:\Windows\System32\DllHost.exe /Processid:{AB8902B4-09CA-4BB6-B78D-A8F59079A8D5}`, `c:\windows\system32\dllhost.exe /processid:{ab8902b4-09ca-4bb6-b78d-a8f59079a8d5}`},
		{`explorer.exe shell:::{20D04FE0-3AEA-1069-A2D8-08002B30309D}`, `explorer.exe shell:::{20d04fe0-3aea-1069-a2d8-08002b30309d}`},
		{`x /sid S-1-5-21-1004336348-1177238915-682003330-1001`, `x /sid <sid>`},
		{`x S-1-12-1-1004336348-1177238915-682003330-1001_Classes`, `x <sid>_classes`},
		{`x S-1-5-18 S-1-5-32-544`, `x s-1-5-18 s-1-5-32-544`},
		{`x S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464`, `x s-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464`},
		{`log_20261127.txt`, `log_<date>.txt`},
		{`log-2026-11-27_14-05-33.txt`, `log-<date>_<time>.txt`},
		{`x.20261127-1405.log`, `x.<date>-<time>.log`},
		{`x 20261127140533 20261127T140533Z 2026-11-27T14:05:33.123Z`, `x <date><time> <date>t<time> <date>t<time>`},
		{`x 27.11.2026 11/27/2026 14:05:33`, `x <date> <date> <time>`},
		{`x 2026-13-27`, `x <n>-13-27`},
		{`x 1764337035 1764337035123`, `x <n> <n>`},
		{`x\1.3.195.65\y.exe`, `x\<version>\y.exe`},
		{`x\4.18.25110.6-0\MpCmdRun.exe`, `x\<version>\mpcmdrun.exe`},
		{`x v2.1 jre1.8.0_291 python3.9`, `x v<version> jre<version>_<n> python3.9`},
		{`ping 10.1.2.3`, `ping <ip>`},
		{`ping 45.9.148.3`, `ping 45.9.148.3`},
		{`curl http://192.168.7.7:8443/a`, `curl http://<ip>:8443/a`},
		{`curl http://45.9.148.3:8443/a`, `curl http://45.9.148.3:8443/a`},
		{`x --version 1.3.195.65`, `x --version <version>`},
		{`powershell -version 2.0`, `powershell -version 2.0`},
		{`x d41d8cd98f00b204e9800998ecf8427e`, `x <hash>`},
		{`x 5f3a9c01 0xFFFFFFFF deadbeef facade 0x4`, `x <hex> <hex> deadbeef facade 0x4`},
		{`x /t:abcdEFGhIj0KLm9nOpQrStU1vWxYz2== `, `x /t:<base64>`},
		{`x DoScheduledTelemetryRunWithEverything2`, `x doscheduledtelemetryrunwitheverything2`},
		{`x Microsoft/Windows/Application/Experience/Stub1`, `x microsoft/windows/application/experience/stub1`},
		{`x SQBFAFgAIABoAGUAbABsAG8AIAB3AG8AcgBsAGQA`, `x <base64>`},
		{`x tmp3F2A.tmp ~DF12AB.TMP is-1A2B3.tmp qk3n9z.ses`, `x <tmp>.tmp <tmp>.tmp is-<tmp>.tmp <tmp>.ses`},
		{`x -cv:0KARey9Q5UyKExPT.1`, `x -cv:<tmp>`},
		{`x -cv 0KARey9Q5UyKExPT.1 -y`, `x -cv <tmp> -y`},
		{`RES4CA4.tmp csc53475E54696744FB91A0DFE26EC4E97.TMP setup.tmp decade.tmp`, `<tmp>.tmp <tmp>.tmp setup.tmp decade.tmp`},
		{`-ServerName:App.AppXbdkk0yrkwpcgeaem8zk81k8py1eaahny.mca`, `-servername:app.appxbdkk0yrkwpcgeaem8zk81k8py1eaahny.mca`},
		{`C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe x\v1.0\y`, `c:\windows\system32\windowspowershell\v1.0\powershell.exe x\v<version>\y`},
		{`certutil -user My -v`, `certutil -user my -v`},
		{`C:\Users\eva.lind\x C:\Users\Public\x C:\Users\Default\x`, `c:\users\<user>\x c:\users\public\x c:\users\default\x`},
		{`"C:\Users\Eva Lind\x y.exe" /a`, `c:\users\<user>\x y.exe /a`},
		{`dir C:\Users & C:\a\b`, `dir c:\users & c:\a\b`},
		{`C:\DOCUME~1\PEDRO~1.GUS\x`, `c:\docume~1\<user>\x`},
		{`C:\Documents and Settings\eva\x`, `c:\documents and settings\<user>\x`},
		{`%APPDATA%\x %LocalAppData%\x`, `c:\users\<user>\appdata\roaming\x c:\users\<user>\appdata\local\x`},
		{`x /user:CORP\eva /y`, `x /user:<user> /y`},
		{`x --username "eva" /user:Administrator`, `x --username <user> /user:administrator`},
		{`%windir%\x %SystemRoot%\x C:\WINDOWS\x \SystemRoot\x \??\C:\Windows\x`, `c:\windows\x c:\windows\x c:\windows\x c:\windows\x c:\windows\x`},
		{`C:\PROGRA~1\a\b.exe C:\PROGRA~2\b`, `c:\program files\a\b.exe c:\program files (x86)\b`},
		{`x \\LT-0417\c$ lt-0417.corp.example lt-04178 LT-0417_log`, `x \\<host>\c$ <host> lt-<n> <host>_log`},
		{`frontdesk.exe /frontdesk /host:frontdesk`, `frontdesk.exe /frontdesk /host:<host>`},
		{`dsregcmd.exe $(Arg0) $(Arg1)`, `dsregcmd.exe $(arg0) $(arg1)`},
		{`rundll32 x.dll,#135 /slot 12 /id 135 -p 8080 /port:8443`, `rundll32 x.dll,#135 /slot 12 /id <n> -p 8080 /port:8443`},
		{`360.exe KB5034441 win32 office365 xyz12345`, `360.exe kb<n> win32 office365 xyz<n>`},
		{`  "A"   b	c  `, `a b c`},
		{`x "a \"b\" c" "C:\d\" e`, `x a 'b' c c:\d\ e`},
	} {
		if got := Of(c[0], device); got != c[1] {
			t.Errorf("%s\n got %s\nwant %s", c[0], got, c[1])
		}
		check(t, c[0])
	}
}

// check tells what holds for every command.
func check(t *testing.T, command string) {
	t.Helper()
	once := Of(command, device)
	if twice := Of(once, device); twice != once {
		t.Errorf("%q\nonce  %q\ntwice %q", command, once, twice)
	}
	if len(once) > limit+100 {
		t.Errorf("a template of %d bytes", len(once))
	}
	if utf8.ValidString(command) && !utf8.ValidString(once) {
		t.Errorf("%q became no text: %q", command, once)
	}
	if got := string(Append([]byte("before"), []byte(command), device)); got != "before"+once {
		t.Errorf("appended %q, want %q", got, once)
	}
}

func FuzzTemplate(f *testing.F) {
	for _, seed := range []string{`"C:\Users\a b\%temp%\x.exe" /user:b -enc SQBFAFgAIABoAGUAbABsAG8A`, `S-1-5-21-1-2-3-4 {`, `1.2.3.4-5 20261127_1405`, `<n><base64:12:0123abcd>`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, command string) { check(t, command) })
}

// Texts put together of what the classes look for find more than random bytes do.
func TestIdempotent(t *testing.T) {
	parts := []string{" ", `\`, "/", ".", "-", "_", ":", "=", `"`, "'", "<", ">", "{", "}", "~", "%temp%", "%windir%", "users", `c:\users\`, "eva", "2026", "11", "27",
		"20261127", "1405", "T", "z", "1", "123456", "0x", "ff", "abcdef01", "is-", "tmp", "df", ".ses", ".exe", "<n>", "<user>", "-enc ", "-cv:", "S-1-5-21", "-1-2-3-4", "/user:", "progra~1",
		"lt-0417", "frontdesk", "http://", "#", "v", "1.2.3", "10.0.0.1", "dllhost", "é", "\xff", "İ", "QUJDREVGR0hJSktMTU5PUFFS", "(x86)", `\systemroot\`, `\\?\`, "documents and settings", "frombase64string("}
	for seed := range uint64(20000) {
		r := rand.New(rand.NewPCG(seed, 7))
		var b strings.Builder
		for range 1 + r.IntN(14) {
			b.WriteString(parts[r.IntN(len(parts))])
		}
		check(t, b.String())
		if t.Failed() {
			t.FailNow()
		}
	}
}

// A long command keeps its beginning; what differs far behind still tells two apart.
func TestLong(t *testing.T) {
	long := "powershell -c " + strings.Repeat("write-host hello; ", 8000)
	one, other := Of(long, device), Of(long+"x", device)
	if one == other || len(one) > limit+64 || !strings.Contains(one, "<tail:") || one != Of(strings.ToUpper(long)+"  ", device) {
		t.Errorf("%d bytes: …%s, …%s", len(one), one[len(one)-30:], other[len(other)-30:])
	}
	for _, part := range []string{"a", "a/", "1.", "a1.1", "/user:", `\users\a `, "1-", "<", "{", "-enc AAAA ", "S-1-", "2026-11-27 "} {
		check(t, strings.Repeat(part, 100_000/len(part)))
	}
}

func TestNoAllocation(t *testing.T) {
	buffer := make([]byte, 0, 4096)
	command := []byte(`"C:\Users\eva\AppData\Local\x.exe" /user:eva {0F1E2D3C-1111-2222-3333-444455556666} 1.2.3.4 -enc SQBFAFgAIABoAGUAbABsAG8A`)
	if n := testing.AllocsPerRun(100, func() { buffer = Append(buffer[:0], command, device) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkAppend(b *testing.B) {
	for name, line := range map[string]string{
		"plain":   `C:\Windows\System32\svchost.exe -k netsvcs -p -s Schedule`,
		"slots":   `"C:\Users\eva\AppData\Local\Vendor\1.2.3.4\x.exe" --id {0F1E2D3C-1111-2222-3333-444455556666} --log=x_20261127-1405.log`,
		"encoded": `powershell.exe -NoP -W hidden -enc ` + strings.Repeat("SQBFAFgA", 300),
	} {
		b.Run(name, func(b *testing.B) {
			command, buffer := []byte(line), make([]byte, 0, 8192)
			b.ReportAllocs()
			for b.Loop() {
				buffer = Append(buffer[:0], command, device)
			}
		})
	}
}
