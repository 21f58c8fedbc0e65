package event

// learn fills what the actor does not know yet.
func (r *Roster) learn(at int32, p *Process) {
	r.Actors[at].complete(p)
	r.index(at)
}

// complete fills what p does not know from another event of the same process.
func (p *Process) complete(other *Process) {
	p.Self.Complete(&other.Self)
	p.Parent.Complete(&other.Parent)
	p.Grandparent.Complete(&other.Grandparent)
	fill(&p.User, other.User)
	fill(&p.Hash, other.Hash)
	fill(&p.Time, other.Time)
}

// Complete fills what r does not know from what another event says of the same
// process.
func (r *Ref) Complete(other *Ref) {
	if r.ID.IsZero() {
		r.ID, r.Style, r.Unique = other.ID, other.Style, other.Unique
	}
	fill(&r.PID, other.PID)
	fill(&r.Created, other.Created)
	fill(&r.Name, other.Name)
	fill(&r.Path, other.Path)
	fill(&r.Command, other.Command)
}

func fill[T comparable](to *T, from T) {
	var absent T
	if *to == absent {
		*to = from
	}
}

// complete fills what c does not know from another rendering of the same record.
func (c *Connection) complete(other *Connection) {
	c.Self.Complete(&other.Self)
	c.Parent.Complete(&other.Parent)
	for _, pair := range [...]struct {
		to   *Sym
		from Sym
	}{
		{&c.User, other.User}, {&c.Hash, other.Hash}, {&c.Host, other.Host}, {&c.URL, other.URL},
		{&c.Transport, other.Transport}, {&c.Action, other.Action}, {&c.Answers, other.Answers},
	} {
		fill(pair.to, pair.from)
	}
	fill(&c.Remote, other.Remote)
	fill(&c.RemotePort, other.RemotePort)
	fill(&c.Local, other.Local)
	fill(&c.LocalPort, other.LocalPort)
	fill(&c.Direction, other.Direction)
	fill(&c.Time, other.Time)
}

// complete fills what e does not know from another rendering of the same record.
func (e *End) complete(other *End) {
	e.Self.Complete(&other.Self)
	fill(&e.Time, other.Time)
}

// contradicts reports whether a start event tells of another name or another parent
// than the process is known by.
func (r *Roster) contradicts(a *Actor, p *Process) bool {
	known, told := &a.Parent, &p.Parent
	return !r.namesAgree(a.Self.Name, p.Self.Name) || contradict(known.ID, told.ID) ||
		differ(known.PID, told.PID) || (known.ID.IsZero() && differ(known.Created, told.Created))
}

// differ reports whether two values are there and not the same.
func differ[T comparable](a, b T) bool {
	var absent T
	return a != absent && b != absent && a != b
}
