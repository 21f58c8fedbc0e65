package command

import (
	"slices"
	"strconv"
	"strings"
)

// Flag is a flag of the command line that is not an option of the hunt, such as
// --format.
type Flag struct {
	Name    string // without dashes, lower case: chunk-rows
	Short   string // a letter for one dash, o for -o; empty for none
	Value   string // what stands for its value in help, <n>; empty for a switch
	Default string
	Help    string
	// Check returns the text to keep, or an error that begins with the offending
	// one; nil keeps any. OneOf and Whole make the usual ones.
	Check func(text string) (string, error)
}

// OneOf returns a check that accepts the given values in any case, and keeps them
// as they are written here.
func OneOf(values ...string) func(string) (string, error) {
	return func(text string) (string, error) { return choose(text, values...) }
}

// Whole returns a check that accepts whole numbers from least on.
func Whole(least int) func(string) (string, error) {
	return func(text string) (string, error) {
		_, err := parseWhole(text, least)
		return text, err
	}
}

// Rest is what a command line holds beside the options of the hunt.
type Rest struct {
	// Files are the words that are not flags, in their order; - among them.
	Files []string
	// Help is set when help was asked for. Nothing after that was looked at.
	Help bool

	values map[string]string
}

// Value returns the text of a declared flag, or its default. For a switch it is
// "t" or "".
func (r Rest) Value(name string) string { return r.values[fold(name)] }

// Switch reports whether a declared switch was given.
func (r Rest) Switch(name string) bool { return r.Value(name) == "t" }

// Int returns the number of a flag declared with Whole; 0 when it has none.
func (r Rest) Int(name string) int {
	n, _ := strconv.Atoi(r.Value(name))
	return n
}

// ParseFlags reads a command line on which every option of the hunt is a flag of
// the same name (max_devices is --max-devices or --max_devices) beside the declared
// ones: --name value or --name=value, flags and files in any order, -- before files
// that begin with a dash. An error is always a *UsageError.
func ParseFlags(args []string, declared ...Flag) (Options, Rest, error) {
	l := newLine(declared)
	l.hunt = true
	if err := l.read(args); err != nil || l.rest.Help {
		return Default(), l.rest, err
	}
	o, err := l.options.options()
	o.flags = true
	return o, l.rest, err
}

// ParseDeclared is ParseFlags for a subcommand that takes none of the hunt's
// options.
func ParseDeclared(args []string, declared ...Flag) (Rest, error) {
	l := newLine(declared)
	err := l.read(args)
	return l.rest, err
}

// LooksLikeOption reports whether a word of the command line is written as an
// option of the search command is (recent=1d), and returns the flag to write
// instead.
func LooksLikeOption(word string) (flag string, ok bool) {
	name, value, found := strings.Cut(word, "=")
	opt, known := lookup(name)
	if !found || !known {
		return "", false
	}
	return flagName(opt.Name) + "=" + value, true
}

// line is a command line being read.
type line struct {
	declared []Flag
	hunt     bool // the options of the hunt are flags too
	options  *builder
	rest     Rest
	given    map[string]bool
}

func newLine(declared []Flag) *line {
	l := &line{declared: declared, options: newBuilder(flagLabel), given: map[string]bool{}}
	l.rest.values = map[string]string{}
	for _, f := range declared {
		l.rest.values[fold(f.Name)] = f.Default
	}
	return l
}

func (l *line) read(args []string) error {
	for len(args) > 0 && !l.rest.Help {
		word := args[0]
		switch {
		case word == "--":
			l.rest.Files = append(l.rest.Files, args[1:]...)
			return nil
		case word == "-" || !strings.HasPrefix(word, "-"):
			l.rest.Files = append(l.rest.Files, word)
			args = args[1:]
		case word == "-h" || word == "--help":
			l.rest.Help = true
		default:
			used, err := l.flag(args)
			if err != nil {
				return err
			}
			args = args[used:]
		}
	}
	return nil
}

// flag reads the flag that args begin with and returns how many words it took.
func (l *line) flag(args []string) (used int, err error) {
	name, value, joined := strings.Cut(strings.TrimPrefix(args[0], "--"), "=")
	if !strings.HasPrefix(args[0], "--") {
		return l.short(args)
	}
	opt, f := l.find(name)
	if opt == nil && f == nil {
		return 0, l.unknown("--" + name)
	}
	return l.value(opt, f, args, value, joined)
}

// short reads a flag of one dash and one letter.
func (l *line) short(args []string) (used int, err error) {
	for i := range l.declared {
		if f := &l.declared[i]; f.Short != "" && args[0] == "-"+f.Short {
			return l.value(nil, f, args, "", false)
		}
	}
	return 0, l.unknown(args[0])
}

// value stores the value of a flag or an option, which may be the next word.
func (l *line) value(opt *Option, f *Flag, args []string, value string, joined bool) (used int, err error) {
	if f != nil && f.Value == "" {
		return 1, l.flip(f, value, joined)
	}
	used = 1
	if !joined {
		if len(args) == 1 || strings.HasPrefix(args[1], "--") {
			name, _, _ := strings.Cut(strings.TrimPrefix(args[0], "--"), "=")
			if f != nil {
				name = f.Name
			}
			return 0, usage("%s needs a value", flagLabel(fold(name)))
		}
		value, used = args[1], 2
	}
	switch {
	case opt == nil:
	case l.namesFile(opt, value):
		return 0, usage("%s says which rows come back; the file to write is named by -o %s", flagLabel(opt.Name), value)
	default:
		return used, l.options.note(opt, value)
	}
	return used, l.store(f, value)
}

// find returns the option or the declared flag of a name. Options that are
// Splunk's own are not flags.
func (l *line) find(name string) (*Option, *Flag) {
	for i := range l.declared {
		if fold(l.declared[i].Name) == fold(name) {
			return nil, &l.declared[i]
		}
	}
	if opt, ok := lookup(name); ok && l.hunt && !opt.Hidden {
		return opt, nil
	}
	return nil, nil
}

func (l *line) flip(f *Flag, value string, joined bool) error {
	if joined {
		return usage("%s takes no value, not %s", flagLabel(f.Name), show(value))
	}
	l.rest.values[fold(f.Name)] = "t"
	return nil
}

func (l *line) store(f *Flag, value string) (err error) {
	name := fold(f.Name)
	if f.Check != nil {
		if value, err = f.Check(value); err != nil {
			return usage("%s: %w", flagLabel(name), err)
		}
	}
	if l.given[name] && l.rest.values[name] != value {
		return usage("%s is given twice, as %s and as %s: give it once", flagLabel(name), show(l.rest.values[name]), show(value))
	}
	l.rest.values[name], l.given[name] = value, true
	return nil
}

// unknown answers a flag that is not one with all that are.
func (l *line) unknown(word string) error {
	name := strings.TrimLeft(word, "-")
	if opt, ok := lookup(name); ok && opt.Hidden {
		return usage("%s is set by Splunk alone and is not a flag", flagLabel(opt.Name))
	}
	known := []string{"help"}
	if l.hunt {
		known = append(known, names()...)
	}
	for _, f := range l.declared {
		known = append(known, fold(f.Name))
	}
	meant := called(name, known)
	if near := nearest(name, known); meant == "" && near != "" {
		meant = flagName(near)
	}
	shown := make([]string, len(known))
	for i, n := range known {
		shown[i] = flagName(n)
	}
	slices.Sort(shown)
	return usage("unknown flag %s%s flags are: %s; a file of that name follows --",
		show(word), punctuate(didYouMean(meant)), strings.Join(slices.Compact(shown), ", "))
}
