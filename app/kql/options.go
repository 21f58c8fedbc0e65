package kql

import (
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/kql/read"
)

// Options are the constants of the query.
type Options struct {
	// Now is the instant that Lookback and Recent count back from (the query's ago);
	// without it, that of the newest event is taken.
	Now event.Time
	// Lookback is the span, in ticks, of every table (`timeframe`). An event counts if
	// its Timestamp is later than Now - Lookback. 0 is no limit.
	Lookback event.Time
	// Recent is the span of the root processes whose trees are shown. 0 is no limit.
	Recent event.Time
	// MaxDevices keeps the commands that the scheduler started on at most so many
	// devices. 0 keeps all.
	MaxDevices int
	// Conditions are what an event is asked when it comes.
	read.Conditions
	// MaxPaths bounds the paths of one root process; 0 is DefaultMaxPaths. A path too
	// many is counted in the Report.
	MaxPaths int
}

// DefaultMaxPaths is how many paths one root process may have. A tree has one path a
// leaf, so this is far beyond any; events that repeat under one key multiply them
// with every level, and would go on for days.
const DefaultMaxPaths = 1 << 18

// Default returns the constants that are written in the query, placeholders of its
// two allow-lists included.
func Default() Options {
	return Options{
		Lookback: 7 * event.Day, Recent: event.Day, MaxDevices: 5, Conditions: read.Conditions{
			AllowCommand: []string{"put_whiltested_commandlines_here"},
			AllowPath:    []string{"put_whitelisted_folderpaths-here"},
			URLs:         []string{"corel.com", "ocsp.digicert.com", "avast.com"},
			Loopbacks:    []string{"::1", "127.0.0.1", "::ffff:127.0.0.1"},
		},
	}
}
