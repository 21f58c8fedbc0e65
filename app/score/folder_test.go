package score

import (
	"strings"
	"testing"
)

// A folder counts for what is run from it, and not for what is read or written there.
func TestWhatIsRunFromAFolder(t *testing.T) {
	for _, c := range []struct{ program, command, want string }{
		{"cmd.exe", `cmd /c robocopy C:\Users\eva\Documents \\files\eva /mir`, ""},
		{"cmd.exe", `cmd /c wmic csproduct get uuid > C:\ProgramData\inv\out.txt`, ""},
		{"cmd.exe", `cmd /c type C:\Users\eva\notes.com.txt`, ""},
		{"cmd.exe", `cmd.exe /c "C:\ProgramData\a b\x.cmd" -q > nul`, "open_folder"},
		{"cmd.exe", `cmd.exe /c "C:\ProgramData\a b\x.cmd -q"`, "open_folder"},
		{"cmd.exe", `cmd.exe /c ""C:\Users\eva\my jobs\x.cmd" "C:\Temp\a""`, "profile"},
		{"cmd.exe", `cmd.exe /c d:&C:\Windows\Temp\x.bat`, "odd_folder"},
		{"cmd.exe", `cmd.exe /c C:\jobs\x.bat C:\Users\Public\list.txt`, ""},
		{"cmd.exe", `cmd.exe /c %Public%\x.bat`, "odd_folder"},
		{"powershell.exe", `powershell -File "C:\Scripts\a.ps1" -Out C:\ProgramData\a.csv`, ""},
		{"powershell.exe", `powershell -c "iex (gc C:\ProgramData\a.txt)"`, "open_folder"},
		{"powershell.exe", `powershell -c "& 'C:\ProgramData\a.ps1'"`, "open_folder"},
		{"python.exe", `python C:\Scripts\a.py --log C:\Temp\a.log`, ""},
		{"java.exe", `java -Dhome=C:\ProgramData\x -jar "C:\Program Files\X\x.jar"`, ""},
		{"java.exe", `java -cp C:\ProgramData\x\x.jar x.Main`, "open_folder"},
		{"cmd.exe", `cmd /c "C:\Program Files\Internet Explorer\iexplore.exe" C:\ProgramData\a.html`, ""},
		{"wscript.exe", `wscript //e:jscript C:\ProgramData\a.txt`, "open_folder"},
		{"rundll32.exe", `rundll32 C:\ProgramData\a.dat,Start`, "proxy_execution open_folder"},
		{"cmd.exe", `cmd /c C:\ProgramData\` + strings.Repeat("a b ", 100) + `\x.bat`, "open_folder"},
		{"cmd.exe", `cmd /c C:\ProgramData\a ` + strings.Repeat("a b ", 1000) + `\x.bat`, ""}, // no path is so long
		{"a.exe", `a.exe C:\ProgramData\x.bat`, ""},                                           // which runs no other's code, as far as anybody knows
	} {
		if got := shownBy(c.program, c.command); got != c.want {
			t.Errorf("%s shows %q, want %q", c.command, got, c.want)
		}
	}
}
