package stock

import (
	"fmt"
	"strings"
)

// command is an action or a child as a template: where the program is, and its arguments.
type command struct {
	program string   // folded
	bare    bool     // it was named without a folder, which is then System32
	words   []string // folded
	tail    bool     // any arguments behind these
}

const system32 = drive + `\windows\system32\`

// parseCommand reads a template of the table.
func parseCommand(text string) (command, error) {
	program, arguments, ok := cut(text)
	if !ok || program == "" {
		return command{}, fmt.Errorf("%q is no command line", text)
	}
	c := command{program: volume("c:").fold(program)}
	if !strings.Contains(program, `\`) {
		c.bare, c.program = true, system32+c.program
	}
	switch {
	case strings.ContainsAny(program, "/~"):
		return c, fmt.Errorf("%q is not spelt as the system spells it", program)
	case !strings.HasPrefix(c.program, drive+`\`):
		return c, fmt.Errorf("%q is no full path on the system's drive", program)
	case strings.Contains(c.program[len(drive):], "%"):
		return c, fmt.Errorf("%q has a variable that is not known", program)
	}
	words, whole := split(arguments)
	if !whole {
		return c, fmt.Errorf("%q has a quote without its end, or within a word", text)
	}
	for _, word := range words {
		c.words = append(c.words, volume("c:").fold(word))
	}
	return c, nil
}

// parseChild is parseCommand for what a task starts: "*" at the end is any arguments. In an
// action it would be what it is on a command line, an argument.
func parseChild(text string) (command, error) {
	rest, tail := strings.CutSuffix(text, " *")
	c, err := parseCommand(rest)
	c.tail = tail
	return c, err
}

func (c *command) base() string { return baseName(c.program) }

// started reports whether a process with a command line is what the template means. Its
// file is known to be the template's, so that the command line may leave the folder out, as
// Defender writes it.
func (c *command) started(line string, v volume) bool { return c.matches(line, v, true) }

// runs reports whether a command line that nobody has started is what the template means:
// which file a name without a folder would be depends on where it is started.
func (c *command) runs(line string, v volume) bool { return c.matches(line, v, c.bare) }

func (c *command) matches(line string, v volume, bare bool) bool {
	program, arguments, ok := cut(line)
	if !ok {
		return false
	}
	switch folded := v.fold(program); {
	case !strings.ContainsAny(program, `\/`):
		if !bare || folded != c.base() {
			return false
		}
	case !matchPath(c.program, folded):
		return false
	}
	words, whole := split(arguments)
	for i := range words {
		words[i] = v.fold(words[i])
	}
	return whole && c.matchWords(words)
}

// matchWords compares arguments. A slot of its own may be left empty.
func (c *command) matchWords(words []string) bool {
	if len(words) > len(c.words) && !c.tail {
		return false
	}
	for i, wanted := range c.words {
		switch {
		case i >= len(words):
			if !isSlot(wanted) {
				return false
			}
		case !matchWord(wanted, words[i]):
			return false
		}
	}
	return true
}

// isSlot reports whether a word is nothing but $(Name).
func isSlot(word string) bool {
	return strings.HasPrefix(word, "$(") && strings.IndexByte(word, ')') == len(word)-1
}

// matchWord compares an argument with one of the template, in which $(Name) is a slot. It
// is filled by one plain word: no path, no address, nothing that a shell would heed.
func matchWord(wanted, is string) bool {
	at := strings.Index(wanted, "$(")
	if at < 0 || wanted == is {
		return wanted == is
	}
	before, rest := wanted[:at], wanted[at:]
	after := rest[strings.IndexByte(rest, ')')+1:]
	if len(is) < len(before)+len(after) || !strings.HasPrefix(is, before) || !strings.HasSuffix(is, after) {
		return false
	}
	filled := is[len(before) : len(is)-len(after)]
	return isPlain(filled) && (filled != "" || isSlot(wanted))
}

func isPlain(text string) bool {
	for _, c := range []byte(text) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && strings.IndexByte("_-.{}()$#", c) < 0 {
			return false
		}
	}
	return true
}

// cut parts a command line into its program, without quotes, and its arguments. A program
// without quotes ends behind the first ".exe", or else at the first blank. Quotes that do
// not end, or that something is written behind, are not ok.
func cut(line string) (program, arguments string, ok bool) {
	line = strings.Trim(line, " \t")
	if rest, quoted := strings.CutPrefix(line, `"`); quoted {
		program, arguments, ok = strings.Cut(rest, `"`)
		return program, arguments, ok && (arguments == "" || isBlank(arguments[0]))
	}
	end := strings.IndexAny(line, " \t")
	for i := 4; i <= len(line); i++ {
		if strings.EqualFold(line[i-4:i], ".exe") && (i == len(line) || isBlank(line[i])) {
			end = i
			break
		}
	}
	if end < 0 {
		end = len(line)
	}
	return line[:end], line[end:], !strings.Contains(line[:end], `"`)
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// split parts arguments at blanks that are not within quotes. Quotes around a whole word
// are folded away; any other quotes make it not whole, for programs read them in ways of
// their own.
func split(arguments string) (words []string, whole bool) {
	for {
		arguments = strings.TrimLeft(arguments, " \t")
		if arguments == "" {
			return words, true
		}
		word, rest, quoted := "", "", arguments[0] == '"'
		if quoted {
			found := false
			if word, rest, found = strings.Cut(arguments[1:], `"`); !found || rest != "" && !isBlank(rest[0]) {
				return words, false
			}
		} else {
			end := strings.IndexAny(arguments, " \t")
			if end < 0 {
				end = len(arguments)
			}
			word, rest = arguments[:end], arguments[end:]
		}
		if !quoted && strings.Contains(word, `"`) {
			return words, false
		}
		words, arguments = append(words, word), rest
	}
}
