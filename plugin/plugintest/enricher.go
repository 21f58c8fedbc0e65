package plugintest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/schtaskhunt/schtaskhunt/plugin"
	"github.com/schtaskhunt/schtaskhunt/plugin/host"
)

// check is one thing that every plugin has to hold to.
type check[S any] struct {
	name string
	run  func(target, S) error
}

var enricherChecks = []check[[]plugin.Indicator]{
	{"handshake", func(g target, _ []plugin.Indicator) error { return handshake(g) }},
	{"the same answers again", enrichAgain},
	{"answers do not depend on the batch", enrichInOtherBatches},
	{"empty batch", enrichNothing},
	{"big batch", enrichMuch},
	{"hostile indicators", enrichHostile},
	{"calls at the same time", enrichAtOnce},
	{"cancelled call", enrichCancelled},
}

// handshake starts the plugin and ends it: a plugin has to end by itself when its
// standard input does.
func handshake(g target) error {
	return g.with(func(p *host.Plugin) error {
		if p.Info().Version == "" {
			return errors.New("it has no version: set plugin.Info.Version")
		}
		return nil
	})
}

// bigBatch is larger than the hunt's batches, which have 1,000 and more.
const bigBatch = 20_000

type indicators = []plugin.Indicator

func enrich(p *host.Plugin, batch indicators) ([]plugin.Verdict, error) {
	return p.Enrich(context.Background(), batch)
}

func sameVerdicts(what string, batch indicators, want, got []plugin.Verdict) error {
	return same(what, batch, want, got, func(a, b plugin.Verdict) bool { return a == b })
}

// expect has a batch judged and compares.
func expect(p *host.Plugin, what string, batch indicators, want []plugin.Verdict) error {
	got, err := enrich(p, batch)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return sameVerdicts(what, batch, want, got)
}

func enrichAgain(g target, samples indicators) error {
	return withAnswers(g, samples, func(p *host.Plugin, want []plugin.Verdict) error {
		if err := expect(p, "a second time", samples, want); err != nil {
			return err
		}
		return g.with(func(other *host.Plugin) error { return expect(other, "after a new start", samples, want) })
	})
}

// withAnswers opens the plugin and has it judge the samples first.
func withAnswers(g target, samples indicators, try func(*host.Plugin, []plugin.Verdict) error) error {
	return g.with(func(p *host.Plugin) error {
		want, err := enrich(p, samples)
		if err != nil {
			return err
		}
		return try(p, want)
	})
}

func enrichInOtherBatches(g target, samples indicators) error {
	return withAnswers(g, samples, func(p *host.Plugin, want []plugin.Verdict) error {
		for i := range samples {
			if err := expect(p, "alone in its batch", samples[i:i+1], want[i:i+1]); err != nil {
				return err
			}
		}
		return expect(p, "in the reverse order", reversed(samples), reversed(want))
	})
}

func enrichNothing(g target, _ indicators) error {
	return g.with(func(p *host.Plugin) error { return expect(p, "an empty batch", nil, nil) })
}

func enrichMuch(g target, samples indicators) error {
	return withAnswers(g, samples, func(p *host.Plugin, want []plugin.Verdict) error {
		return expect(p, "in a big batch", repeated(samples, bigBatch), repeated(want, bigBatch))
	})
}

// hostileTexts are what events may hold.
var hostileTexts = []string{"", " ", ".", "\x00", "a\x00b", "\xff\xfe", "\xed\xa0\x80", "\u202e\u0000", "%s%n", "../../etc/passwd",
	"'; drop table x; --", "::", "1.2.3.4.5", "999.1.1.1", "fe80::1%eth0", strings.Repeat(".", 1<<10), strings.Repeat("a.", 1<<19), strings.Repeat("\x80", 1<<20)}

func enrichHostile(g target, samples indicators) error {
	kinds := []plugin.IndicatorKind{plugin.IP, plugin.Domain, plugin.SHA256, plugin.CommandLine, "of a later version"}
	batch := make(indicators, 0, len(kinds)*len(hostileTexts))
	for _, kind := range kinds {
		for _, value := range hostileTexts {
			batch = append(batch, plugin.Indicator{Kind: kind, Value: value})
		}
	}
	return withAnswers(g, samples, func(p *host.Plugin, want []plugin.Verdict) error {
		if _, err := enrich(p, batch); err != nil {
			return fmt.Errorf("values that are none must have no verdict, and no error: %w", err)
		}
		return expect(p, "after hostile ones", samples, want)
	})
}

func enrichAtOnce(g target, samples indicators) error {
	return withAnswers(g, samples, func(p *host.Plugin, want []plugin.Verdict) error {
		const calls = 8
		results := make(chan error, calls)
		for range calls {
			go func() { results <- expect(p, "in calls at the same time", samples, want) }()
		}
		errs := make([]error, 0, calls)
		for range calls {
			errs = append(errs, <-results)
		}
		return errors.Join(errs...)
	})
}

// enrichCancelled cancels calls at a quarter, half and three quarters of the time that
// they take, after which the plugin must be there for the next.
func enrichCancelled(g target, samples indicators) error {
	return withAnswers(g, samples, func(p *host.Plugin, want []plugin.Verdict) error {
		batch := repeated(samples, bigBatch)
		start := time.Now()
		if _, err := enrich(p, batch); err != nil {
			return err
		}
		quarter := time.Since(start) / 4
		for n := range 3 {
			if err := cancelAfter(p, batch, time.Duration(n+1)*quarter); err != nil {
				return fmt.Errorf("a call that is cancelled: %w", err)
			}
			if err := expect(p, "after a cancelled call", samples, want); err != nil {
				return err
			}
		}
		return nil
	})
}

// cancelAfter has a batch judged and gives up after d. That the call comes to an end
// before is no error.
func cancelAfter(p *host.Plugin, batch indicators, d time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	if _, err := p.Enrich(ctx, batch); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}
