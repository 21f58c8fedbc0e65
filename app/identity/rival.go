package identity

import "github.com/schtaskhunt/schtaskhunt/app/event"

// Rival is a second way to read the start event of an actor: a text in which somebody
// wrote fields of their own can be read in two.
type Rival struct {
	Actor int32
	Other event.Process
}

// weighRivals takes the second way to read a start event where it names a parent that has
// a start event itself, and the first does not. What that leaves open it keeps.
func (r *Roster) weighRivals(all []event.Process) {
	for i := range all {
		p := &all[i]
		if !p.Self.Rival {
			continue
		}
		at, edge := r.findID(p.Device, &p.Self)
		if at == None || edge == Ambiguous || r.Actors[at].Rebuilt {
			continue
		}
		rival := Rival{at, *p}
		switch first, second := r.isKnown(&r.Actors[at].Process), r.isKnown(p); {
		case second && !first:
			r.Take(rival)
		case first && !second:
		default:
			r.Rivals = append(r.Rivals, rival)
		}
	}
}

// isKnown reports whether the parent that a start event names has a start event.
func (r *Roster) isKnown(p *event.Process) bool {
	if p.Parent.ID.IsZero() {
		return false
	}
	at, _ := r.findID(p.Device, &p.Parent)
	return at != None && !r.Actors[at].Rebuilt
}

// Take reads the actor's start event in the second way.
func (r *Roster) Take(rival Rival) {
	a := &r.Actors[rival.Actor]
	other := rival.Other
	other.Source, other.Self.Rival = a.Source, false
	a.Process = other
}
