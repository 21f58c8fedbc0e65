// Package plugin is what authors of plugins write against: plain Go interfaces and
// one call, Serve. How a plugin is started, spoken to and kept in bounds is the
// host's business (package plugin/host); an author sees nothing of it.
//
// A plugin is a program of its own. It maps a vendor's events onto the canonical
// fields (Mapper), or gives verdicts on addresses, names, hashes and command lines
// (Enricher), or both. Package plugin/plugintest tries one as the host would.
//
// Calls may overlap: a plugin must be safe for concurrent use.
package plugin

import "context"

// Info says who a plugin is. Both are shown to people, in lists and in warnings.
type Info struct {
	Name    string
	Version string
}

// WarningMark begins a line of a plugin's output that the search shows as a warning:
// something that it was to know is missing. Other lines go to the search log.
const WarningMark = "warning: "

// Configurer is implemented by plugins that have settings: the setting.* entries of
// the plugin's stanza in schtaskhunt_plugins.conf, which an administrator wrote.
type Configurer interface {
	// Configure is called once, before everything else, with an empty map when there
	// are no settings. The map is the plugin's to keep. File names among the values
	// are relative to the plugin folder. An error ends the plugin; its text is shown.
	Configure(ctx context.Context, settings map[string]string) error
}
