package template

import "strings"

// Style is a template in which the names of scripts are left open, with the folders that they
// are in but the first, and with every other place of such a name: how somebody runs scripts,
// be they called what they are. "" for a command that runs no script.
func Style(text string) string {
	program := strings.IndexByte(text, ' ')
	if program < 0 {
		return ""
	}
	names := make(map[string]bool)
	for _, p := range parts(text) {
		if p.place == random && p.start > program {
			names[text[p.start:p.end]] = true
		}
	}
	if len(names) == 0 {
		return ""
	}
	args := strings.Split(text[program+1:], " ")
	for i := range args {
		args[i] = opened(args[i], names)
	}
	return text[:program+1] + strings.Join(args, " ")
}

// opened leaves names open in one argument: of a path, all behind the first folder but the
// ending.
func opened(arg string, names map[string]bool) string {
	folders := strings.Split(arg, `\`)
	for i := range folders {
		if i > 1 && i < len(folders)-1 {
			folders[i] = "<*>"
			continue
		}
		folders[i] = openedWords(folders[i], names)
	}
	return strings.Join(folders, `\`)
}

func openedWords(text string, names map[string]bool) string {
	var b strings.Builder
	for at := 0; at < len(text); {
		end := partEnd(text, at, len(text))
		switch {
		case end == at:
			b.WriteByte(text[at])
			end++
		case names[text[at:end]]:
			b.WriteString("<*>")
		default:
			b.WriteString(text[at:end])
		}
		at = end
	}
	return b.String()
}
