package keep

import "hash/maphash"

// Rows are the rows of the two tables of one sensor, and beside them what is looked
// at in every row, which is faster to go through by itself.
type Rows struct {
	Processes   Pages[Process]
	Parents     Pages[KeyHash]       // of processes: of the key of what started it; 0 where it equals none
	Details     Pages[ProcessDetail] // of processes, with AllColumns
	Scheduled   Pages[int32]         // indexes of processes that the scheduler started
	Connections Pages[Connection]
	Owners      Pages[KeyHash]         // of connections: what equal join_keys have in common
	Cells       Pages[ConnectionCells] // of connections, with AllColumns
	Devices     Devices                // of these and of what is not kept
}

// Tables are the two tables of one sensor, of all lanes.
type Tables struct {
	Rows
	Sysmon bool
	Texts  TextList
	seed   maphash.Seed
}

// Join puts the rows of all lanes one behind the other. The lanes give them away.
func Join(sysmon bool, texts TextList, seed maphash.Seed, lanes []*Rows) *Tables {
	t := &Tables{Sysmon: sysmon, Texts: texts, seed: seed}
	for _, r := range lanes {
		t.join(r)
	}
	return t
}

// join adds the rows of a lane.
func (t *Tables) join(r *Rows) {
	base := t.Processes.join(r.Processes)
	t.Parents.join(r.Parents)
	t.Details.join(r.Details)
	for _, page := range r.Scheduled.pages {
		for i := range page {
			page[i] += base
		}
	}
	t.Scheduled.join(r.Scheduled)
	t.Connections.join(r.Connections)
	t.Owners.join(r.Owners)
	t.Cells.join(r.Cells)
}

// hasDetails reports whether all columns were asked for and processes came.
func (t *Tables) hasDetails() bool { return t.Details.End() > 0 }
