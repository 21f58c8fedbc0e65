package roots

import (
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/tree"
)

// starter says of a parent's name and command line whether it starts roots.
type starter struct{ parents []parent }

// Starts implements tree.Starter.
func (s starter) Starts(name, command string) tree.Answer {
	if name == "" {
		if command == "" {
			return tree.Maybe
		}
		name = image(command)
	}
	p := find(s.parents, stem(name))
	if p == nil {
		return tree.No
	}
	return p.answer(strings.ToLower(command))
}

func find(parents []parent, stem string) *parent {
	for i := range parents {
		if parents[i].is(stem) {
			return &parents[i]
		}
	}
	return nil
}

// answer reads a command line in lower case.
func (p *parent) answer(command string) tree.Answer {
	switch {
	case hasAny(command, p.never):
		return tree.No
	case len(p.marks) == 0 || hasAny(command, p.marks):
		return tree.Yes
	case command == "":
		return tree.Maybe
	}
	return tree.No
}

func hasAny(text string, parts []string) bool {
	for _, part := range parts {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}

// stem returns a file name in lower case without .exe.
func stem(name string) string { return strings.TrimSuffix(strings.ToLower(name), ".exe") }

// image returns the file name of a command line's program. An unquoted path with blanks ends
// at the first .exe that ends a word, else at the first blank.
func image(command string) string {
	command = strings.TrimSpace(command)
	var path string
	if rest, quoted := strings.CutPrefix(command, `"`); quoted {
		path, _, _ = strings.Cut(rest, `"`)
	} else {
		path = command[:imageEnd(command)]
	}
	return path[strings.LastIndexAny(path, `\/`)+1:]
}

func imageEnd(command string) int {
	const exe = ".exe"
	for end := len(exe); end <= len(command); end++ {
		if strings.EqualFold(command[end-len(exe):end], exe) && (end == len(command) || strings.IndexByte(" \t\"", command[end]) >= 0) {
			return end
		}
	}
	if blank := strings.IndexAny(command, " \t"); blank >= 0 {
		return blank
	}
	return len(command)
}
