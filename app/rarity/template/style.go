package template

import "strings"

// Style is a template in which the names of scripts are left open, with the folders that they
// are in but the first, and with every other place of such a name: how somebody runs scripts,
// be they called what they are. "" for a command that runs no script.
func Style(text string) string {
	program := programEnd(text)
	if program == len(text) {
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

// programEnd is where the program of a command ends. Its path may have blanks, with and without
// quotes: it then goes on to the first ending of a program.
func programEnd(text string) int {
	end := strings.IndexByte(text, ' ')
	if strings.HasPrefix(text, `"`) {
		end = strings.Index(text, `" `) + 1
	} else if at := strings.IndexByte(text, '\\'); at >= 0 && at < end {
		if more := strings.Index(text+" ", ".exe "); more >= 0 {
			end = more + len(".exe")
		}
	}
	if end <= 0 {
		return len(text)
	}
	return end
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
