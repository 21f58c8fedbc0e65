package roots

import "strings"

// office is the programs of office suites. A second instance of the same program (automation,
// DDE) is none of their roots; what it starts is.
var office = Preset{
	Name: "office", Means: "an office program (Word, Excel, Outlook ...)", Goals: []Goal{Execution}, Techniques: []string{"T1204.002", "T1566.001", "T1137", "T1203"},
	Also: []string{"msoffice", "microsoft_office", "winword", "word", "excel", "powerpnt", "powerpoint", "outlook", "macro", "macros",
		"phishing", "onenote", "libreoffice"},
	level:   levelServer,
	parents: named(`winword excel powerpnt outlook olk msaccess mspub onenote onenotem visio winproj infopath eqnedt32 graph soffice.bin soffice wordpad wps et wpp`),
	usual: append(strings.Fields(`splwow64 appvdllsurrogate* msosync msoia sdxhelper officec2rclient officeclicktorun dw20 dwtrig20 werfault
		werfaultsecure fltldr clview msohtmed addinutil ai aimgr filecoauth msedgewebview2 onenotem ctfmon
		msedge chrome firefox iexplore brave acrord32 acrobat adobecollabsync conhost microsoft.sharepoint onedrive teams ms-teams lync
		graph eqnedt32 msqry32 orgchart selfcert accicons setlang msoxmled namecontrolserver ose splashscreen photoviewer photos`),
		officePrograms...),
	places: []string{`\users\*\appdata\local\microsoft\onedrive`, `\users\*\appdata\local\microsoft\teams`, `\users\*\appdata\local\google\chrome`, `\users\*\appdata\local\mozilla firefox`},
	odd:    strings.Fields(`msiexec net net1 whoami ipconfig systeminfo nltest tasklist explorer control pcalua wsl dllhost svchost`),
}

// officePrograms start one another: a mail's attachment, a chart in a text.
var officePrograms = strings.Fields(`winword excel powerpnt outlook olk msaccess mspub onenote visio winproj`)

// named are parents of which the name is all.
func named(names string) (parents []parent) {
	for name := range strings.FieldsSeq(names) {
		parents = append(parents, parent{name: name})
	}
	return parents
}
