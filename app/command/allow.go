package command

import (
	"fmt"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/allow"
)

// setAllow takes the names of files with entries: an entry is proposed, and nobody writes one
// into a search.
func setAllow(o *Options, text string) error {
	for entry := range strings.SplitSeq(text, ",") {
		if !isLookup(entry) {
			return fmt.Errorf("%s is not the name of a lookup file (x.csv) with entries that propose= wrote", show(entry))
		}
		o.AllowFiles = append(o.AllowFiles, entry)
	}
	return nil
}

// setPropose takes the ids of findings.
func setPropose(o *Options, text string) error {
	for id := range strings.SplitSeq(strings.ToLower(text), ",") {
		if len(id) != 16 || strings.Trim(id, "0123456789abcdef") != "" {
			return fmt.Errorf("%s is not the id of a finding: finding_id has 16 hexadecimal digits", show(id))
		}
		if !slices.Contains(o.Propose, id) {
			o.Propose = append(o.Propose, id)
		}
	}
	return nil
}

// mostExpires is how long an entry may hide things before somebody has to look again.
const mostExpires = 366

// setExpires takes whole days.
func setExpires(o *Options, text string) error {
	span, err := ParseSpan(text)
	if err != nil {
		return err
	}
	day, _ := ParseSpan("1d")
	if span < day || span > mostExpires*day {
		return fmt.Errorf("%s is not from 1d to %dd: what is hidden has to be looked at again some day", show(text), mostExpires)
	}
	o.Expires = span
	return nil
}

// proposes makes propose= an output of its own.
func (b *builder) proposes(o *Options) error {
	if len(o.Propose) == 0 {
		return nil
	}
	if text, given := b.given["output"]; given {
		return usage("%s: %s, and propose returns entries for an allow-list: leave one of the two out", b.label("output"), show(text))
	}
	for _, name := range [...]string{"min_score", "top", "shard"} {
		if text, given := b.given[name]; given {
			return usage("%s: %s leaves findings out, and what an entry hides has to be counted in all of them: leave it out", b.label(name), show(text))
		}
	}
	o.Output = OutputProposals
	return nil
}

// loadAllow reads the entries of the files that allow= names.
func (o *Options) loadAllow(open OpenLookup) error {
	if len(o.AllowFiles) == 0 {
		return nil
	}
	var all []allow.Entry
	for _, name := range o.AllowFiles {
		entries, warnings, err := readAllow(name, open)
		if err != nil {
			return err
		}
		for _, w := range warnings {
			o.Warnings = append(slices.Clip(o.Warnings), "lookup file "+show(name)+": "+w)
		}
		all = append(all, entries...)
		o.noteEmpty("allow", name, len(entries))
	}
	o.Allow = allow.NewList(all)
	return nil
}

func readAllow(name string, open OpenLookup) ([]allow.Entry, []string, error) {
	if open == nil {
		return nil, nil, fmt.Errorf("lookup file %s cannot be read here", show(name))
	}
	file, err := open(name)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	entries, warnings, err := allow.Read(file)
	if err != nil {
		return nil, nil, fmt.Errorf("reading lookup file %s: %w", show(name), err)
	}
	return entries, warnings, nil
}
