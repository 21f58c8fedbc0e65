package indicator

import (
	"errors"
	"fmt"
	"strings"
)

// skip passes over a token if it is next.
func (p *patternParser) skip(token string) (was bool, err error) {
	if p.token != token {
		return false, nil
	}
	return true, p.advance()
}

func (p *patternParser) expect(token string) error {
	if p.token != token {
		return fmt.Errorf("%s stands where %s is expected", quoted(p.token), token)
	}
	return p.advance()
}

// advance moves to the next token: a bracket or comma, an operator, a text (as a
// quote and its value), or a word.
func (p *patternParser) advance() error {
	p.text = strings.TrimLeft(p.text, " \t\r\n")
	if p.text == "" {
		p.token = ""
		return nil
	}
	switch c := p.text[0]; {
	case strings.IndexByte("[](),", c) >= 0:
		p.take(1)
	case strings.IndexByte("=!<>", c) >= 0:
		p.take(1 + len(p.text[1:]) - len(strings.TrimLeft(p.text[1:], "=<>")))
	case c == '\'':
		return p.literalText()
	case isPathByte(c):
		return p.word()
	default:
		return fmt.Errorf("%s is not expected", quoted(p.text))
	}
	return nil
}

func (p *patternParser) take(n int) { p.token, p.text = p.text[:n], p.text[n:] }

var errOpenText = errors.New("a text in quotes does not end")

// literalText reads '...', in which a backslash stands before a quote or a backslash.
func (p *patternParser) literalText() error {
	var value strings.Builder
	value.WriteByte('\'')
	for i := 1; i < len(p.text); i++ {
		switch c := p.text[i]; {
		case c == '\'':
			p.token, p.text = value.String(), p.text[i+1:]
			return nil
		case c == '\\' && i+1 < len(p.text):
			i++
			value.WriteByte(p.text[i])
		default:
			value.WriteByte(c)
		}
	}
	return errOpenText
}

// word reads a keyword, a number or an object path. A step of a path may be in quotes,
// file:hashes.'SHA-256', or an index, [*].
func (p *patternParser) word() error {
	i := 0
	for i < len(p.text) {
		c := p.text[i]
		switch {
		case isPathByte(c):
			i++
		case (c == '\'' || c == '"') && i > 0 && p.text[i-1] == '.':
			end := strings.IndexByte(p.text[i+1:], c)
			if end < 0 {
				return errOpenText
			}
			i += end + 2
		case c == '[' && strings.Contains(p.text[:i], ":"):
			end := strings.IndexByte(p.text[i:], ']')
			if end < 0 {
				return fmt.Errorf("%s has no ]", quoted(p.text[i:]))
			}
			i += end + 1
		default:
			p.take(i)
			return nil
		}
	}
	p.take(i)
	return nil
}

func isPathByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-_:.+", c) >= 0
}
