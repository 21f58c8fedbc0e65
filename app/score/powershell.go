package score

import (
	"bytes"
	"strings"
)

// eachSwitch calls see with the switches that PowerShell itself is given on a command line, by
// the process or by another PowerShell that it starts, and with what stands behind each. A script's or
// a command's own switches are none of them, nor are those of other programs on the line. name is
// without its dash. Both are lent until see returns.
//
// Source: CommandLineParameterParser of PowerShell: any dash will do, one or two, or a slash;
// -Command, -File and whatever is no switch begin what PowerShell runs.
func eachSwitch(p *subject, see func(name, value []byte)) {
	var room [64]byte
	var name []byte // of a switch whose value may follow
	done := func(value []byte) {
		if name != nil {
			see(name, value)
			name = nil
		}
	}
	inside, own := false, isPowerShell(p.Name)
	for field := range bytes.FieldsSeq(p.Command) {
		word := plain(field, room[:0])
		written, isSwitch := afterDash(word)
		switch {
		case own || isPowerShell(word): // whatever its own name is on the line
			done(nil)
			inside, own = true, false
		case !inside:
		case isSwitch:
			done(nil)
			if takes(runs, written) {
				inside = false
				continue
			}
			name = bytes.Clone(written)
			if takes(alone, written) {
				done(nil)
			}
		default:
			inside = name != nil
			done(word)
		}
	}
	done(nil)
}

// Switches of PowerShell behind which what it runs begins, and those that have no value; each with
// as much of its name as has to be written.
var (
	runs  = []parameter{{"command", 1}, {"file", 1}, {"commandwithargs", 8}, {"cwa", 3}}
	alone = []parameter{{"noprofile", 3}, {"nologo", 3}, {"noexit", 3}, {"noninteractive", 4}, {"interactive", 1}, {"sta", 1}, {"mta", 1}, {"login", 1}}

	encodedCommand = []parameter{{"encodedcommand", 1}, {"ec", 2}}
	windowStyle    = []parameter{{"windowstyle", 1}}
	hiddenStyle    = []parameter{{"hidden", 1}} // a value of it, shortened in the same way
)

type parameter struct {
	name  string
	least int // letters of it
}

// takes reports whether PowerShell takes what was written for one of some parameters.
func takes(some []parameter, written []byte) bool {
	for _, p := range some {
		if len(written) >= p.least && len(written) <= len(p.name) && p.name[:len(written)] == string(written) {
			return true
		}
	}
	return false
}

// isPowerShell reports whether a word ends in PowerShell's name, whatever stands before it: a
// folder, or what begins a command.
func isPowerShell(word []byte) bool {
	word = bytes.TrimSuffix(word, []byte(".exe"))
	rest, is := bytes.CutSuffix(word, []byte("powershell"))
	if !is {
		rest, is = bytes.CutSuffix(word, []byte("pwsh"))
	}
	return is && (len(rest) == 0 || strings.IndexByte(`\/&|;(@`, rest[len(rest)-1]) >= 0)
}

// plain is a word without the quotes and escapes that cmd and PowerShell take out of it. Where
// there are any, it is in the room behind to.
func plain(word, to []byte) []byte {
	const marks = "\"'^`"
	if !bytes.ContainsAny(word, marks) {
		return word
	}
	for _, c := range word {
		if strings.IndexByte(marks, c) < 0 {
			to = append(to, c)
		}
	}
	return to
}

// afterDash returns what is written behind a switch's dash, and whether there is one.
func afterDash(word []byte) (written []byte, is bool) {
	for _, dash := range [...]string{"--", "-", "/", "\u2013", "\u2014", "\u2015"} {
		if rest, is := bytes.CutPrefix(word, []byte(dash)); is {
			return rest, true
		}
	}
	return nil, false
}
