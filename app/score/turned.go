package score

import (
	"bytes"
	"strings"
)

// runnable are the endings of files that are run, by themselves or by what runs others' code.
var runnable = strings.Fields(`exe com scr pif cpl dll ocx sys bat cmd ps1 psm1 vbs vbe js jse wsf wsh hta py pyw pl rb php jar au3 sct xsl inf
	msi msc lnk csproj proj`)

// turnsName reports whether the name of the program's file, or of a script that it runs, has
// characters in it that turn the direction of what follows, so that another ending stands last
// on a screen. In its other arguments they are somebody's words.
func turnsName(p *subject) bool {
	return hasTurn(p.Name) || hasTurn(p.Path[bytes.LastIndexByte(p.Path, '\\')+1:]) || p.uses.are(runner) && turnsScript(p.Command)
}

func hasTurn(text []byte) bool { return bytes.ContainsFunc(text, isTurn) }

// isTurn reports whether a character sets the direction of those behind it: embeddings and
// overrides, isolates, marks (Unicode Standard Annex 9).
func isTurn(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f
}

// turnsScript looks for such a character in the names of files that a command has run.
func turnsScript(command []byte) bool {
	for from := 0; ; {
		at := bytes.IndexFunc(command[from:], isTurn)
		if at < 0 {
			return false
		}
		begin, end := nameAround(command, from+at)
		if isRunnable(command[begin:end]) {
			return true
		}
		from = end
	}
}

// nameAround returns where the last part of a path begins and ends that has the place in it.
// Within double quotes there may be blanks in it.
func nameAround(command []byte, at int) (begin, end int) {
	parts := `\/"'<>|,;=`
	if bytes.Count(command[:at], []byte{'"'})%2 == 0 {
		parts += " "
	}
	begin, end = bytes.LastIndexAny(command[:at], parts)+1, len(command)
	if n := bytes.IndexAny(command[at:], parts); n >= 0 {
		end = at + n
	}
	return begin, end
}

func isRunnable(name []byte) bool {
	ending := name[bytes.LastIndexByte(name, '.')+1:]
	for _, one := range runnable {
		if string(ending) == one {
			return len(ending) < len(name)
		}
	}
	return false
}
