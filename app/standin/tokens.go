package standin

import (
	"fmt"
	"strings"
)

// Tokenize splits the arguments of a search command as splunkd does: args with
// double quotes removed and \" and \\ inside them resolved, raw as typed. White
// space outside quotes separates; nothing else does, so `a = b` is three tokens.
// A pipe outside quotes and an open quote are errors.
func Tokenize(spl string) (args, raw []string, err error) {
	for at := 0; at < len(spl); {
		if isSpace(spl[at]) {
			at++
			continue
		}
		end, arg, err := token(spl, at)
		if err != nil {
			return nil, nil, err
		}
		args, raw = append(args, arg), append(raw, spl[at:end])
		at = end
	}
	return args, raw, nil
}

// token reads the token that begins at from.
func token(spl string, from int) (end int, arg string, err error) {
	var b strings.Builder
	quoted := false
	for at := from; at < len(spl); at++ {
		c := spl[at]
		switch {
		case c == '"':
			quoted = !quoted
			continue
		case quoted && c == '\\' && at+1 < len(spl) && (spl[at+1] == '"' || spl[at+1] == '\\'):
			at++
			c = spl[at]
		case !quoted && isSpace(c):
			return at, b.String(), nil
		case !quoted && c == '|':
			return 0, "", fmt.Errorf("%q goes on after a pipe: one command runs here, nothing of what follows it; leave out %q, or quote a | that belongs to a value", spl, spl[at:])
		}
		b.WriteByte(c)
	}
	if quoted {
		return 0, "", fmt.Errorf("%q has an open quote in %q", spl, spl[from:])
	}
	return len(spl), b.String(), nil
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
