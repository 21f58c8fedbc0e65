//go:build !noremote

package cli

import (
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/engine"
	"github.com/schtaskhunt/schtaskhunt/app/kql"
)

// neededFields are the fields that the hunt reads, which is what the search command
// asks splunkd for.
func neededFields(o command.Options, find engine.FindPlugins) ([]string, error) {
	if o.Mode == command.ModeKQL {
		return kql.RequiredFields(o.Raw), nil
	}
	o.Enrich = nil
	opened, err := engine.OpenPlugins(o, find)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	return opened.Schemas().RequiredFields(o.Raw), nil
}
