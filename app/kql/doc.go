// Package kql answers one question exactly as its original does: the hunting query
// "Scheduled Task - Suspicious Network Connection" by Cyb3rMonk, written in KQL for
// Microsoft Defender's advanced hunting. It returns the rows that the query returns,
// quirks included, and stands apart from the default hunt, which loses less.
//
// The files follow the query from its first line to its last:
//
//	DeviceProcessEvents, DeviceNetworkEvents   recognise.go process.go network.go
//	| where Timestamp > ago(7d)                window.go
//	| where InitiatingProcess... == scheduler  scheduled.go
//	| summarize dcount(DeviceId) ... | join    prevalence.go
//	| join kind=leftouter, five times          children.go tree.go
//	| where Timestamp > ago(1d)                run.go
//	| summarize arg_max(Timestamp,*), count()  pattern.go
//	| mv-expand, join_key, join, where         node.go
//	| project-reorder                          columns.go output.go
//
// Events come by lanes, one for each goroutine that reads (lane.go), and go into tables
// whose rows refer to texts (tables.go, pages.go, texts.go, chunks.go). A lane knows
// nothing of the others, so tables of several are put one behind the other, and nothing
// is compared by where its text lies: keys are found by hashes, which are the same in all
// lanes, and compared letter by letter (key.go).
//
// Events of Sysmon take the same way, except that a child is tied to its parent, and
// a connection to its process, by ProcessGuid: key.go has the two kinds of key.
package kql
