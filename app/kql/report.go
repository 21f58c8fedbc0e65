package kql

import (
	"fmt"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Report tells how the query went.
type Report struct {
	Now              event.Time // the instant that the spans count back from
	Defender, Sysmon Stages     // by sensor
	Unreadable       int        // ids, ports and times that are none, and were taken for null
}

// Stages are the sizes of the query's stages.
type Stages struct {
	Processes   int // process events within the lookback
	Scheduled   int // those that the scheduler started: sched
	Prevalence  int // rare pairs of command line and file name
	Roots       int // rows of sched joined back, ghosts included
	RecentRoots int // of these, later than recent
	Paths       int // from those roots down to their leaves
	Patterns    int // groups of paths
	Tied        int // patterns whose latest path was chosen among several by the tie rule
	Nodes       int // processes of the latest paths
	Connections int // within the lookback, less those that the last conditions leave out
	Rows        int // of the result
	Capped      int // roots with more paths than Options.MaxPaths, of which some are missing
}

func (s *Stages) add(t Stages) {
	s.Processes += t.Processes
	s.Scheduled += t.Scheduled
	s.Prevalence += t.Prevalence
	s.Roots += t.Roots
	s.RecentRoots += t.RecentRoots
	s.Paths += t.Paths
	s.Patterns += t.Patterns
	s.Tied += t.Tied
	s.Nodes += t.Nodes
	s.Connections += t.Connections
	s.Rows += t.Rows
	s.Capped += t.Capped
}

// Total returns the stages of both sensors added up.
func (r Report) Total() Stages {
	t := r.Defender
	t.add(r.Sysmon)
	return t
}

// String returns the stages as a line of a ledger.
func (r Report) String() string {
	t := r.Total()
	return fmt.Sprintf("lookback=%d sched=%d prevalence=%d roots=%d recent=%d paths=%d patterns=%d tied=%d nodes=%d connections=%d rows=%d",
		t.Processes, t.Scheduled, t.Prevalence, t.Roots, t.RecentRoots, t.Paths, t.Patterns, t.Tied, t.Nodes, t.Connections, t.Rows)
}

// Warnings lists what is missing from the result, or was decided for the reader.
func (r Report) Warnings() (texts []string) {
	say := func(n int, format string) {
		if n > 0 {
			texts = append(texts, fmt.Sprintf(format, n))
		}
	}
	say(r.Defender.Capped+r.Sysmon.Capped, "%d root processes have too many paths, since events with the same process id and "+
		"creation time repeat: their pattern_count is too low, and patterns may be missing; the default hunt has no such limit")
	say(r.Defender.Tied+r.Sysmon.Tied, "%d patterns have several latest paths, of which one is shown and the connections of the "+
		"others are not: Kusto may choose another; the default hunt shows all")
	say(r.Unreadable, "%d process ids, ports or times were unreadable and count as missing")
	if r.Defender.Processes > 0 && r.Sysmon.Processes > 0 {
		texts = append(texts, "events of Defender and of Sysmon came: the query was run over each, and a device with both sensors has its rows twice")
	}
	return texts
}
