package command

import (
	"strings"
	"unicode/utf8"
)

// builder collects settings by option and makes Options of them.
type builder struct {
	label label
	given map[string]string
	lists map[string][]string // entries of each list, joined at the end
}

func newBuilder(l label) *builder {
	return &builder{label: l, given: map[string]string{}, lists: map[string][]string{}}
}

// add notes one setting of the search command.
func (b *builder) add(name, value string) error {
	opt, ok := lookup(name)
	if !ok {
		return usage(`unknown option %s%s options are: %s`,
			show(strings.TrimSpace(name)), punctuate(didYouMean(nearest(name, names()))), strings.Join(names(), ", "))
	}
	return b.note(opt, value)
}

// punctuate ends a message's first half, which may already end in a question mark.
func punctuate(half string) string {
	if half == "" {
		return ";"
	}
	return half
}

// note records the value of an option; lists grow, others may only be repeated.
func (b *builder) note(opt *Option, value string) error {
	value = strings.TrimSpace(value)
	if !utf8.ValidString(value) {
		return usage("%s: %s is not valid UTF-8", b.label(opt.Name), show(value))
	}
	if opt.List {
		return b.extend(opt, value)
	}
	if was, twice := b.given[opt.Name]; twice && was != value {
		return usage("%s is given twice, as %s and as %s: give it once", b.label(opt.Name), show(was), show(value))
	}
	b.given[opt.Name] = value
	return nil
}

// maxEntries bounds a list; longer ones belong in a lookup before the command.
const maxEntries = 10_000

// extend adds the entries of value to a list. Blanks around an entry and empty
// entries mean nothing.
func (b *builder) extend(opt *Option, value string) error {
	entries := b.lists[opt.Name]
	for entry := range strings.SplitSeq(value, ",") {
		if entry = strings.TrimSpace(entry); entry == "" {
			continue
		}
		if len(entries) == maxEntries {
			return usage("%s has more than %d entries: shorten it, or filter the events before the command", b.label(opt.Name), maxEntries)
		}
		entries = append(entries, entry)
	}
	b.lists[opt.Name] = entries
	return nil
}

// options checks every value in the order of the table, which makes the first
// error the same whatever order they were given in.
func (b *builder) options() (Options, error) {
	for name, entries := range b.lists {
		if len(entries) > 0 {
			b.given[name] = strings.Join(entries, ",")
		}
	}
	o := Options{given: b.given}
	for _, opt := range table {
		text, given := b.given[opt.Name]
		if !given {
			text = opt.Default
		}
		if !given && text == "" {
			continue
		}
		if err := opt.set(&o, text); err != nil {
			return Options{}, usage("%s: %w", b.label(opt.Name), err)
		}
	}
	if err := b.checkMode(&o); err != nil {
		return Options{}, err
	}
	if err := b.checkScored(&o); err != nil {
		return Options{}, err
	}
	if err := b.proposes(&o); err != nil {
		return Options{}, err
	}
	if err := b.reconcile(&o); err != nil {
		return Options{}, err
	}
	return o, nil
}

// checkMode refuses an option that the mode has no use for: who gives one expects it
// to do something.
func (b *builder) checkMode(o *Options) error {
	for _, opt := range table {
		if _, given := b.given[opt.Name]; given && opt.Only != "" && opt.Only != o.Mode {
			return usage("%s is for mode=%s, and mode is %s: leave one of the two out", b.label(opt.Name), opt.Only, o.Mode)
		}
	}
	return nil
}

// checkScored refuses what asks for scores where there are none.
func (b *builder) checkScored(o *Options) error {
	if o.Rarity != RarityCommand {
		return nil
	}
	for _, name := range [...]string{"min_score", "top", "proxy", "baseline", "baseline_days", "shard", "allow", "propose"} {
		if text, given := b.given[name]; given {
			return usage("%s: %s needs rarity=template: commands are not scored", b.label(name), show(text))
		}
	}
	if o.Output == OutputFindings || o.Output == OutputTasks || o.Output == OutputCensus {
		return usage("%s: %s needs rarity=template: commands are not scored", b.label("output"), show(string(o.Output)))
	}
	return nil
}

// reconcile keeps the lookback at least as long as the recent span: prevalence
// counted over less than what is shown would call common things rare. The one that
// was not given follows the one that was.
func (b *builder) reconcile(o *Options) error {
	if o.Recent <= o.Lookback {
		return nil
	}
	recent, recentGiven := b.given["recent"]
	lookback, lookbackGiven := b.given["lookback"]
	switch {
	case recentGiven && lookbackGiven:
		return usage("%s: %s is longer than %s, which is %s: give recent a span of at most lookback",
			b.label("recent"), show(recent), b.label("lookback"), show(lookback))
	case recentGiven:
		o.Lookback = o.Recent
		o.Notes = append(o.Notes, "lookback is widened to "+recent+", to cover recent="+recent)
	default:
		o.Recent = o.Lookback
		o.Notes = append(o.Notes, "recent is narrowed to "+lookback+", to stay within lookback="+lookback)
	}
	return nil
}
