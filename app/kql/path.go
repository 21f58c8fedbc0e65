package kql

// levels is how many processes a path has at most: the root, G3, and the right sides
// of five joins: G2, G1, parent, process and leaf.
const levels = 6

// absent is the event of a level where the join found none.
const absent = -1

// path is a row of _process_tree_data: a root and, level by level, a child of the
// level above.
type path struct {
	name   textRef // of level 0: see root
	events [levels]int32
}

// keyOf is the key of the process on a level of a path. What a left-outer join leaves
// empty has empty texts and nulls, which may even match (Options.NullKeysMatch).
func (t *tables) keyOf(p *path, level int) key {
	if p.events[level] == absent {
		return absentKey(t.processes.at(p.events[0]).device)
	}
	return t.processes.at(p.events[level]).ownKey(t.nameOf(p, level), t.sysmon)
}

// nameOf is the file name on a level; none where there is no process.
func (t *tables) nameOf(p *path, level int) textRef {
	switch {
	case level == 0:
		return p.name
	case p.events[level] == absent:
		return 0
	}
	return t.processes.at(p.events[level]).fileName
}

// noProcess stands on a level that has none.
var noProcess = process{id: noLong, initiatingID: noLong}

func (t *tables) onLevel(p *path, level int) *process {
	if p.events[level] == absent {
		return &noProcess
	}
	return t.processes.at(p.events[level])
}
