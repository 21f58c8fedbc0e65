package task

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// What a command line says of the task that it registers.
func TestReadRegistration(t *testing.T) {
	for command, want := range map[string]Registration{
		`schtasks /create /tn A /tr "x.exe -q" /sc minute`:                                                     {Task: `\A`, Runs: "x.exe -q"},
		`SCHTASKS.EXE -Create -S srv7 -TN \B\C -TR y`:                                                          {Task: `\B\C`, Runs: "y", On: "srv7"},
		`cmd.exe /c at 9:05 /every:M,T x.exe -q`:                                                               {Runs: "x.exe -q"},
		`at \\srv7 21:05pm "C:\Program Files\x.exe" /q`:                                                        {Runs: `"C:\Program Files\x.exe" /q`, On: "srv7"},
		`"C:\Windows\System32\at.exe" 13:20 /interactive cmd`:                                                  {Runs: "cmd"},
		`cmd /c "at 9:05am x.exe"`:                                                                             {Runs: "x.exe"},
		`powershell Register-ScheduledTask -TaskName 'My Task' -TaskPath \F\ -Action $a`:                       {Task: `\F\My Task`},
		`pwsh -c "Register-ScheduledTask Z -Action (New-ScheduledTaskAction -Execute x.exe -Argument '-a b')"`: {Runs: "x.exe -a b"},
		`powershell "$a = New-ScheduledTaskAction -Execute 'C:\x y.exe'; Register-ScheduledTask -TaskName Q -Action $a -CimSession srv7"`: {Task: `\Q`, Runs: `"C:\x y.exe"`, On: "srv7"},
	} {
		got, ok := ReadRegistration(command)
		if !ok || got != want {
			t.Errorf("%s: %+v, %t; want %+v", command, got, ok, want)
		}
		if !mayRegister([]byte(command)) {
			t.Errorf("%s: is passed over", command)
		}
	}
	for _, command := range []string{
		"", `schtasks /run /tn A`, `schtasks`, `format.exe 9:05 x`, `look at 9:05 x`, `at`, `at 9:05`, `at one x`, `at 9:05 /every:M`, `x.exe -file at 9:05`,
	} {
		if got, ok := ReadRegistration(command); ok {
			t.Errorf("%s: %+v", command, got)
		}
	}
}

// A command line that is passed over registers nothing.
func TestPassedOverRegistersNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	words := []string{"schtasks", "SchTasks.exe", "/create", "/tn", "A", "at", "AT.EXE", `C:\at`, "9:05", "x.exe", "/c", "cmd", "Register-ScheduledTask", "-TaskName", `"at 9:05 x"`, `"schtasks /create"`, "data", "format"}
	found := 0
	for range 20_000 {
		var some []string
		for range 1 + rng.IntN(6) {
			some = append(some, words[rng.IntN(len(words))])
		}
		command := strings.Join(some, " ")
		_, ok := ReadRegistration(command)
		if ok && !mayRegister([]byte(command)) {
			t.Fatalf("%s is passed over", command)
		}
		if ok {
			found++
		}
	}
	if found < 1000 {
		t.Errorf("%d registrations: this tests little", found)
	}
}
