package indicator

import (
	"encoding/json"
	"slices"
	"strings"
)

// mispAttribute is what is used of an attribute of MISP's core format.
type mispAttribute struct {
	Type     string          `json:"type"`
	Value    string          `json:"value"`
	Comment  string          `json:"comment"`
	Category string          `json:"category"`
	ToIDs    json.RawMessage `json:"to_ids"`
	Deleted  json.RawMessage `json:"deleted"`
	Event    struct {
		Info string `json:"info"`
	} `json:"Event"` // in the answer to a search for attributes
}

// mispKinds are the attribute types that are used. A type of two parts has a value of
// two, between them a bar; guessed stands for a part that is not used.
var mispKinds = map[string][]kind{
	"ip-src": {address}, "ip-dst": {address}, "ip-src|port": {address, guessed}, "ip-dst|port": {address, guessed},
	"domain": {domain}, "hostname": {domain}, "hostname|port": {domain, guessed}, "domain|ip": {domain, address},
	"url": {url}, "uri": {url},
	"sha256": {sha256}, "filename|sha256": {guessed, sha256},
}

// attribute takes an attribute of MISP. Those that MISP's users do not mean for
// detection (to_ids) are left out.
func (j *jsonList) attribute(a *mispAttribute) error {
	kinds, known := mispKinds[a.Type]
	switch {
	case isFlag(a.Deleted, "true", "1"):
		j.report.leave("misp attribute is deleted", "")
		return nil
	case isFlag(a.ToIDs, "false", "0"):
		j.report.leave("misp attribute has to_ids false", "")
		return nil
	case !known:
		j.report.leave("misp type", a.Type)
		return nil
	}
	n := note{score: j.options.Score, source: j.source, label: a.label(j.event)}
	parts := []string{a.Value}
	if len(kinds) == 2 {
		parts = strings.SplitN(a.Value, "|", 2)
	}
	for i, part := range parts {
		if kinds[i] == guessed {
			continue
		}
		if err := j.add(kinds[i], refang(strings.TrimSpace(part)), n); err != nil {
			return err
		}
	}
	return nil
}

func (a *mispAttribute) label(event string) string {
	for _, text := range []string{a.Comment, a.Event.Info, event, a.Category} {
		if text != "" {
			return text
		}
	}
	return ""
}

// isFlag reports whether a flag is there and set so. Old versions of MISP write it as
// "0" or "1".
func isFlag(flag json.RawMessage, spellings ...string) bool {
	return slices.Contains(spellings, strings.Trim(string(flag), `"`))
}
