package event

import "cmp"

// End is the end of a process.
type End struct {
	Source
	Self Ref
}

var endTraits = traits[End]{
	source:  func(e *End) *Source { return &e.Source },
	compare: order.ends, same: order.sameEnd, complete: (*End).complete,
}

func (o order) ends(a, b *End) int {
	if c := o.identity(&a.Source, &b.Source, &a.Self, &b.Self, 0, 0); c != 0 {
		return c
	}
	return cmp.Or(o.refs(&a.Self, &b.Self), o.sources(&a.Source, &b.Source))
}

func (o order) sameEnd(a, b *End) bool {
	if a.Record == 0 || b.Record == 0 {
		return *a == *b
	}
	return o.identity(&a.Source, &b.Source, &a.Self, &b.Self, 0, 0) == 0
}

// complete fills what e does not know from another rendering of the same record.
func (e *End) complete(other *End) {
	e.Self.Complete(&other.Self)
	fill(&e.Time, other.Time)
}
