package identity

import "github.com/schtaskhunt/schtaskhunt/app/event"

// learn fills what the actor does not know yet.
func (r *Roster) learn(at int32, p *event.Process) {
	r.Actors[at].Complete(p)
	r.index(at)
}

// contradicts reports whether a start event tells of another name or another parent
// than the process is known by.
func (r *Roster) contradicts(a *Actor, p *event.Process) bool {
	known, told := &a.Parent, &p.Parent
	return !r.namesAgree(a.Self.Name, p.Self.Name) || contradict(known.ID, told.ID) ||
		differ(known.PID, told.PID) || (known.ID.IsZero() && differ(known.Created, told.Created))
}

// differ reports whether two values are there and not the same.
func differ[T comparable](a, b T) bool {
	var absent T
	return a != absent && b != absent && a != b
}
