// Package kql answers one question exactly as its original does: the hunting query
// "Scheduled Task - Suspicious Network Connection" by Cyb3rMonk, written in KQL for
// Microsoft Defender's advanced hunting. It returns the rows that the query returns,
// quirks included, and stands apart from the default hunt, which loses less.
//
// The files follow the query from its first line to its last; package keep holds the
// tables meanwhile:
//
//	DeviceProcessEvents, DeviceNetworkEvents   package read
//	| where Timestamp > ago(7d)                keep/window.go
//	| where InitiatingProcess... == scheduler  scheduled.go
//	| summarize dcount(DeviceId) ... | join    prevalence.go
//	| join kind=leftouter, five times          children.go tree.go
//	| where Timestamp > ago(1d)                run.go
//	| summarize arg_max(Timestamp,*), count()  pattern.go
//	| mv-expand, join_key, join, where         node.go
//	| project-reorder                          package write, output.go
//
// Events come by lanes, one for each goroutine that reads. A lane knows nothing of the
// others.
package kql
