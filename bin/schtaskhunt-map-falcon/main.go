// Command schtaskhunt-map-falcon is the plugin that lets schtaskhunt read the events
// of CrowdStrike's Falcon Data Replicator. It has no settings.
package main

import (
	"github.com/schtaskhunt/schtaskhunt/plugin"
	"github.com/schtaskhunt/schtaskhunt/plugin/falcon"
)

// version may be set when the program is linked.
var version = "dev"

func main() {
	plugin.Serve(plugin.Info{Name: "schtaskhunt-map-falcon", Version: version}, falcon.Mapper{})
}
