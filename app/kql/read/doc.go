// Package read makes rows of the query's tables from events: it recognises the table
// (recognise.go), knows where the columns stand in each transport of Defender's and each
// shape of Sysmon's (transport.go, sysmonshape.go), reads their values as Kusto's types
// (cells.go, clock.go), and asks the conditions that need no other event (hasany.go).
package read
