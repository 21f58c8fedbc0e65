package kql

import (
	"cmp"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// detail returns what all columns need of the process on a level; empty texts when
// there is none, or when only 27 columns are asked for.
func (t *tables) detail(event int32) *processDetail {
	if event == absent || !t.hasDetails() {
		return &processDetail{}
	}
	return t.details.at(event)
}

// compareRest goes on from comparePaths through the columns that only the full result
// has, in the order in which they stand there.
func (t *tables) compareRest(a, b *path) int {
	if !t.hasDetails() {
		return 0
	}
	for level := range levels {
		if c := t.compareLevel(level, a.events[level], b.events[level]); c != 0 {
			return c
		}
	}
	return 0
}

// compareLevel compares the columns that one join adds. The joins differ in what they
// project: the leaf has its Timestamp, G2, G1 and parent have folders.
func (t *tables) compareLevel(level int, a, b int32) int {
	if a == b {
		return 0
	}
	if (a == absent) != (b == absent) {
		return cmp.Compare(a, b) // absent is below every index
	}
	x, y := t.processes.at(a), t.processes.at(b)
	d, e := t.detail(a), t.detail(b)
	c := 0
	if level == levels-1 {
		c = compareTimes(x.timestamp, y.timestamp)
	}
	folders := level >= 1 && level <= 3
	if c == 0 && folders {
		c = t.texts.compare(d.folderPath, e.folderPath)
	}
	if c == 0 {
		c = t.texts.compare(d.sha1, e.sha1)
	}
	if c == 0 && folders {
		c = t.texts.compare(d.initiatingFolderPath, e.initiatingFolderPath)
	}
	if c != 0 {
		return c
	}
	return cmp.Or(
		t.texts.compare(d.initiatingSHA1, e.initiatingSHA1), cmp.Compare(x.initiatingID, y.initiatingID),
		t.texts.compare(d.initiatingCommandLine, e.initiatingCommandLine),
		compareTimes(x.initiatingCreationTime, y.initiatingCreationTime))
}

// compareDetails orders two events that are equal otherwise, by everything else.
func (t *tables) compareDetails(a, b int32) int {
	if !t.hasDetails() {
		return 0
	}
	d, e := t.detail(a), t.detail(b)
	return cmp.Or(
		t.texts.compare(d.folderPath, e.folderPath), t.texts.compare(d.sha1, e.sha1),
		t.texts.compare(d.initiatingFolderPath, e.initiatingFolderPath),
		t.texts.compare(d.initiatingSHA1, e.initiatingSHA1),
		t.texts.compare(d.initiatingCommandLine, e.initiatingCommandLine))
}

// comparePaths is the tie rule: creation times and ids from the root down, then
// command lines from the root down, then the device's name and what other columns
// there are. A missing value is lower than any, texts compare by bytes.
func (t *tables) comparePaths(a, b *path) int {
	for level := range levels {
		x, y := t.onLevel(a, level), t.onLevel(b, level)
		if c := cmp.Or(compareTimes(x.creationTime, y.creationTime), cmp.Compare(x.id, y.id)); c != 0 {
			return c
		}
	}
	for level := range levels {
		if c := t.texts.compare(t.onLevel(a, level).commandLine, t.onLevel(b, level).commandLine); c != 0 {
			return c
		}
	}
	if c := t.texts.compare(t.onLevel(a, 0).deviceName, t.onLevel(b, 0).deviceName); c != 0 {
		return c
	}
	return t.compareRest(a, b)
}

// rootTime is the time of the root of a path.
func (t *tables) rootTime(p *path) event.Time { return t.processes.at(p.events[0]).timestamp }

// compare orders two processes as the tie rule does: creation time and id first.
func (t *tables) compare(a, b int32) int {
	x, y := t.processes.at(a), t.processes.at(b)
	if c := cmp.Or(compareTimes(x.creationTime, y.creationTime), cmp.Compare(x.id, y.id)); c != 0 {
		return c
	}
	return cmp.Or(
		t.texts.compare(x.fileName, y.fileName), t.texts.compare(x.commandLine, y.commandLine),
		compareTimes(x.timestamp, y.timestamp), t.compareDetails(a, b))
}
