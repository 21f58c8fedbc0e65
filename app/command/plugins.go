package command

import (
	"fmt"
	"slices"
	"strings"
)

// pluginLetters are the only signs of a plugin's name: none can be a path.
const pluginLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

// pluginsOf stores names of plugins, each once. Whether they are installed is not
// known here: see CheckPlugins.
func pluginsOf(field func(*Options) *[]string) func(*Options, string) error {
	return func(o *Options, text string) error {
		var chosen []string
		for name := range strings.SplitSeq(text, ",") {
			if name == "" || len(name) > 64 || strings.Trim(name, pluginLetters) != "" {
				return fmt.Errorf("%s is not the name of a plugin, which is of letters, digits, - and _: schtaskhunt plugins lists those that are installed", show(name))
			}
			if !slices.Contains(chosen, name) {
				chosen = append(chosen, name)
			}
		}
		*field(o) = chosen
		return nil
	}
}

// NeedsPlugins reports whether the options name any plugin.
func (o Options) NeedsPlugins() bool { return len(o.Mapper)+len(o.Enrich) > 0 }

// Installed are the names of the plugins that are installed. Disabled ones are in
// no other list.
type Installed struct {
	Mappers, Enrichers, Disabled []string
}

// CheckPlugins refuses names of plugins that are not among the installed ones. An
// error is always a *UsageError.
func (o Options) CheckPlugins(in Installed) error {
	if err := in.check("mapper", o.Mapper, in.Mappers, in.Enrichers); err != nil {
		return err
	}
	return in.check("enrich", o.Enrich, in.Enrichers, in.Mappers)
}

// check says what the user may have meant; others are the plugins of the other kind.
func (in Installed) check(option string, chosen, installed, others []string) error {
	for _, name := range chosen {
		switch {
		case slices.Contains(installed, name):
			continue
		case slices.Contains(others, name):
			return usage("%s: plugin %s is of the other kind; installed are: %s", option, show(name), orNone(installed))
		case slices.Contains(in.Disabled, name):
			return usage("%s: plugin %s is disabled: set what it needs and disabled = 0 in schtaskhunt_plugins.conf", option, show(name))
		}
		return usage("%s: there is no plugin %s%s installed are: %s",
			option, show(name), punctuate(didYouMean(nearest(name, installed))), orNone(installed))
	}
	return nil
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none; see docs/plugins.md"
	}
	return strings.Join(names, ", ")
}
