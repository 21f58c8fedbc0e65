package engine

import (
	"fmt"
	"io"

	"github.com/schtaskhunt/schtaskhunt/app/census"
	"github.com/schtaskhunt/schtaskhunt/app/command"
)

// ReadBaseline reads the censuses that baseline= names, nil when it names none. open opens
// them.
func ReadBaseline(o command.Options, open command.OpenLookup) (*census.Census, error) {
	if len(o.Baseline) == 0 {
		return nil, nil
	}
	c, err := census.Load(o.Baseline, o.Counted(), func(name string) (io.ReadCloser, error) {
		if open == nil {
			return nil, fmt.Errorf("lookup file %q cannot be read here", name)
		}
		return open(name)
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.Label("baseline"), err)
	}
	return c, nil
}
