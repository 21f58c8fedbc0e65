package write

import (
	"strconv"

	"github.com/schtaskhunt/schtaskhunt/app/kql/keep"
)

// goldenColumns are the 27 that are returned unless all are asked for, in their order:
// those that tell rows apart and that a hunter reads.
var goldenColumns = []string{
	"pattern_count", "RemoteUrl", "RemoteIP", "RemotePort", "DeviceId",
	"InitiatingProcessG3ParentFileName", "InitiatingProcessG2ParentFileName", "InitiatingProcessG1ParentFileName",
	"InitiatingProcessParentFileName", "InitiatingProcessFileName", "FileName", "Timestamp", "DeviceName",
	"InitiatingProcessG3ParentId", "InitiatingProcessG2ParentId", "InitiatingProcessG1ParentId", "InitiatingProcessParentId",
	"InitiatingProcessId", "ProcessId",
	"N_InitiatingProcessFileName", "N_InitiatingProcessCommandLine", "N_InitiatingProcessId", "N_InitiatingProcessCreationTime",
	"join_key", "Timestamp2", "ActionType", "RemoteIPType",
}

// Column is a column of the result and how to write a row's value of it.
type Column struct {
	name  string
	write writer
}

// allColumns are the columns of the query's result in the order in which Kusto has
// them: the four of project-reorder; what summarize groups by, its Timestamp, the
// other columns of the joins; the N_ columns; those of DeviceNetworkEvents.
var allColumns = newColumns()

// levelPrefixes are what the query puts before the columns of each level.
var levelPrefixes = [keep.Levels]string{
	"InitiatingProcessG3Parent", "InitiatingProcessG2Parent", "InitiatingProcessG1Parent",
	"InitiatingProcessParent", "InitiatingProcess", "",
}

// columnList gives a name that comes again the number that Kusto gives it.
type columnList struct {
	columns []Column
	seen    map[string]int
}

func (l *columnList) add(name string, write writer) {
	n := l.seen[name]
	l.seen[name]++
	if n > 0 {
		name += strconv.Itoa(n)
	}
	l.columns = append(l.columns, Column{name, write})
}

func newColumns() []Column {
	l := &columnList{seen: make(map[string]int)}
	l.addReordered()
	l.add("DeviceId", writeDevice)
	for level, prefix := range levelPrefixes {
		l.add(prefix+"FileName", writeFileName(level))
	}
	l.add("Timestamp", writeTimestamp(0))
	l.add("DeviceName", writeDeviceName)
	l.addRoot()
	for level := 1; level < keep.Levels; level++ {
		l.addJoin(level)
	}
	l.addNode()
	l.addNetwork()
	return l.columns
}

func (l *columnList) addReordered() {
	l.add("pattern_count", writePatternCount)
	l.add("RemoteUrl", writeRemoteURL)
	l.add("RemoteIP", writeRemoteIP)
	l.add("RemotePort", writeRemotePort)
}

// addRoot adds what is projected of the root (G3) and of the scheduler (G4).
func (l *columnList) addRoot() {
	l.addOwn(0)
	l.add("InitiatingProcessG4ParentFileName", writeInitiatingFileName(0))
	l.addInitiating("InitiatingProcessG4Parent", 0)
}

// addJoin adds the right side of a join: the child, and the process that started it
// under the names of the level above. The first three project folders, the last one
// its Timestamp; file names are what is grouped by, and stand before.
func (l *columnList) addJoin(level int) {
	above := levelPrefixes[level-1]
	folders := level <= 3
	if level == keep.Levels-1 {
		l.add("Timestamp", writeTimestamp(level))
	}
	l.add("DeviceId", writeDeviceOf(level))
	if folders {
		l.add(levelPrefixes[level]+"FolderPath", writeFolderPath(level))
	}
	l.addOwn(level)
	l.add(above+"FileName", writeInitiatingFileName(level))
	if folders {
		l.add(above+"FolderPath", writeInitiatingFolderPath(level))
	}
	l.addInitiating(above, level)
}

// addOwn adds the columns of the process on a level.
func (l *columnList) addOwn(level int) {
	prefix, process := levelPrefixes[level], levelPrefixes[level]
	if prefix == "" {
		process = "Process"
	}
	l.add(prefix+"SHA1", writeSHA1(level))
	l.add(process+"Id", writeID(level))
	l.add(process+"CommandLine", writeCommandLine(level))
	l.add(process+"CreationTime", writeCreationTime(level))
}

// addInitiating adds the columns of the process that started the one on a level.
func (l *columnList) addInitiating(prefix string, level int) {
	l.add(prefix+"SHA1", writeInitiatingSHA1(level))
	l.add(prefix+"Id", writeInitiatingID(level))
	l.add(prefix+"CommandLine", writeInitiatingCommandLine(level))
	l.add(prefix+"CreationTime", writeInitiatingCreationTime(level))
}

func (l *columnList) addNode() {
	l.add("N_InitiatingProcessFileName", writeNodeFileName)
	l.add("N_InitiatingProcessCommandLine", writeNodeCommandLine)
	l.add("N_InitiatingProcessId", writeNodeID)
	l.add("N_InitiatingProcessCreationTime", writeNodeCreationTime)
	l.add("join_key", writeJoinKey)
}

// addNetwork adds the columns of DeviceNetworkEvents that are not at the front.
func (l *columnList) addNetwork() {
	for i, c := range keep.NetworkColumns {
		switch c.Name {
		case "RemoteIP", "RemotePort", "RemoteUrl":
		case "Timestamp":
			l.add(c.Name, writeConnectionTime)
		case "ActionType":
			l.add(c.Name, writeActionType)
		case "RemoteIPType":
			l.add(c.Name, writeRemoteIPType)
		default:
			l.add(c.Name, writeCell(i, c.Kind))
		}
	}
	l.add("join_key", writeJoinKey)
}

// Columns returns the columns of a result.
func Columns(all bool) []Column {
	if all {
		return allColumns
	}
	byName := make(map[string]Column, len(allColumns))
	for _, c := range allColumns {
		byName[c.name] = c
	}
	columns := make([]Column, len(goldenColumns))
	for i, name := range goldenColumns {
		columns[i] = byName[name]
	}
	return columns
}

// Names returns the names of the columns of a result.
func Names(all bool) []string {
	columns := Columns(all)
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	return names
}
