package keep

// Levels is how many processes a path has at most: the root, G3, and the right sides
// of five joins: G2, G1, parent, process and leaf.
const Levels = 6

// Absent is the event of a level where the join found none.
const Absent = -1

// Path is a row of _process_tree_data: a root and, level by level, a child of the
// level above.
type Path struct {
	Name   TextRef       // of level 0, which may be another's than the event's (quirk Q2)
	Events [Levels]int32 // indexes of processes, or Absent
}

// KeyOf is the key of the process on a level of a path. What a left-outer join leaves
// empty has empty texts and nulls, which may even match where null keys do.
func (t *Tables) KeyOf(p *Path, level int) Key {
	if p.Events[level] == Absent {
		return absentKey(t.Processes.At(p.Events[0]).Device)
	}
	return t.Processes.At(p.Events[level]).ownKey(t.NameOf(p, level), t.Sysmon)
}

// NameOf is the file name on a level; none where there is no process.
func (t *Tables) NameOf(p *Path, level int) TextRef {
	switch {
	case level == 0:
		return p.Name
	case p.Events[level] == Absent:
		return 0
	}
	return t.Processes.At(p.Events[level]).FileName
}

// noProcess stands on a level that has none.
var noProcess = Process{ID: NoLong, InitiatingID: NoLong}

// OnLevel is the process on a level of a path; one of nulls where there is none.
func (t *Tables) OnLevel(p *Path, level int) *Process {
	if p.Events[level] == Absent {
		return &noProcess
	}
	return t.Processes.At(p.Events[level])
}
