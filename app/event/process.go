package event

import "cmp"

// Process is the start of a process.
type Process struct {
	Source
	Self        Ref
	User        Sym
	Hash        Sym // the strongest digest the event has, in lower case
	Parent      Ref
	Grandparent Ref    // Defender: the initiating process's parent
	Logon       uint64 // id of the session that it runs in, 0 where nobody asked for it
}

var processTraits = traits[Process]{
	source:  func(e *Process) *Source { return &e.Source },
	compare: order.processes, same: order.sameProcess, complete: (*Process).Complete,
}

func (o order) processes(a, b *Process) int {
	if c := o.identity(&a.Source, &b.Source, &a.Self, &b.Self, a.Self.Created, b.Self.Created); c != 0 {
		return c
	}
	return cmp.Or(
		o.refs(&a.Self, &b.Self), o.refs(&a.Parent, &b.Parent), o.refs(&a.Grandparent, &b.Grandparent),
		o.texts(a.User, b.User), o.texts(a.Hash, b.Hash), cmp.Compare(a.Logon, b.Logon), o.sources(&a.Source, &b.Source))
}

func (o order) sameProcess(a, b *Process) bool {
	if a.Record == 0 || b.Record == 0 {
		return *a == *b
	}
	return o.identity(&a.Source, &b.Source, &a.Self, &b.Self, a.Self.Created, b.Self.Created) == 0
}

// Complete fills what p does not know from another event of the same process.
func (p *Process) Complete(other *Process) {
	p.Self.Complete(&other.Self)
	p.Parent.Complete(&other.Parent)
	p.Grandparent.Complete(&other.Grandparent)
	fill(&p.User, other.User)
	fill(&p.Hash, other.Hash)
	fill(&p.Logon, other.Logon)
	fill(&p.Time, other.Time)
}
