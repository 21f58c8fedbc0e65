package command

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/tree/roots"
)

// Root says what starts a tree. Exactly one of its fields is set.
type Root struct {
	// Presets are names of built-in rules such as schtask, each once, in the order of
	// roots.Presets; hosts of single services (service:NAME) follow by name.
	Presets []string
	// Pattern is matched anywhere in the command line of a process' parent. It
	// ignores case unless its author wrote flags of his own.
	Pattern *regexp.Regexp
}

// PresetSchtask is the root preset of the Windows Task Scheduler: a tree starts at
// a process that the Schedule service started.
const PresetSchtask = "schtask"

// Only reports whether one preset is all that starts trees.
func (r Root) Only(preset string) bool { return len(r.Presets) == 1 && r.Presets[0] == preset }

// Asked returns the kinds of events that are of use for such roots only: what reaches into processes
// where more than tasks are hunted, and logons over the network where roots may come of other
// machines' calls.
func (r Root) Asked() (kinds []event.Kind) {
	if len(r.Presets) > 0 && !r.Only(PresetSchtask) {
		kinds = append(kinds, event.InjectionEvent)
	}
	if slices.ContainsFunc(r.Presets, hasDoors) {
		kinds = append(kinds, event.LogonEvent)
	}
	return kinds
}

func hasDoors(name string) bool {
	preset, _ := roots.Find(name)
	return preset != nil && len(preset.Doors) > 0
}

// rootAccepts ends the errors about a root.
var rootAccepts = "accepted are " + strings.Join(roots.Names(), ", ") + ", service:NAME for what the host of one service starts, several of them with commas between, or /regex/ to match the parent's command line"

// setRoot reads presets or a regular expression between slashes. splunkd removes
// one level of backslashes inside double quotes, so that in a search every
// backslash of the expression is written twice: root="/\\\\temp\\\\.*\\.exe/"
// matches \temp\ and .exe.
func setRoot(o *Options, text string) (err error) {
	if strings.HasPrefix(text, "/") {
		o.Root.Pattern, err = parseRootPattern(text)
		return err
	}
	o.Root.Presets, err = parsePresets(text)
	return err
}

// parsePresets reads names with commas between. Order and repetition mean nothing.
func parsePresets(text string) ([]string, error) {
	given := make(map[string]bool)
	for name := range strings.SplitSeq(text, ",") {
		name = strings.TrimSpace(name)
		if name == "" {
			continue
		}
		if strings.HasPrefix(name, "/") {
			return nil, fmt.Errorf("%s: a regular expression stands alone; write the presets' parents into it, or hunt twice", show(text))
		}
		preset, near := roots.Find(name)
		if preset == nil {
			return nil, notARoot(name, near)
		}
		given[preset.Name] = true
	}
	if len(given) == 0 {
		return nil, notARoot(text, "")
	}
	names := slices.DeleteFunc(roots.Names(), func(n string) bool { return !given[n] })
	for _, n := range names {
		delete(given, n)
	}
	return append(names, slices.Sorted(maps.Keys(given))...), nil
}

// notARoot is the error about a word that is no preset, with the one that was meant.
func notARoot(word, near string) error {
	if near == "" {
		near = nearest(word, roots.Names())
	}
	return fmt.Errorf("%s is not a root%s%s %s", show(word), didYouMean(near), punctuateAfter(near), rootAccepts)
}

// punctuateAfter ends a half that may have ended in a question mark.
func punctuateAfter(near string) string {
	if near == "" {
		return ";"
	}
	return ""
}

// maxPattern bounds a pattern in characters: longer than any written by hand, and
// short enough to compile at once.
const maxPattern = 1_000

func parseRootPattern(text string) (*regexp.Regexp, error) {
	if len(text) < 3 || !strings.HasSuffix(text, "/") {
		return nil, fmt.Errorf("%s is not a regular expression between slashes; %s", show(text), rootAccepts)
	}
	pattern := text[1 : len(text)-1]
	if tooLong(pattern) {
		return nil, fmt.Errorf("%s is longer than %d characters", show(text), maxPattern)
	}
	// Compiled as written first: an error should not show a prefix that its
	// reader never typed.
	re, err := regexp.Compile(pattern)
	if err == nil && !flagged.MatchString(pattern) {
		re, err = regexp.Compile("(?i)" + pattern)
	}
	var bad *syntax.Error
	switch {
	case errors.As(err, &bad):
		return nil, fmt.Errorf("%s is not a regular expression of Go (RE2): %s: %s", show(text), bad.Code, show(bad.Expr))
	case err != nil:
		return nil, fmt.Errorf("%s is not a regular expression of Go (RE2): %w", show(text), err)
	}
	return re, nil
}

// flagged matches a pattern whose author set its flags himself.
var flagged = regexp.MustCompile(`^\(\?[imsU-]+[:)]`)
