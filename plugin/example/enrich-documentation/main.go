// An example of a plugin: an enricher that knows the addresses which documentation
// uses (RFC 5737). In a hunt they give away data that somebody made up.
package main

import (
	"context"
	"fmt"
	"net/netip"
	"strconv"
	"time"

	"github.com/schtaskhunt/schtaskhunt/plugin"
)

type enricher struct {
	score    float64
	networks []netip.Prefix
}

var _ plugin.Enricher = (*enricher)(nil)

// Configure takes the plugin's settings: setting.score = 0 to 100.
func (e *enricher) Configure(_ context.Context, settings map[string]string) (err error) {
	if text, has := settings["score"]; has {
		if e.score, err = strconv.ParseFloat(text, 64); err != nil {
			return fmt.Errorf("setting.score = %s is no number", text)
		}
	}
	return nil
}

// Enrich returns one verdict for each indicator. What is no address has none.
func (e *enricher) Enrich(_ context.Context, batch []plugin.Indicator) ([]plugin.Verdict, error) {
	verdicts := make([]plugin.Verdict, len(batch))
	for i, indicator := range batch {
		address, err := netip.ParseAddr(indicator.Value)
		if indicator.Kind != plugin.IP || err != nil {
			continue
		}
		for _, network := range e.networks {
			if network.Contains(address.Unmap()) {
				verdicts[i] = plugin.Verdict{Score: e.score, Label: "documentation", Source: "RFC 5737", TTL: 24 * time.Hour}
			}
		}
	}
	return verdicts, nil
}

func main() {
	plugin.Serve(plugin.Info{Name: "documentation", Version: "1.0"}, &enricher{
		score:    10,
		networks: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24")},
	})
}
