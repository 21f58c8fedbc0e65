package indicator

import (
	"fmt"
	"strings"
)

// stixObject is what is used of an object of a STIX 2.1 bundle.
type stixObject struct {
	Type        string   `json:"type"`
	Name        string   `json:"name"`
	Pattern     string   `json:"pattern"`
	PatternType string   `json:"pattern_type"` // absent in STIX 2.0
	Confidence  *float64 `json:"confidence"`   // 0 to 100
	Revoked     bool     `json:"revoked"`
	Labels      []string `json:"labels"`
	Types       []string `json:"indicator_types"`
}

// stixPaths are the object paths that can be matched.
var stixPaths = map[string]kind{
	"ipv4-addr:value": address, "ipv6-addr:value": address,
	"domain-name:value": domain, "url:value": url,
	"file:hashes.'SHA-256'": sha256, `file:hashes."SHA-256"`: sha256, "file:hashes.SHA256": sha256, "file:hashes.'SHA256'": sha256,
	"process:command_line": commandLine,
}

// stixObject takes an indicator; the other objects of a bundle are about it.
//
// Of a pattern that lists alternatives those are taken that can be matched; the rest
// is counted by the name of what cannot.
func (j *jsonList) stixObject(o *stixObject) error {
	switch {
	case o.Type != "indicator":
		return nil
	case o.Revoked:
		j.report.leave("stix indicator is revoked", "")
		return nil
	case o.PatternType != "" && o.PatternType != "stix":
		j.report.leave("stix pattern_type", o.PatternType)
		return nil
	}
	n := note{score: j.options.Score, source: j.source, label: o.label()}
	if o.Confidence != nil {
		n.score = *o.Confidence
	}
	found, unsupported, err := parsePattern(o.Pattern)
	if err != nil {
		return fmt.Errorf("stix pattern %s: %w", quoted(o.Pattern), err)
	}
	for _, name := range unsupported {
		j.report.leave("stix pattern uses", name)
	}
	return j.addAll(found, n)
}

// addAll adds the alternatives of a pattern; a bad one does not cost the others.
func (j *jsonList) addAll(found []comparison, n note) (first error) {
	for _, c := range found {
		for _, value := range c.values {
			value = strings.TrimSpace(value)
			if c.kind == commandLine && strings.Contains(value, "*") {
				j.report.leave("stix command line with an asterisk, which a STIX = takes literally", "")
				continue
			}
			if err := j.add(c.kind, value, n); err != nil && first == nil {
				first = err
			}
		}
	}
	return first
}

func (o *stixObject) label() string {
	for _, text := range append(append([]string{o.Name}, o.Types...), o.Labels...) {
		if text != "" {
			return text
		}
	}
	return ""
}
