package kql

import (
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/kql/keep"
)

// scheduled is a row of sched. What is compared with other rows' are symbols: equal
// texts have one.
type scheduled struct {
	command
	event  int32
	device event.Sym
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
	events = make([]scheduled, 0, r.Scheduled.Len())
	symbols := event.NewSymbols()
	symbol := func(ref keep.TextRef) event.Sym { return symbols.Intern(r.Texts.Bytes(ref)) }
	for _, page := range r.Scheduled.Split() {
		for _, i := range page {
			if p := r.Processes.At(i); r.window.InLookback(p.Timestamp) {
				events = append(events, scheduled{command{symbol(p.CommandLine), symbol(p.FileName)}, i, symbol(p.Device)})
			}
		}
	}
	r.stages.Scheduled = len(events)
	return events
}
