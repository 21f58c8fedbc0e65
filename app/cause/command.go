package cause

import (
	"bytes"
	"strings"
)

// marks are what a command line has that installs something, in lower case: the arguments of
// sc create, sc config and New-Service, and the classes of consumers in WMI.
var marks = [...]string{"binpath", "binarypath", "eventconsumer"}

// MayInstall reports whether a command line may be one that installs a service or a consumer.
// It never is one without that. command is not kept.
func MayInstall(command []byte) bool {
	folded := bytes.ToLower(command)
	for _, mark := range marks {
		if bytes.Contains(folded, []byte(mark)) {
			return true
		}
	}
	return false
}

// Command is what a command line installs as a service.
type Command struct {
	On   string // the machine that it names, "" for its own
	Name string
	Runs string
}

// ReadCommand reads a command line that installs a service, or has one run something else:
// `sc [\\machine] create NAME binPath= COMMAND` with its variants, and New-Service -Name NAME
// -BinaryPathName COMMAND, by themselves or as an argument of another program. Sources:
// Microsoft's documentation of both.
func ReadCommand(command string) (Command, bool) { return readCommand(command, 3) }

// readCommand looks into arguments that are command lines themselves, so many times.
func readCommand(command string, within int) (c Command, ok bool) {
	words := wordsOf(command)
	for i, word := range words {
		next := ""
		if i+1 < len(words) {
			next = words[i+1]
		}
		c.take(strings.ToLower(word), word, next)
	}
	if c.Name != "" && c.Runs != "" {
		return c, true
	}
	for _, word := range words {
		if within > 0 && len(word) < len(command) && strings.ContainsAny(word, " \t") && MayInstall([]byte(word)) {
			if c, ok = readCommand(word, within-1); ok {
				return c, true
			}
		}
	}
	return Command{}, false
}

const binPath = "binpath="

// take takes a word and what stands behind it.
func (c *Command) take(lower, word, next string) {
	_, joined := strings.CutPrefix(lower, binPath)
	switch {
	case joined && len(word) > len(binPath): // the rest of lower may be longer: not all bytes are text
		c.Runs = word[len(binPath):]
	case joined, lower == "-binarypathname", lower == "-binarypath":
		c.Runs = next
	case c.Name != "":
	case lower == "create", lower == "config", lower == "-name":
		c.Name = next
	case lower == "new-service" && !strings.HasPrefix(next, "-"):
		c.Name = next
	case strings.HasPrefix(word, `\\`) && (strings.EqualFold(next, "create") || strings.EqualFold(next, "config")):
		c.On = word
	}
}

// wordsOf parts a command line at blanks outside of quotes, which are taken away. A quote
// behind a backslash is part of the word, as it is for Windows; PowerShell's single quotes
// count where a word begins.
func wordsOf(command string) (words []string) {
	var word []byte
	quote, some := byte(0), false
	end := func() {
		if some {
			words = append(words, string(word))
		}
		word, some = word[:0], false
	}
	for i := 0; i < len(command); i++ {
		switch c := command[i]; {
		case c == '\\' && i+1 < len(command) && command[i+1] == '"':
			i++
			word, some = append(word, '"'), true
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\'' && !some):
			quote, some = c, true
		case quote == 0 && (c == ' ' || c == '\t'):
			end()
		default:
			word, some = append(word, c), true
		}
	}
	end()
	return words
}
