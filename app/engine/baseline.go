package engine

import (
	"fmt"
	"io"

	"github.com/schtaskhunt/schtaskhunt/app/census"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/source"
)

// ReadBaseline reads the censuses that baseline= names, nil when it names none. open opens
// them; they may be compressed.
func ReadBaseline(o command.Options, open command.OpenLookup) (*census.Census, error) {
	if len(o.Baseline) == 0 {
		return nil, nil
	}
	c, err := census.Load(o.Baseline, o.Counted(), func(name string) (io.ReadCloser, error) {
		if open == nil {
			return nil, fmt.Errorf("lookup file %q cannot be read here", name)
		}
		file, err := open(name)
		if err != nil {
			return nil, err
		}
		return source.Unpacked(name, file)
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.Label("baseline"), err)
	}
	return c, nil
}
