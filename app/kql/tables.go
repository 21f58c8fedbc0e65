package kql

import "hash/maphash"

// rows are the rows of the two tables of one sensor, and beside them what is looked
// at in every row, which is faster to go through by itself.
type rows struct {
	processes   pages[process]
	parents     pages[keyHash]       // of processes: of the key of what started it; 0 where it equals none
	details     pages[processDetail] // of processes, with AllColumns
	scheduled   pages[int32]         // indexes of processes that the scheduler started
	connections pages[connection]
	owners      pages[keyHash]         // of connections: what equal join_keys have in common
	cells       pages[connectionCells] // of connections, with AllColumns
}

// tables are the two tables of one sensor, of all lanes.
type tables struct {
	rows
	sysmon bool
	texts  textList
	seed   maphash.Seed
}

// newTables puts the rows of all lanes one behind the other. The lanes give them away.
func newTables(sysmon bool, texts textList, seed maphash.Seed, lanes []*rows) *tables {
	t := &tables{sysmon: sysmon, texts: texts, seed: seed}
	for _, r := range lanes {
		t.join(r)
	}
	return t
}

// join adds the rows of a lane.
func (t *tables) join(r *rows) {
	base := t.processes.join(r.processes)
	t.parents.join(r.parents)
	t.details.join(r.details)
	for _, page := range r.scheduled.pages {
		for i := range page {
			page[i] += base
		}
	}
	t.scheduled.join(r.scheduled)
	t.connections.join(r.connections)
	t.owners.join(r.owners)
	t.cells.join(r.cells)
}

// hasDetails reports whether all columns were asked for and processes came.
func (t *tables) hasDetails() bool { return t.details.end() > 0 }
