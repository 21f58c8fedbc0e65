package stock

import (
	"regexp"
	"strings"
)

// A path is folded into one spelling in lower case that begins with drive, the drive that
// Windows is on. Only the beginning of a path is ever folded. Whatever else is not spelt
// as the system spells it stays, and so is not found in the table: 8.3 names, `..`, `/`,
// `\\?\`, blanks at the end of a folder's name, streams.
const drive = "%systemdrive%"

// variables are those of the system that point to folders on its drive. `<name>` is one
// folder: the profile.
var variables = []struct{ name, folder string }{
	{"%windir%", drive + `\windows`},
	{"%systemroot%", drive + `\windows`},
	{drive, drive},
	{"%programfiles(x86)%", drive + `\program files (x86)`},
	{"%programfiles%", drive + `\program files`},
	{"%programdata%", drive + `\programdata`},
	{"%allusersprofile%", drive + `\programdata`},
	{"%localappdata%", drive + `\users\<name>\appdata\local`},
	{"%appdata%", drive + `\users\<name>\appdata\roaming`},
	{"%userprofile%", drive + `\users\<name>`},
}

// volume is what paths of one system begin with where others have %systemdrive%: a drive
// with its colon, or a volume as kernel drivers call it.
type volume string

var volumes = regexp.MustCompile(`^(?:[a-z]:|\\device\\harddiskvolume[0-9]+)$`)

// fold returns a path, or an argument that begins with one, in the spelling of the table.
func (v volume) fold(path string) string {
	path = lower(path)
	for _, known := range variables {
		if rest, is := cutFolder(path, known.name); is {
			return known.folder + rest
		}
	}
	if rest, is := cutFolder(path, string(v)); is {
		return drive + rest
	}
	if rest, is := cutFolder(path, "c:"); is && len(v) > len("c:") {
		return drive + rest // the log has volumes, the command line letters
	}
	return path
}

// place returns where a file is, folded, or "" where its path cannot be taken at its word.
func (v volume) place(image string) string {
	if image = lower(image); odd(image) != "" {
		return ""
	}
	return v.fold(image)
}

// cutFolder cuts a folder from the beginning of a path, up to where it ends in both.
func cutFolder(path, folder string) (rest string, is bool) {
	rest, is = strings.CutPrefix(path, folder)
	return rest, is && folder != "" && (rest == "" || rest[0] == '\\')
}

// matchPath reports whether a folded path is one that a folded pattern means.
func matchPath(pattern, path string) bool {
	if !strings.Contains(pattern, "<") {
		return pattern == path
	}
	wanted, is := strings.Split(pattern, `\`), strings.Split(path, `\`)
	if len(wanted) != len(is) {
		return false
	}
	for i := range wanted {
		if wanted[i] != is[i] && !isFolder(wanted[i], is[i]) {
			return false
		}
	}
	return true
}

var versions = regexp.MustCompile(`^[0-9]{1,5}(?:\.[0-9]{1,6}){2,3}(?:-[0-9]{1,3})?$`)

var guids = regexp.MustCompile(`^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// isFolder reports whether a folder's name fills a slot.
func isFolder(slot, name string) bool {
	switch slot {
	case "<version>":
		return versions.MatchString(name)
	case "<guid>":
		return guids.MatchString(name)
	case "<name>":
		return name != "" && name != "." && name != ".." && !strings.ContainsAny(name, `~%/:`) && name != "public"
	}
	return false
}

// lower folds the letters A to Z and no others: those that only Unicode takes for one of
// them make another name on a disk.
func lower(text string) string {
	for i := range len(text) {
		if isLarge(text[i]) {
			folded := []byte(text)
			for ; i < len(folded); i++ {
				if isLarge(folded[i]) {
					folded[i] += 'a' - 'A'
				}
			}
			return string(folded)
		}
	}
	return text
}

func isLarge(c byte) bool { return c >= 'A' && c <= 'Z' }

// baseName is the last part of a path.
func baseName(path string) string { return path[strings.LastIndexAny(path, `\/`)+1:] }

// odd says what makes a path one that cannot be taken at its word; "" for none. The path
// is in lower case.
func odd(path string) string {
	switch {
	case path == "":
		return "its path is not told"
	case strings.HasPrefix(path, `\\?\`), strings.HasPrefix(path, `\??\`), strings.HasPrefix(path, `\\`), strings.Contains(path, "globalroot"):
		return "its path goes by a link or over the network"
	case strings.ContainsAny(path, "%"):
		return "its path is not resolved"
	case strings.Contains(path, "~"):
		return "its path has a short (8.3) name"
	case strings.Contains(path, "/"), strings.Contains(path, `\.`), strings.Contains(path, `.\`), strings.Contains(path, ` \`), strings.Contains(path, `\sysnative\`):
		return "its path is spelt as the system does not spell it"
	case !strings.Contains(path, `\`):
		return "its folder is not told"
	}
	return ""
}

var slots = map[string]*regexp.Regexp{
	"<guid>": regexp.MustCompile(`^(?:\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\})?$`),
	"<sid>":  regexp.MustCompile(`^s-1-(?:5-21|12-1)(?:-[0-9]+){4}$`),
}

// matchName reports whether a task's name is one that a name with a slot at its end means.
// Both are in lower case.
func matchName(pattern, name string) bool {
	at := strings.IndexByte(pattern, '<')
	slot := slots[pattern[at:]]
	return slot != nil && strings.HasPrefix(name, pattern[:at]) && slot.MatchString(name[at:])
}

var classes = regexp.MustCompile(`^\{[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}$`)

func isClass(text string) bool { return classes.MatchString(text) }
