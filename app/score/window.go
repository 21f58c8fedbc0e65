package score

import "bytes"

// hides reports whether a command line has a window hidden: of PowerShell, of what cmd's start
// begins, of a script's Run, of a console without a window of its own.
func hides(p *subject) bool {
	return p.uses.are(shell) && hidesPowerShell(p) || bytes.Contains(p.Command, []byte("vbhide")) || startsHidden(p.Command) || runsHidden(p.Command) ||
		p.uses.are(console) && isHeadless(p.Command)
}

// hidesPowerShell takes the switch wherever it stands, as commands that start another process have
// it too; shortened or as a number it must be PowerShell's own.
func hidesPowerShell(p *subject) bool {
	if at := bytes.Index(p.Command, []byte(" hidden")); at > 0 {
		before := p.Command[:at]
		if written, is := afterDash(before[bytes.LastIndexByte(before, ' ')+1:]); is && takes(windowStyle, written) {
			return true
		}
	}
	hidden := false
	eachSwitch(p, func(name, value []byte) {
		hidden = hidden || takes(windowStyle, name) && (string(value) == "1" || takes(hiddenStyle, value))
	})
	return hidden
}

// startsHidden reports whether cmd's start is told to begin something in a small window or in none,
// before or behind a title and a folder.
func startsHidden(command []byte) bool {
	const none, title, folder, begun = 0, 1, 2, 3
	state := none
	for word := range bytes.FieldsSeq(command) {
		switch {
		case state == title:
			if bytes.HasSuffix(word, []byte(`"`)) {
				state = begun
			}
		case state == folder:
			state = begun
		case string(word[bytes.LastIndexAny(word, `"(@&|`)+1:]) == "start":
			state = begun
		case state == none:
		case string(word) == "/min" || string(word) == "/b":
			return true
		case string(word) == "/d":
			state = folder
		case word[0] == '"':
			if len(word) == 1 || word[len(word)-1] != '"' {
				state = title
			}
		case word[0] != '/':
			state = none
		}
	}
	return false
}

// runsHidden reports whether a script on the command line gives Run the window style 0:
// .Run("...", 0) of WScript.Shell.
func runsHidden(command []byte) bool {
	if !bytes.Contains(command, []byte("script:")) {
		return false
	}
	_, arguments, found := bytes.Cut(command, []byte(".run"))
	for found {
		var quoted []byte
		quoted, arguments, found = bytes.Cut(arguments, []byte(","))
		if endsQuoted(quoted) && isZero(bytes.TrimLeft(arguments, " ")) {
			return true
		}
	}
	return false
}

func endsQuoted(text []byte) bool {
	text = bytes.TrimRight(text, " ")
	return len(text) > 0 && (text[len(text)-1] == '"' || text[len(text)-1] == '\'')
}

// isZero reports whether the number that a text begins with is 0.
func isZero(text []byte) bool {
	return len(text) > 0 && text[0] == '0' && (len(text) == 1 || text[1] < '0' || text[1] > '9')
}

// isHeadless reports whether a console is to have no window. Terminals and remote shells make such
// consoles too, and give them the pipe's ends.
func isHeadless(command []byte) bool {
	return bytes.Contains(command, []byte("--headless")) && !bytes.Contains(command, []byte("--server")) && !bytes.Contains(command, []byte("--signal"))
}
