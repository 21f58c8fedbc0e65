package command

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// UsageError is a mistake in what the user wrote, as opposed to a failure of the
// run. Its text names the option, the value and what is accepted.
type UsageError struct {
	err error
}

func (e *UsageError) Error() string { return e.err.Error() }

// Unwrap returns the cause, if there is one beside the text.
func (e *UsageError) Unwrap() error { return e.err }

func usage(format string, args ...any) error {
	return &UsageError{fmt.Errorf(format, args...)}
}

// label is how errors call an option or flag: as its user wrote it.
type label func(name string) string

func optionLabel(name string) string { return `option "` + name + `"` }
func flagLabel(name string) string   { return `flag "` + flagName(name) + `"` }

// flagName is an option's name on the command line.
func flagName(name string) string { return "--" + strings.ReplaceAll(name, "_", "-") }

// shownRunes is enough to recognise a value by in a message of one line.
const shownRunes = 80

// show quotes a value for a message. Printable text stays as it was typed, so that
// a regular expression keeps its single backslashes; the rest is escaped, so that
// no message breaks its line or its JSON.
func show(text string) string {
	if utf8.RuneCountInString(text) > shownRunes {
		text = string([]rune(text)[:shownRunes]) + "..."
	}
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.QuoteToASCII(text)
	}
	return `"` + text + `"`
}

// Usage returns a UsageError of the given text.
func Usage(format string, args ...any) error { return usage(format, args...) }

// UnknownSubcommand returns the UsageError for a first word of the command line that
// is none of names, with the one that was probably meant.
func UnknownSubcommand(word string, names ...string) error {
	if flag, ok := LooksLikeOption(word); ok {
		return usage("%s is written for Splunk's search bar; on the command line it is: %s hunt %s FILE", show(word), Name, flag)
	}
	if near := nearest(word, names); near != "" {
		return usage("unknown command %s; did you mean %s?", show(word), near)
	}
	if strings.ContainsAny(word, `./\`) {
		return usage("unknown command %s; to hunt in a file or a folder: %s hunt %s", show(word), Name, show(word))
	}
	return usage("unknown command %s; the commands are %s", show(word), strings.Join(names, ", "))
}
