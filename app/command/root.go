package command

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
)

// PresetSchtask is the root preset of the Windows Task Scheduler: a tree starts at
// a process that the Schedule service started.
const PresetSchtask = "schtask"

var (
	presets       = []string{PresetSchtask}
	futurePresets = []string{"service", "wmi", "office", "web"}
)

const rootAccepts = "accepted are schtask, and /regex/ to match the parent's command line"

// setRoot reads a preset or a regular expression between slashes. splunkd removes
// one level of backslashes inside double quotes, so that in a search every
// backslash of the expression is written twice: root="/\\\\temp\\\\.*\\.exe/"
// matches \temp\ and .exe.
func setRoot(o *Options, text string) (err error) {
	if strings.HasPrefix(text, "/") {
		o.Root.Pattern, err = parseRootPattern(text)
		return err
	}
	name := strings.ToLower(text)
	switch {
	case slices.Contains(presets, name):
		o.Root.Preset = name
	case slices.Contains(futurePresets, name):
		return fmt.Errorf("%s is not in this version yet; %s", show(text), rootAccepts)
	default:
		return fmt.Errorf("%s is not a root; %s", show(text), rootAccepts)
	}
	return nil
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
