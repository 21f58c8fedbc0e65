package allow

import "strings"

// Folders that only administrators may write to, where nobody changed that: what Windows and
// the installers of programs protect. A drive other than the system's may be anybody's.
var kept = []string{`c:\windows\`, `c:\program files\`, `c:\program files (x86)\`, `%windir%\`, `%systemroot%\`, `\systemroot\`,
	`%programfiles%\`, `%programfiles(x86)%\`, `%programw6432%\`, `$env:windir\`, `$env:systemroot\`, `$env:programfiles\`}

// open are folders within them that users may write to all the same, on a Windows that nobody
// changed (icacls: users or authenticated users may create files).
var open = []string{`\temp\`, `\tasks\`, `\tracing\`, `\debug\`, `\system32\spool\`, `\system32\com\dmp\`, `\system32\fxstmp\`,
	`\system32\microsoft\crypto\rsa\machinekeys\`, `\registration\crmlog\`, `\servicestate\`, `\system32\logfiles\`, `\system32\drivers\driverdata\`,
	`\servicing\packages\`, `\servicing\sessions\`, `\winevt\logs\`}

// isKept reports whether users cannot put another file in a file's place, as far as its path
// tells.
func isKept(path string) bool {
	path = strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(path), `\??\`), `\\?\`)
	for _, folder := range kept {
		rest, inside := strings.CutPrefix(path, folder)
		if !inside {
			continue
		}
		if strings.Contains(rest, `..`) || strings.ContainsAny(rest, `/:`) || strings.Contains(rest, `\\`) {
			return false
		}
		for _, o := range open {
			if strings.Contains(`\`+rest, o) {
				return false
			}
		}
		return true
	}
	return false
}

// isDigest reports whether a digest tells two files apart, whoever made them: SHA-1 and
// better. What has the length of an MD5 may be of the imports only.
func isDigest(hash string) bool {
	return len(hash) >= 40 && strings.Trim(strings.ToLower(hash), "0123456789abcdef") == ""
}

// runnable are the endings of files that run, or that a host runs.
var runnable = strings.Fields(`exe com scr pif cpl ocx dll sys bat cmd ps1 psm1 psd1 vbs vbe js jse mjs cjs wsf wsh hta py pyw pyc pl rb php
	jar lua au3 a3x msi msp mst xsl sct inf ws wsc chm lnk url sh csproj proj targets xml xaml settingcontent-ms appref-ms`)

func isRunnable(file string) bool {
	dot := strings.LastIndexByte(file, '.')
	if dot < 0 {
		return false
	}
	ending := strings.ToLower(file[dot+1:])
	for _, r := range runnable {
		if ending == r {
			return true
		}
	}
	return false
}
