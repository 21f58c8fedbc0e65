// Package spl reads Splunk's search language as far as the app's own searches use it:
// it parses them, refuses what Splunk's public references do not have, and runs what
// stands behind the search command on rows, so that alerts, risk and the panels of the
// dashboard can be looked at without Splunk.
//
// Commands and functions are those of the Splunk Enterprise Search Reference (9.x), each
// as far as the app needs it; what is left out is an error, never a guess. It is no proof
// of how a given version of Splunk behaves.
package spl

import (
	"fmt"
	"strings"
)

// Search is a parsed search.
type Search struct {
	// Terms are what stands before the first pipe: words to look for in an index. They
	// are empty where the search begins with a command.
	Terms    string
	Commands []Command
}

// Command is one command of a search.
type Command struct {
	Name string
	Text string // what stands behind the name
	run  step
}

// step is what a command does with rows; nil where it is read and not run.
type step func(*run, []Row) ([]Row, error)

// Parse reads a search whose macros and tokens have been filled in. The error names the
// command, what is wrong in it, and what there is instead.
func Parse(text string) (Search, error) {
	parts, err := Segments(text)
	if err != nil {
		return Search{}, err
	}
	s := Search{Terms: parts[0]}
	for i, part := range parts[1:] {
		c, err := parseCommand(part)
		if err != nil {
			return Search{}, fmt.Errorf("command %d, | %s: %w", i+1, shorten(part), err)
		}
		s.Commands = append(s.Commands, c)
	}
	return s, nil
}

// ParsePipeline reads commands that follow another search, as the panels of a dashboard
// follow their base search: the first needs no pipe.
func ParsePipeline(text string) (Search, error) { return Parse("|" + text) }

func parseCommand(part string) (Command, error) {
	name, text, _ := strings.Cut(part, " ")
	c := Command{Name: name, Text: strings.TrimSpace(text)}
	parse, known := commands[name]
	if !known {
		return c, fmt.Errorf("there is no command %q here", name)
	}
	var err error
	c.run, err = parse(c.Text)
	return c, err
}

// Segments cuts a search at its pipes; those in quotes and in [subsearches] are text. White
// space is made single blanks outside of quotes.
func Segments(text string) (parts []string, err error) {
	var b strings.Builder
	quoted, depth := false, 0
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quoted && c == '\\' && i+1 < len(text):
			b.WriteByte(c)
			i++
			c = text[i]
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[':
			depth++
		case c == ']':
			depth--
		case c == '|' && depth == 0:
			parts = append(parts, strings.TrimSpace(b.String()))
			b.Reset()
			continue
		case c == '\n' || c == '\t' || c == '\r':
			c = ' '
		}
		b.WriteByte(c)
	}
	if quoted || depth != 0 {
		return nil, fmt.Errorf("quotes or brackets are open in %s", shorten(text))
	}
	return append(parts, strings.TrimSpace(b.String())), nil
}

// shorten is a text for an error message.
func shorten(text string) string {
	const most = 120
	if len(text) > most {
		return text[:most] + "…"
	}
	return text
}
