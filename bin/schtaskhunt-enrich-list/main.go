// Command schtaskhunt-enrich-list is the plugin that gives verdicts from indicator
// lists on this machine's disk. Its settings, in the plugin's stanza of
// schtaskhunt_plugins.conf:
//
//	setting.files = feeds/addresses.csv, feeds/misp.json
//	setting.score = 75
//	setting.ttl   = 12h
package main

import (
	"os"

	"github.com/schtaskhunt/schtaskhunt/plugin"
	"github.com/schtaskhunt/schtaskhunt/plugin/indicator"
)

// version may be set when the program is linked.
var version = "dev"

func main() {
	plugin.Serve(plugin.Info{Name: "schtaskhunt-enrich-list", Version: version}, &indicator.Enricher{Log: os.Stderr})
}
