package keep

import (
	"cmp"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Detail returns what all columns need of the process on a level; empty texts when
// there is none, or when only 27 columns are asked for.
func (t *Tables) Detail(event int32) *ProcessDetail {
	if event == Absent || !t.hasDetails() {
		return &ProcessDetail{}
	}
	return t.Details.At(event)
}

// compareRest goes on from ComparePaths through the columns that only the full result
// has, in the order in which they stand there.
func (t *Tables) compareRest(a, b *Path) int {
	if !t.hasDetails() {
		return 0
	}
	for level := range Levels {
		if c := t.compareLevel(level, a.Events[level], b.Events[level]); c != 0 {
			return c
		}
	}
	return 0
}

// compareLevel compares the columns that one join adds. The joins differ in what they
// project: the leaf has its Timestamp, G2, G1 and parent have folders.
func (t *Tables) compareLevel(level int, a, b int32) int {
	if a == b {
		return 0
	}
	if (a == Absent) != (b == Absent) {
		return cmp.Compare(a, b) // absent is below every index
	}
	x, y := t.Processes.At(a), t.Processes.At(b)
	d, e := t.Detail(a), t.Detail(b)
	c := 0
	if level == Levels-1 {
		c = CompareTimes(x.Timestamp, y.Timestamp)
	}
	folders := level >= 1 && level <= 3
	if c == 0 && folders {
		c = t.Texts.compare(d.FolderPath, e.FolderPath)
	}
	if c == 0 {
		c = t.Texts.compare(d.SHA1, e.SHA1)
	}
	if c == 0 && folders {
		c = t.Texts.compare(d.InitiatingFolderPath, e.InitiatingFolderPath)
	}
	if c != 0 {
		return c
	}
	return cmp.Or(
		t.Texts.compare(d.InitiatingSHA1, e.InitiatingSHA1), cmp.Compare(x.InitiatingID, y.InitiatingID),
		t.Texts.compare(d.InitiatingCommandLine, e.InitiatingCommandLine),
		CompareTimes(x.InitiatingCreationTime, y.InitiatingCreationTime))
}

// compareDetails orders two events that are equal otherwise, by everything else.
func (t *Tables) compareDetails(a, b int32) int {
	if !t.hasDetails() {
		return 0
	}
	d, e := t.Detail(a), t.Detail(b)
	return cmp.Or(
		t.Texts.compare(d.FolderPath, e.FolderPath), t.Texts.compare(d.SHA1, e.SHA1),
		t.Texts.compare(d.InitiatingFolderPath, e.InitiatingFolderPath),
		t.Texts.compare(d.InitiatingSHA1, e.InitiatingSHA1),
		t.Texts.compare(d.InitiatingCommandLine, e.InitiatingCommandLine))
}

// ComparePaths is the tie rule: creation times and ids from the root down, then
// command lines from the root down, then the device's name and what other columns
// there are. A missing value is lower than any, texts compare by bytes.
func (t *Tables) ComparePaths(a, b *Path) int {
	for level := range Levels {
		x, y := t.OnLevel(a, level), t.OnLevel(b, level)
		if c := cmp.Or(CompareTimes(x.CreationTime, y.CreationTime), cmp.Compare(x.ID, y.ID)); c != 0 {
			return c
		}
	}
	for level := range Levels {
		if c := t.Texts.compare(t.OnLevel(a, level).CommandLine, t.OnLevel(b, level).CommandLine); c != 0 {
			return c
		}
	}
	if c := t.Texts.compare(t.OnLevel(a, 0).DeviceName, t.OnLevel(b, 0).DeviceName); c != 0 {
		return c
	}
	return t.compareRest(a, b)
}

// RootTime is the time of the root of a path.
func (t *Tables) RootTime(p *Path) event.Time { return t.Processes.At(p.Events[0]).Timestamp }

// Compare orders two processes as the tie rule does: creation time and id first.
func (t *Tables) Compare(a, b int32) int {
	x, y := t.Processes.At(a), t.Processes.At(b)
	if c := cmp.Or(CompareTimes(x.CreationTime, y.CreationTime), cmp.Compare(x.ID, y.ID)); c != 0 {
		return c
	}
	return cmp.Or(
		t.Texts.compare(x.FileName, y.FileName), t.Texts.compare(x.CommandLine, y.CommandLine),
		CompareTimes(x.Timestamp, y.Timestamp), t.compareDetails(a, b))
}
