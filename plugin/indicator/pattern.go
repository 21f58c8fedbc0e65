package indicator

import (
	"errors"
	"fmt"
	"strings"
)

// comparison is what can be matched of a STIX pattern: one path, any of the values.
type comparison struct {
	kind   kind
	values []string
}

// parsePattern reads the part of STIX 2.1 patterning that lists alternatives: equal
// to a value, IN a list of them, ISSUBSET of a network, joined by OR. Whatever has to
// be true together (AND, FOLLOWEDBY), the opposite (NOT, !=) and other comparisons are
// named in unsupported, once for each place; what they belong to is left out as a
// whole, because a part of it would match too much.
func parsePattern(text string) (found []comparison, unsupported []string, err error) {
	p := patternParser{text: text}
	if err := p.advance(); err != nil {
		return nil, nil, err
	}
	found, err = p.observations(0)
	if err != nil {
		return nil, nil, err
	}
	if p.stop {
		return nil, p.unsupported, nil
	}
	if p.token != "" {
		return nil, nil, fmt.Errorf("%s is not expected", quoted(p.token))
	}
	return found, p.unsupported, nil
}

// patternParser is a recursive-descent parser with one token ahead.
type patternParser struct {
	text        string
	token       string // next token, "" at the end; a string literal begins with a quote
	unsupported []string
	stop        bool // the whole pattern cannot be matched; the rest is not read
}

const maxPatternDepth = 32

func (p *patternParser) miss(name string) { p.unsupported = append(p.unsupported, name) }

// observations reads what is joined by OR outside of the brackets.
func (p *patternParser) observations(depth int) (found []comparison, err error) {
	for {
		more, err := p.observation(depth)
		if err != nil || p.stop {
			return nil, err
		}
		found = append(found, more...)
		switch p.token {
		case "OR":
			if err := p.advance(); err != nil {
				return nil, err
			}
		case "AND", "FOLLOWEDBY", "WITHIN", "REPEATS", "START":
			p.miss(p.token + " of observations")
			p.stop = true
			return nil, nil
		default:
			return found, nil
		}
	}
}

func (p *patternParser) observation(depth int) (found []comparison, err error) {
	opening := p.token
	switch {
	case depth > maxPatternDepth:
		return nil, errors.New("it is nested too deep")
	case opening != "[" && opening != "(":
		return nil, fmt.Errorf("%s stands where [ is expected", quoted(p.token))
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if opening == "(" {
		if found, err = p.observations(depth + 1); err != nil || p.stop {
			return nil, err
		}
		return found, p.expect(")")
	}
	if found, err = p.alternatives(depth + 1); err != nil {
		return nil, err
	}
	return found, p.expect("]")
}

// alternatives reads what is joined by OR inside of brackets. AND binds tighter.
func (p *patternParser) alternatives(depth int) (found []comparison, err error) {
	for {
		more, err := p.together(depth)
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
		if p.token != "OR" {
			return found, nil
		}
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
}

// together reads what is joined by AND, of which nothing can be taken.
func (p *patternParser) together(depth int) (found []comparison, err error) {
	if found, err = p.comparison(depth); err != nil {
		return nil, err
	}
	if p.token == "AND" {
		p.miss("AND")
		found = nil
	}
	for p.token == "AND" {
		if err := p.advance(); err != nil {
			return nil, err
		}
		if _, err := p.comparison(depth); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (p *patternParser) comparison(depth int) (found []comparison, err error) {
	if p.token == "(" {
		if depth > maxPatternDepth {
			return nil, errors.New("it is nested too deep")
		}
		if err := p.advance(); err != nil {
			return nil, err
		}
		if found, err = p.alternatives(depth + 1); err != nil {
			return nil, err
		}
		return found, p.expect(")")
	}
	return p.test()
}

// operators are the comparisons that can be matched.
var operators = map[string]bool{"=": true, "==": true, "IN": true, "ISSUBSET": true}

// test reads a path, an operator and what to compare with.
func (p *patternParser) test() (found []comparison, err error) {
	if exists, err := p.skip("EXISTS"); err != nil || exists {
		p.miss("EXISTS")
		return nil, errors.Join(err, p.advance())
	}
	t, err := p.left()
	if err != nil {
		return nil, err
	}
	values, literal, err := p.right()
	if err != nil {
		return nil, err
	}
	kind, known := stixPaths[t.path]
	switch {
	case t.not:
		p.miss("NOT")
	case !operators[t.operator]:
		p.miss(t.operator)
	case !known:
		p.miss(t.path)
	case !literal:
		p.miss("a value that is no text")
	default:
		found = []comparison{{kind, values}}
	}
	return found, nil
}

// left is what stands before the value of a comparison.
type left struct {
	path, operator string
	not            bool
}

func (p *patternParser) left() (l left, err error) {
	before, err := p.skip("NOT")
	if err != nil {
		return l, err
	}
	if l.path = p.token; !strings.Contains(l.path, ":") {
		return l, fmt.Errorf("%s stands where an object path is expected", quoted(l.path))
	}
	if err = p.advance(); err != nil {
		return l, err
	}
	after, err := p.skip("NOT")
	if err != nil {
		return l, err
	}
	l.not, l.operator = before || after, p.token
	return l, p.advance()
}

// right reads a value or a list of values in parentheses. literal tells whether all
// are texts.
func (p *patternParser) right() (values []string, literal bool, err error) {
	inList, err := p.skip("(")
	if err != nil {
		return nil, false, err
	}
	literal = true
	for {
		value, isText, err := p.literal()
		if err != nil {
			return nil, false, err
		}
		values, literal = append(values, value), literal && isText
		if !inList {
			return values, literal, nil
		}
		if more, err := p.skip(","); err != nil {
			return nil, false, err
		} else if !more {
			return values, literal, p.expect(")")
		}
	}
}

// literal reads one value. A letter before a text (t'2026-01-01T00:00:00Z') makes it a
// value of another type.
func (p *patternParser) literal() (value string, isText bool, err error) {
	switch {
	case p.token == "", strings.IndexByte("[](),", p.token[0]) >= 0:
		return "", false, fmt.Errorf("%s stands where a value is expected", quoted(p.token))
	case p.token[0] == '\'':
		return p.token[1:], true, p.advance()
	}
	if err = p.advance(); err == nil && strings.HasPrefix(p.token, "'") {
		err = p.advance()
	}
	return "", false, err
}
