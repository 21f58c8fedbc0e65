package bundle

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
)

// The parts of a CycloneDX 1.6 document that are filled in here
// (https://cyclonedx.org/docs/1.6/json/).
type (
	bom struct {
		Format      string         `json:"bomFormat"`
		SpecVersion string         `json:"specVersion"`
		Version     int            `json:"version"`
		Metadata    bomMetadata    `json:"metadata"`
		Components  []bomComponent `json:"components"`
		Depends     []bomDepends   `json:"dependencies"`
	}
	bomMetadata struct {
		Component bomComponent `json:"component"`
	}
	bomComponent struct {
		Type       string        `json:"type"`
		Ref        string        `json:"bom-ref"`
		Name       string        `json:"name"`
		Version    string        `json:"version"`
		PURL       string        `json:"purl,omitempty"`
		Hashes     []bomHash     `json:"hashes,omitempty"`
		Licenses   []bomLicense  `json:"licenses,omitempty"`
		Properties []bomProperty `json:"properties,omitempty"`
	}
	bomHash struct {
		Algorithm string `json:"alg"`
		Content   string `json:"content"`
	}
	bomLicense struct {
		License struct {
			ID string `json:"id"`
		} `json:"license"`
	}
	bomProperty struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	bomDepends struct {
		Ref string   `json:"ref"`
		On  []string `json:"dependsOn,omitempty"`
	}
)

// Bill returns the list of what the archive's programs are made of, in CycloneDX's JSON:
// the Go modules that the linker put into each, as the programs themselves tell. It has
// neither a time nor a serial number, so that the same programs give the same list.
func (a Archive) Bill() ([]byte, error) {
	list := bom{Format: "CycloneDX", SpecVersion: "1.6", Version: 1}
	list.Metadata.Component = a.component(App, a.Program.Body, "application")
	modules := make(map[string]bomComponent)
	on, err := modulesOf(a.Program.Body, modules)
	if err != nil {
		return nil, fmt.Errorf("listing what %s is made of: %w", App, err)
	}
	root := bomDepends{list.Metadata.Component.Ref, on}
	for _, p := range a.Plugins {
		plugin := a.component(p.Name, p.Body, "application")
		on, err := modulesOf(p.Body, modules)
		if err != nil {
			return nil, fmt.Errorf("listing what %s is made of: %w", p.Name, err)
		}
		list.Components = append(list.Components, plugin)
		list.Depends = append(list.Depends, bomDepends{plugin.Ref, on})
		root.On = append(root.On, plugin.Ref)
	}
	list.Depends = slices.Insert(list.Depends, 0, root)
	for _, m := range modules {
		list.Components = append(list.Components, m)
	}
	slices.SortFunc(list.Components, func(x, y bomComponent) int { return cmp.Compare(x.Ref, y.Ref) })
	text, err := json.MarshalIndent(list, "", "  ")
	return append(text, '\n'), err
}

// component is one of the archive's programs.
func (a Archive) component(name string, body []byte, kind string) bomComponent {
	sum := sha256.Sum256(body)
	c := bomComponent{Type: kind, Ref: name + "@" + a.Version, Name: name, Version: a.Version, Hashes: []bomHash{{"SHA-256", hex.EncodeToString(sum[:])}}}
	c.Licenses = make([]bomLicense, 1)
	c.Licenses[0].License.ID = "Apache-2.0"
	return c
}

// modulesOf notes the modules in a program, and returns their names.
func modulesOf(body []byte, modules map[string]bomComponent) (refs []string, err error) {
	info, err := buildinfo.Read(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	used := []*debug.Module{{Path: "std", Version: strings.TrimPrefix(info.GoVersion, "go")}}
	for _, m := range append(used, info.Deps...) {
		if m.Replace != nil {
			m = m.Replace
		}
		purl := "pkg:golang/" + m.Path + "@" + m.Version
		c := bomComponent{Type: "library", Ref: purl, Name: m.Path, Version: m.Version, PURL: purl}
		if m.Sum != "" {
			c.Properties = []bomProperty{{"go:sum", m.Sum}}
		}
		modules[purl], refs = c, append(refs, purl)
	}
	return refs, nil
}
