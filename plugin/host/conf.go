package host

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// Kind says what the hunt uses a plugin for.
type Kind string

// The kinds of plugins.
const (
	KindEnricher Kind = "enricher"
	KindMapper   Kind = "mapper"
)

// The deadlines where an entry has none.
const (
	DefaultTimeout      = 10 * time.Second
	DefaultStartTimeout = 30 * time.Second
	DefaultTotalTimeout = 5 * time.Minute
)

// Conf is what schtaskhunt_plugins.conf says.
type Conf struct {
	Entries []Entry // in the order of the file
}

// Entry is one plugin's stanza.
type Entry struct {
	Name    string // of the stanza: what people call the plugin by
	Program string // a file of the plugin folder; on Windows .exe may be left out
	// SHA256 is the sum of that file, 64 hex digits in lower case. There may be several
	// with blanks between, one for each platform that the program is built for.
	SHA256 string
	Kind   Kind
	// Timeout is what one call may take, StartTimeout what the start may take together
	// with the plugin's taking in its settings.
	Timeout, StartTimeout time.Duration
	// TotalTimeout is what all calls of a search may take together; 0 for no end.
	TotalTimeout time.Duration
	Disabled     bool
	// Settings are the plugin's own, setting.<key> in the file. Never nil.
	Settings map[string]string
}

// Entry returns the entry of this name.
func (c Conf) Entry(name string) (Entry, bool) {
	i := slices.IndexFunc(c.Entries, func(e Entry) bool { return e.Name == name })
	if i < 0 {
		return Entry{}, false
	}
	return c.Entries[i], true
}

// Names returns the names of the entries that are not disabled, in their order.
func (c Conf) Names() []string {
	var names []string
	for _, e := range c.Entries {
		if !e.Disabled {
			names = append(names, e.Name)
		}
	}
	return names
}

// ReadConf reads a configuration file of Splunk's form (stanzas, key = value, comments
// with #, a backslash at a line's end that joins the next). Given several files, as
// Splunk's default and local, it takes each attribute from the last one that has it.
// [default] holds for all stanzas. Unknown keys are errors, for a misspelt one would
// silently do nothing.
func ReadConf(files ...io.Reader) (Conf, error) {
	ini := newINI()
	for _, file := range files {
		if err := ini.read(file); err != nil {
			return Conf{}, fmt.Errorf("reading schtaskhunt_plugins.conf: %w", err)
		}
	}
	var c Conf
	for _, name := range ini.names {
		attributes := maps.Clone(ini.stanzas[defaultStanza])
		if attributes == nil {
			attributes = map[string]string{}
		}
		maps.Copy(attributes, ini.stanzas[name])
		e, err := newEntry(name, attributes)
		if err != nil {
			return Conf{}, fmt.Errorf("schtaskhunt_plugins.conf: [%s]: %w", printable(name, 100), err)
		}
		c.Entries = append(c.Entries, e)
	}
	return c, nil
}

func newEntry(name string, attributes map[string]string) (Entry, error) {
	e := Entry{Name: name, Timeout: DefaultTimeout, StartTimeout: DefaultStartTimeout, TotalTimeout: DefaultTotalTimeout, Settings: map[string]string{}}
	if !isName(name) {
		return e, errors.New("a plugin's name is of letters, digits, - and _, at most 64")
	}
	for _, key := range slices.Sorted(maps.Keys(attributes)) {
		if err := e.set(key, attributes[key]); err != nil {
			return e, fmt.Errorf("%s = %s: %w", printable(key, 100), printable(attributes[key], 100), err)
		}
	}
	for _, required := range []struct{ key, value string }{{"program", e.Program}, {"kind", string(e.Kind)}} {
		if required.value == "" {
			return e, fmt.Errorf("%s is missing", required.key)
		}
	}
	// A disabled one may wait for its sum.
	if e.SHA256 == "" && !e.Disabled {
		return e, fmt.Errorf("sha256 is missing: it is the SHA-256 of %s in hex, as sha256sum prints it", e.Program)
	}
	return e, nil
}

func (e *Entry) set(key, value string) (err error) {
	setting, isSetting := strings.CutPrefix(key, "setting.")
	switch {
	case isSetting && setting != "":
		e.Settings[setting] = value
	case key == "program":
		e.Program, err = value, checkProgram(value)
	case key == "sha256":
		e.SHA256, err = parseSum(value)
	case key == "kind":
		e.Kind = Kind(value)
		if e.Kind != KindEnricher && e.Kind != KindMapper {
			err = errors.New("want enricher or mapper")
		}
	case key == "timeout":
		e.Timeout, err = parseTimeout(value, maxTimeout)
	case key == "start_timeout":
		e.StartTimeout, err = parseTimeout(value, maxTimeout)
	case key == "total_timeout":
		e.TotalTimeout, err = parseTimeout(value, maxTotal)
	case key == "disabled":
		e.Disabled, err = parseBool(value)
	default:
		err = errors.New("there is no such key, want program, sha256, kind, timeout, start_timeout, total_timeout, disabled or setting.<key>")
	}
	return err
}

func isName(name string) bool {
	return name != "" && len(name) <= 64 && strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == ""
}

func parseSum(value string) (string, error) {
	sums := strings.Fields(strings.ToLower(value)) // none is a missing one, as in Splunk
	for _, text := range sums {
		if sum, err := hex.DecodeString(text); err != nil || len(sum) != 32 {
			return "", errors.New("want 64 hex digits, or several such sums with blanks between")
		}
	}
	return strings.Join(sums, " "), nil
}

// maxTimeout is the longest deadline in a conf file. A search that waits longer for a
// plugin hangs, for all that its user can see.
const (
	maxTimeout = 10 * time.Minute
	maxTotal   = time.Hour
)

func parseTimeout(value string, most time.Duration) (time.Duration, error) {
	d, err := time.ParseDuration(value)
	if err != nil || d <= 0 || d > most {
		return 0, fmt.Errorf("want a duration such as 500ms, 10s or 2m, at most %.0fm", most.Minutes())
	}
	return d, nil
}

// parseBool takes what Splunk takes.
func parseBool(value string) (bool, error) {
	switch strings.ToLower(value) {
	case "1", "t", "true", "y", "yes":
		return true, nil
	case "0", "f", "false", "n", "no":
		return false, nil
	}
	return false, errors.New("want 0 or 1")
}
