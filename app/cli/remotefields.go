//go:build !noremote

package cli

import (
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/kql"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
)

// neededFields are the fields that the hunt reads, which is what the search command
// asks splunkd for.
func neededFields(o command.Options) []string {
	if o.Mode == command.ModeKQL {
		return kql.RequiredFields(o.Raw)
	}
	return schema.RequiredFields(o.Raw)
}
