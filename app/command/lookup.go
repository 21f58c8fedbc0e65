package command

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// OpenLookup opens a lookup file by the name that an option gave. What it returns
// is closed by its caller.
type OpenLookup func(name string) (io.ReadCloser, error)

// lookupEnding marks an entry of an allow-list as the name of a lookup file. No
// top-level domain is called csv, and a pattern with a * is never a name.
const lookupEnding = ".csv"

// isLookup reports whether an entry of an allow-list names a lookup file.
func isLookup(entry string) bool {
	return strings.HasSuffix(strings.ToLower(entry), lookupEnding) && !strings.Contains(entry, "*")
}

// literals returns the entries of a list that are not names of lookup files.
func literals(text string) (entries []string) {
	for entry := range strings.SplitSeq(text, ",") {
		if !isLookup(entry) {
			entries = append(entries, entry)
		}
	}
	return entries
}

// lookupNameLetters are the only signs of a lookup file's name in Splunk, so that
// none can be a path.
const lookupNameLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-"

// checkLookupNames refuses what is no bare name of a file. It looks at no file:
// splunkd starts processes that only ask what the command is.
func (o Options) checkLookupNames(l label) error {
	for _, entry := range o.AllowFiles {
		if !isBareName(entry) {
			return usage("%s: %s is not a bare file name of letters, digits, _, - and .: name a file in the app's lookups folder", l("allow"), show(entry))
		}
	}
	for _, list := range allowLists {
		for entry := range strings.SplitSeq(o.given[list.name], ",") {
			if isLookup(entry) && !isBareName(entry) {
				return usage("%s: %s ends in .csv and so names a lookup file, but is not a bare file name of letters, digits, _, - and .: "+
					"name a file in the app's lookups folder, or write a * somewhere in a pattern", l(list.name), show(entry))
			}
		}
	}
	return nil
}

func isBareName(name string) bool {
	return strings.Trim(name, lookupNameLetters) == "" && !strings.HasPrefix(name, ".")
}

// allowList is an option whose entries may stand in lookup files.
type allowList struct {
	name   string
	column string // what such a file may call the column of entries, besides pattern
	check  func(entry string) error
	set    func(o *Options, entries []string) error
}

var allowLists = []allowList{
	{
		name: "allow_command", column: "command", check: checkWildcard,
		set: func(o *Options, entries []string) (err error) {
			o.AllowCommand, err = NewWildcards(entries)
			return err
		},
	}, {
		name: "allow_path", column: "path", check: checkWildcard,
		set: func(o *Options, entries []string) (err error) {
			o.AllowPath, err = NewWildcards(entries)
			return err
		},
	}, {
		name: "allow_dest", column: "dest", check: checkDestination,
		set: func(o *Options, entries []string) (err error) {
			o.AllowDest, err = NewDestinations(entries)
			return err
		},
	},
}

func checkDestination(entry string) error {
	_, err := NewDestinations([]string{entry})
	return err
}

// NeedsLookups reports whether an allow-list names a lookup file that LoadLookups
// has not read yet. Options that need them are not ready for a hunt.
func (o Options) NeedsLookups() bool {
	if o.loaded {
		return false
	}
	return len(o.AllowFiles) > 0 || slices.ContainsFunc(allowLists, func(list allowList) bool { return list.named(o) })
}

// named reports whether the list names a lookup file.
func (list allowList) named(o Options) bool {
	for entry := range strings.SplitSeq(o.given[list.name], ",") {
		if isLookup(entry) {
			return true
		}
	}
	return false
}

// LoadLookups returns the options with the entries of the lookup files in the
// allow-lists that name them, at the place where the name stood. A row that is no
// entry costs itself and is told in Warnings; a file that cannot be opened or read
// is an error that names the option, as its user wrote it, and the file.
func (o Options) LoadLookups(open OpenLookup) (Options, error) {
	for _, list := range allowLists {
		if !list.named(o) {
			continue
		}
		if err := list.load(&o, open); err != nil {
			return Options{}, fmt.Errorf("%s: %w", o.Label(list.name), err)
		}
	}
	if err := o.loadAllow(open); err != nil {
		return Options{}, fmt.Errorf("%s: %w", o.Label("allow"), err)
	}
	o.loaded = true
	return o, nil
}

// noteEmpty tells of a file without entries: whoever gave it takes something for hidden.
func (o *Options) noteEmpty(option, file string, entries int) {
	if entries == 0 {
		o.Notes = append(slices.Clip(o.Notes), fmt.Sprintf("%s: lookup file %s has no entries, and hides nothing", option, show(file)))
	}
}

func (list allowList) load(o *Options, open OpenLookup) error {
	var all []string
	for entry := range strings.SplitSeq(o.given[list.name], ",") {
		if !isLookup(entry) {
			all = append(all, entry)
			continue
		}
		table, err := readLookup(entry, open, list)
		if err != nil {
			return err
		}
		all = append(all, table.entries...)
		o.Warnings = append(slices.Clip(o.Warnings), table.warnings()...)
		o.noteEmpty(list.name, entry, len(table.entries))
	}
	if len(all) > maxEntries {
		return fmt.Errorf("%d entries with those of the lookup files, more than %d: shorten the lists, or filter the events before the command", len(all), maxEntries)
	}
	return list.set(o, all)
}
