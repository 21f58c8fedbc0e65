package kql

import "github.com/schtaskhunt/schtaskhunt/app/event"

// scheduled is a row of sched; equal command lines have one symbol here.
type scheduled struct {
	event       int32
	commandLine event.Sym
}

// sched is the first table of the query:
//
//	DeviceProcessEvents
//	| where Timestamp > ago(timeframe)
//	| where InitiatingProcessFileName == "svchost.exe" and InitiatingProcessCommandLine == "svchost.exe -k netsvcs -p -s Schedule"
//	| where not(ProcessCommandLine has_any (whitelisted_cmdlines)) | where not(FolderPath has_any (whitelist_folderpath))
//
// All but the first condition was looked at when the event came.
func (r *run) sched() (events []scheduled) {
	for i := range r.processes.n {
		p := r.processes.at(i)
		if !r.window.inLookback(p.timestamp) {
			continue
		}
		r.stages.Processes++
		if p.scheduled {
			events = append(events, scheduled{i, r.symbols.Intern(r.texts.bytes(p.commandLine))})
		}
	}
	r.stages.Scheduled = len(events)
	return events
}
