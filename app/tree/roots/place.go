package roots

import "strings"

// The folders of genuine programs, as place writes them.
var (
	system32 = []string{`\windows\system32`, `\windows\syswow64`, `\windows\sysnative`}
	wbem     = []string{`\windows\system32\wbem`, `\windows\syswow64\wbem`}
	inetsrv  = []string{`\windows\system32\inetsrv`, `\windows\syswow64\inetsrv`}
	windows  = []string{`\windows`}
)

// place returns the folder of a path without its volume, in lower case with backslashes;
// Windows' own folder is \windows however it is spelled. It is "" for a path that has no
// folder. Some sensors give the folder alone (Defender's FolderPath): name is the file that
// it ends with otherwise.
func place(path, name string) string {
	path = strings.ToLower(strings.ReplaceAll(path, "/", `\`))
	path = withoutVolume(path)
	if at := strings.LastIndexByte(path, '\\'); at >= 0 {
		if stem(path[at+1:]) == stem(name) {
			path = path[:at]
		}
		return strings.TrimSuffix(path, `\`)
	}
	return ""
}

// withoutVolume takes the spellings of a volume away that Windows and sensors have.
func withoutVolume(path string) string {
	for _, prefix := range [...]string{`\\?\`, `\??\`} {
		path = strings.TrimPrefix(path, prefix)
	}
	for _, root := range [...]string{`%systemroot%`, `%windir%`, `\systemroot`} {
		if rest, is := strings.CutPrefix(path, root); is && strings.HasPrefix(rest, `\`) {
			return `\windows` + rest
		}
	}
	if rest, is := strings.CutPrefix(path, `\device\harddiskvolume`); is {
		path = strings.TrimLeft(rest, "0123456789")
	}
	if len(path) > 2 && path[1] == ':' && path[2] == '\\' {
		path = path[2:]
	}
	if rest, is := strings.CutPrefix(path, `\winnt\`); is { // Windows 2000, and upgrades from it
		return `\windows\` + rest
	}
	return path
}

// isAt reports whether a folder is one of those, or unknown.
func isAt(place string, folders []string) bool {
	for _, f := range folders {
		if place == f {
			return true
		}
	}
	return place == "" || len(folders) == 0
}

// isBelow reports whether a folder is one of those or lies below one, or is unknown. A * in a
// folder stands for one name.
func isBelow(place string, folders []string) bool {
	for _, f := range folders {
		if place == f || strings.HasPrefix(place, f+`\`) || matchesBelow(place, f) {
			return true
		}
	}
	return place == ""
}

func matchesBelow(place, folder string) bool {
	if !strings.Contains(folder, "*") {
		return false
	}
	names, want := strings.Split(place, `\`), strings.Split(folder, `\`)
	if len(names) < len(want) {
		return false
	}
	for i, w := range want {
		if w != "*" && w != names[i] {
			return false
		}
	}
	return true
}
