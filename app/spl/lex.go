package spl

import (
	"fmt"
	"strings"
)

// token is a word of an expression.
type token struct {
	kind tokenKind
	text string
}

type tokenKind uint8

const (
	end    tokenKind = iota
	word             // a field or a function, AND, OR, NOT
	quoted           // "text"
	field            // 'field'
	digits           // a number
	sign             // an operator, a parenthesis, a comma
)

// signs are the operators, the longer of two that begin alike first.
var signs = []string{"==", "!=", "<=", ">=", "=", "<", ">", "+", "-", "*", "/", "%", ".", "(", ")", ","}

// tokens cuts an expression into its words.
func tokens(expression string) (list []token, err error) {
	for at := 0; at < len(expression); {
		c := expression[at]
		switch {
		case c == ' ':
			at++
			continue
		case c == '"' || c == '\'':
			t, next, err := quotedAt(expression, at)
			if err != nil {
				return nil, err
			}
			list, at = append(list, t), next
			continue
		case isDigit(c):
			next := span(expression, at, func(c byte) bool { return isDigit(c) || c == '.' })
			list, at = append(list, token{digits, expression[at:next]}), next
			continue
		case isLetter(c):
			next := span(expression, at, func(c byte) bool { return isLetter(c) || isDigit(c) })
			list, at = append(list, token{word, expression[at:next]}), next
			continue
		}
		s, known := signAt(expression[at:])
		if !known {
			return nil, fmt.Errorf("%q is no part of an expression", expression[at:at+1])
		}
		list, at = append(list, token{sign, s}), at+len(s)
	}
	return append(list, token{}), nil
}

func signAt(s string) (string, bool) {
	for _, candidate := range signs {
		if strings.HasPrefix(s, candidate) {
			return candidate, true
		}
	}
	return "", false
}

// quotedAt reads a text in double quotes, in which \" and \\ are " and \, or a field's
// name in single quotes. Other backslashes stay, for regular expressions.
func quotedAt(s string, at int) (t token, next int, err error) {
	mark := s[at]
	var b strings.Builder
	for i := at + 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && (s[i+1] == mark || s[i+1] == '\\'):
			i++
			b.WriteByte(s[i])
		case c == mark && mark == '"':
			return token{quoted, b.String()}, i + 1, nil
		case c == mark:
			return token{field, b.String()}, i + 1, nil
		default:
			b.WriteByte(c)
		}
	}
	return token{}, 0, fmt.Errorf("open quotes in %s", shorten(s[at:]))
}

func span(s string, from int, in func(byte) bool) int {
	for from < len(s) && in(s[from]) {
		from++
	}
	return from
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' }
