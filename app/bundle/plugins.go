package bundle

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// PluginNames are the plugins that come with the app: their programs, each a folder of
// bin/.
var PluginNames = []string{"schtaskhunt-map-falcon", "schtaskhunt-enrich-list"}

// pluginFolder is beside the command's program: nothing else is started as a plugin.
const pluginFolder = "plugins"

// pluginsConf names the plugins, with their sums.
const pluginsConf = "default/schtaskhunt_plugins.conf"

// Plugin is the program of a plugin for one platform.
type Plugin struct {
	Platform
	Name string // one of PluginNames
	Body []byte
}

// Path is where the program lies in the app.
func (p Plugin) Path() string {
	return path.Join(p.Folder, pluginFolder, p.program(p.Name))
}

// sumsOf returns the sums of a plugin's programs for all platforms, as the conf file
// has them.
func sumsOf(plugins []Plugin, name string) string {
	var sums []string
	for _, p := range plugins {
		if p.Name == name {
			sums = append(sums, fmt.Sprintf("%x", sha256.Sum256(p.Body)))
		}
	}
	slices.Sort(sums)
	return strings.Join(slices.Compact(sums), " ")
}

// addSums fills in the markers of the conf file, such as sums_map_falcon.
func addSums(fixed map[string]string, plugins []Plugin) {
	for _, name := range PluginNames {
		marker := strings.ReplaceAll(strings.TrimPrefix(name, App+"-"), "-", "_")
		fixed["sums_"+marker] = sumsOf(plugins, name)
	}
}

// PluginsConf returns the conf file that names the given plugins, for a plugin folder
// that is not part of an app. source is the repository.
func PluginsConf(source fs.FS, plugins []Plugin) ([]byte, error) {
	text, err := fs.ReadFile(source, pluginsConf)
	if err != nil {
		return nil, fmt.Errorf("making the conf file of the plugins: %w", err)
	}
	v := values{source: source, fixed: map[string]string{}}
	addSums(v.fixed, plugins)
	body, err := v.fill(pluginsConf, string(text))
	return []byte(body), err
}
