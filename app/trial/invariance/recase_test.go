package invariance_test

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"unicode"
)

// names finds the values that hold a host's or a file's name, in JSON and in XML. The
// second group is the value.
var names = []*regexp.Regexp{
	regexp.MustCompile(`("(?:Computer|Hostname|DeviceName|Image|ParentImage|FileName|InitiatingProcessFileName|` +
		`InitiatingProcessParentFileName|FolderPath|InitiatingProcessFolderPath|` +
		`aid|ComputerName|ImageFileName|ContextBaseFileName|ParentBaseFileName)":")((?:[^"\\]|\\[^u])*)(")`),
	regexp.MustCompile(`(<Computer>)([^<&]*)(<)`),
	regexp.MustCompile(`(<Data Name='(?:Image|ParentImage)'>)([^<&]*)(<)`),
}

// recased changes the letter case of names in the text of an event, each time anew.
func recased(e []byte, dice *rand.Rand) []byte {
	text := string(e)
	for _, name := range names {
		text = name.ReplaceAllStringFunc(text, func(m string) string {
			parts := name.FindStringSubmatch(m)
			return parts[1] + recase(parts[2], dice) + parts[3]
		})
	}
	return []byte(text)
}

// recase changes letters but those of an escape, which a backslash begins. Sysmon's
// own words for a process that it lost are no name.
func recase(text string, dice *rand.Rand) string {
	if strings.HasPrefix(text, "<") {
		return text
	}
	kind := dice.IntN(4)
	escaped := false
	return strings.Map(func(r rune) rune {
		was := escaped
		escaped = r == '\\' && !was
		switch {
		case was || kind == 0:
			return r
		case kind == 1 || (kind == 2 && dice.IntN(2) == 0):
			return unicode.ToUpper(r)
		}
		return unicode.ToLower(r)
	}, text)
}
