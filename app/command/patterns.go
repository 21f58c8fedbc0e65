package command

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Wildcards is a list of patterns in which * stands for any text, also none. A
// pattern is compared with the whole value, ignoring case. There is no escape: for
// a literal * or a comma, which ends an entry, write *. The zero value matches
// nothing. It does not change and may be used by several goroutines.
type Wildcards struct {
	entries []string
	exact   map[string]int // folded patterns without *
	globs   []glob         // the others, in their order
}

// glob is a folded pattern with *, cut at its stars.
type glob struct {
	index          int
	prefix, suffix string
	middle         []string
	least          int // bytes that the fixed parts take
}

// NewWildcards compiles entries, of which it keeps a copy. An empty entry, one of
// more than 1,000 characters and one that matches every value are errors that
// begin with the entry.
func NewWildcards(entries []string) (Wildcards, error) {
	w := Wildcards{entries: slices.Clone(entries), exact: map[string]int{}}
	for i, entry := range w.entries {
		if err := checkWildcard(entry); err != nil {
			return Wildcards{}, err
		}
		folded := strings.ToLower(entry)
		if strings.Contains(folded, "*") {
			w.globs = append(w.globs, newGlob(i, folded))
		} else if _, twice := w.exact[folded]; !twice {
			w.exact[folded] = i
		}
	}
	return w, nil
}

func checkWildcard(entry string) error {
	switch {
	case strings.TrimSpace(entry) == "":
		return fmt.Errorf("%s is an empty pattern", show(entry))
	case tooLong(entry):
		return fmt.Errorf("%s is longer than %d characters", show(entry), maxPattern)
	case strings.Trim(entry, "*") == "":
		return fmt.Errorf("%s matches everything and would hide everything: name what is to be left out", show(entry))
	}
	return nil
}

func tooLong(pattern string) bool { return utf8.RuneCountInString(pattern) > maxPattern }

func newGlob(index int, folded string) glob {
	parts := strings.Split(folded, "*")
	last := len(parts) - 1
	g := glob{index: index, prefix: parts[0], suffix: parts[last]}
	g.least = len(g.prefix) + len(g.suffix)
	for _, part := range parts[1:last] {
		if part != "" {
			g.middle = append(g.middle, part)
			g.least += len(part)
		}
	}
	return g
}

// Match returns the index of the first entry that matches the whole of value.
func (w Wildcards) Match(value string) (index int, ok bool) {
	if len(w.entries) == 0 {
		return 0, false
	}
	value = strings.ToLower(value)
	first, exact := w.exact[value]
	for i := range w.globs {
		if exact && w.globs[i].index > first {
			break
		}
		if w.globs[i].match(value) {
			return w.globs[i].index, true
		}
	}
	return first, exact
}

// match looks for each fixed part as far left as it will go, which leaves the most
// room for the ones after it. It never goes back.
func (g *glob) match(value string) bool {
	if len(value) < g.least || !strings.HasPrefix(value, g.prefix) || !strings.HasSuffix(value, g.suffix) {
		return false
	}
	rest := value[len(g.prefix) : len(value)-len(g.suffix)]
	for _, part := range g.middle {
		at := strings.Index(rest, part)
		if at < 0 {
			return false
		}
		rest = rest[at+len(part):]
	}
	return true
}

// Len returns the number of entries.
func (w Wildcards) Len() int { return len(w.entries) }

// Entries returns the entries as they were written. The slice is not to be changed.
func (w Wildcards) Entries() []string { return w.entries }

// Entry returns entry i as it was written, for a report of what it hid.
func (w Wildcards) Entry(i int) string { return w.entries[i] }
