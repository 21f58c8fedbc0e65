package kql

import (
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/kql/keep"
)

// command is a group of the query's first summarize.
type command struct{ commandLine, fileName event.Sym }

// prevalence is
//
//	| summarize dcount(DeviceId), count() by ProcessCommandLine, FileName
//	| where dcount_DeviceId <= 5
//
// and returns the file names that are left, by command line. Kusto's dcount is exact
// up to 1,000 devices; this one always is.
func (r *run) prevalence(sched []scheduled) map[event.Sym][]event.Sym {
	type run struct {
		command
		device event.Sym
	}
	ran := make(map[run]struct{}, len(sched))
	devices := make(map[command]int, len(sched))
	for _, s := range sched {
		one := run{s.command, s.device}
		if _, counted := ran[one]; !counted {
			ran[one] = struct{}{}
			devices[s.command]++
		}
	}
	rare := make(map[event.Sym][]event.Sym)
	for c, n := range devices {
		if r.options.MaxDevices == 0 || n <= r.options.MaxDevices {
			rare[c.commandLine] = append(rare[c.commandLine], c.fileName)
			r.stages.Prevalence++
		}
	}
	return rare
}

// root is the root of a tree: level 0, the query's G3. name is the file name of the
// group in prevalence, which may be another's than the event's: see joinBack.
type root struct {
	event int32
	name  keep.TextRef
}

// joinBack is
//
//	| join kind=inner (sched) on ProcessCommandLine
//	| project DeviceId, DeviceName, Timestamp, InitiatingProcessG3ParentFileName=FileName, ...
//
// The key is the command line without the file name, and the FileName that is
// projected is the left side's: every event comes once for every file name that its
// command line has on the left, under that name (quirk Q2). Sysmon's form of the
// query joins on both.
func (r *run) joinBack(prevalence map[event.Sym][]event.Sym, sched []scheduled) (roots []root) {
	spelt := make(map[event.Sym]keep.TextRef)
	for _, s := range sched {
		spelt[s.fileName] = r.Processes.At(s.event).FileName
	}
	for _, s := range sched {
		for _, name := range prevalence[s.commandLine] {
			if r.Sysmon && name != s.fileName {
				continue
			}
			roots = append(roots, root{s.event, spelt[name]})
		}
	}
	r.stages.Roots = len(roots)
	return roots
}

// recent is `where Timestamp > ago(1d)`. It stands behind the five joins in the query,
// and after them Timestamp is still the root's.
func (r *run) recent(roots []root) (recent []root) {
	for _, root := range roots {
		if r.window.IsRecent(r.Processes.At(root.event).Timestamp) {
			recent = append(recent, root)
		}
	}
	r.stages.RecentRoots = len(recent)
	return recent
}
