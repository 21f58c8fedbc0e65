// Package netjoin ties connections and name lookups to the processes that own them,
// and merges those of one process that are alike.
package netjoin

import (
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

// Ties says which process owns each connection of the store. The slices are indexed
// like Store.Connections.
type Ties struct {
	Owner     []int32 // index of the actor, identity.None for none
	Edge      []identity.Edge
	Orphans   int // connections of processes without a start event
	Ambiguous int // connections that several processes fit; tied to none
}

// window is how a connection is tied by process id alone. Sysmon writes the zero
// GUID for processes it has not noticed yet or has forgotten already, within
// seconds of their start or end; between, it knows them.
var window = identity.Window{Before: 2 * event.Second, After: 5 * event.Second, Open: 60 * event.Second}

// Tie ties every connection. Its id decides; a process id and a time do where there
// is no id and only one process fits. A connection may bear a time before its
// process's start, because sensors stamp the two by different clocks: by id it is
// tied all the same.
func Tie(store *event.Store, roster *identity.Roster) *Ties {
	n := len(store.Connections)
	t := &Ties{Owner: make([]int32, n), Edge: make([]identity.Edge, n)}
	for i := range store.Connections {
		c := &store.Connections[i]
		owner, edge := roster.Find(c.Device, &c.Self, c.Time, window)
		t.Owner[i], t.Edge[i] = owner, edge
		switch {
		case edge == identity.Ambiguous:
			t.Ambiguous++
		case owner == identity.None, roster.Actors[owner].Rebuilt:
			t.Orphans++
		}
	}
	return t
}
