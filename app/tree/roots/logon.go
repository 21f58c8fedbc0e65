package roots

import (
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// autostart is for how long after the shell's start what it starts comes from run keys and
// the Startup folder rather than from a person's hand. Windows runs them within about two
// minutes of the logon; a person who clicks faster is shown too.
const autostart = 120 * event.Second

// logon is what runs at logon: the shell in its first minutes, the programs that start it, and
// those that run scripts and RunOnce keys. An elevated shell and one that shows a folder in a
// process of its own are no logon's.
var logon = Preset{
	Name: "logon", Means: "a logon (userinit, run keys, logon scripts)", Goals: []Goal{Persistence}, Techniques: []string{"T1547.001", "T1037.001", "T1547.004"},
	Also:  []string{"login", "run", "runkey", "runkeys", "run_keys", "runonce", "autorun", "autoruns", "startup", "explorer", "userinit", "winlogon", "gpscript"},
	level: levelLogon,
	parents: []parent{
		{name: "explorer", never: []string{"/nouaccheck", "/factory", "-embedding"}, folders: windows, within: autostart},
		{name: "userinit", folders: system32},
		{name: "runonce", folders: system32},
		{name: "gpscript", folders: system32},
	},
	usual: strings.Fields(`explorer securityhealthsystray onedrive onedrivesetup teams ms-teams msedge chrome firefox rtkauduservice64 rtkngui64
		wavessvc64 vmtoolsd vboxtray adobecollabsync acrotray agcinvokerutility jusched ctfmon bginfo* sihost igfxtray hkcmd igfxpers
		lync outlook slack zoom update gpscript runonce itunes* dropbox googledrivefs nvbackend msascuil concentr receiver selfserviceplugin`),
	places: []string{`\users\*\appdata\local\microsoft\onedrive`, `\users\*\appdata\local\microsoft\teams`, `\users\*\appdata\local\google\chrome`,
		`\users\*\appdata\local\slack`, `\users\*\appdata\local\microsoft\windowsapps`},
}
