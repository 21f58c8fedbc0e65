package kql

import (
	"fmt"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Report tells how the query went.
type Report struct {
	Now              event.Time // the instant that the spans count back from
	Defender, Sysmon Stages     // by sensor
	Counts           Counts     // of both sensors: a machine with both is two devices
	Unreadable       int        // ids, ports and times that are none, and were taken for null
}

// Stages are the sizes of the query's stages.
type Stages struct {
	Processes   int `count:"lookback"` // process events within the lookback
	Scheduled   int `count:"sched"`    // those that the scheduler started: sched
	Prevalence  int // rare pairs of command line and file name
	Roots       int // rows of sched joined back, ghosts included
	RecentRoots int `count:"recent"` // of these, later than recent
	Paths       int // from those roots down to their leaves
	Patterns    int // groups of paths
	Tied        int // patterns whose latest path was chosen among several by the tie rule
	Nodes       int // processes of the latest paths, once for each path
	Connections int // within the lookback, less those that the last conditions leave out
	Rows        int // of the result
	Capped      int `count:"-"` // roots with more paths than Options.MaxPaths, of which some are missing
}

// Counts tell of devices and processes, each once however many events and paths tell of
// it.
type Counts struct {
	Devices int // of process events and connections, those that are left out included
	Trees   int // processes that the scheduler started, within the lookback
	Kept    int // of these, the roots of the paths that are shown: the latest of each pattern
	Nodes   int // processes of those paths
}

// Total returns the stages of both sensors added up.
func (r Report) Total() Stages {
	t := r.Defender
	account.Add(&t, r.Sysmon)
	return t
}

// String returns the stages as a line of a ledger.
func (r Report) String() string { return account.Line(r.Total()) }

// Warnings lists what is missing from the result, or was decided for the reader.
func (r Report) Warnings() (texts []string) {
	say := func(n int, format string) {
		if n > 0 {
			texts = append(texts, fmt.Sprintf(format, n))
		}
	}
	total := r.Total()
	say(total.Capped, "%d root processes have too many paths, since events with the same process id and "+
		"creation time repeat: their pattern_count is too low, and patterns may be missing; the default hunt has no such limit")
	say(total.Tied, "%d patterns have several latest paths, of which one is shown and the connections of the "+
		"others are not: Kusto may choose another; the default hunt shows all")
	say(r.Unreadable, "%d process ids, ports or times were unreadable and count as missing")
	if r.Defender.Processes > 0 && r.Sysmon.Processes > 0 {
		texts = append(texts, "events of Defender and of Sysmon came: the query was run over each, and a device with both sensors has its rows twice")
	}
	return texts
}
