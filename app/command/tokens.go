package command

import "strings"

// setting is an option as it was written.
type setting struct {
	name, value string
}

// pair ties the tokens of a search command together: name=value, but also
// name, =, value and name=, value and name, =value, which splunkd makes of blanks
// around the equals sign.
func pair(tokens []string) ([]setting, error) {
	var list []setting
	for len(tokens) > 0 {
		if strings.TrimSpace(tokens[0]) == "" {
			tokens = tokens[1:]
			continue
		}
		s, used, err := next(tokens)
		if err != nil {
			return nil, err
		}
		list, tokens = append(list, s), tokens[used:]
	}
	return list, nil
}

// next reads one setting and returns how many tokens it is made of.
func next(tokens []string) (s setting, used int, err error) {
	name, value, found := strings.Cut(tokens[0], "=")
	if !found {
		return split(tokens)
	}
	if strings.TrimSpace(name) == "" {
		return s, 0, bareWord(tokens[0])
	}
	s = setting{name, value}
	// An empty value that was quoted looks the same as one that comes after a
	// blank, so a token that starts an option of its own is left alone.
	if value == "" && len(tokens) > 1 && !startsOption(tokens[1:]) {
		return setting{name, tokens[1]}, 2, nil
	}
	return s, 1, nil
}

// split reads name, =value or name, =, value. Here the equals sign stood alone, so
// that whatever follows it is the value.
func split(tokens []string) (s setting, used int, err error) {
	if len(tokens) == 1 || !strings.HasPrefix(tokens[1], "=") {
		return s, 0, bareWord(tokens[0])
	}
	s = setting{tokens[0], tokens[1][1:]}
	if s.value == "" && len(tokens) > 2 {
		return setting{s.name, tokens[2]}, 3, nil
	}
	return s, 2, nil
}

func startsOption(tokens []string) bool {
	name, _, found := strings.Cut(tokens[0], "=")
	if !found && (len(tokens) == 1 || !strings.HasPrefix(tokens[1], "=")) {
		return false
	}
	_, known := lookup(name)
	return known
}

func bareWord(word string) error {
	return usage(`%s is not an option: options are name=value, and a list is quoted: allow_dest="a.com,b.com"`, show(word))
}
