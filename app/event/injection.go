package event

import "cmp"

// Injection is what an event tells of a process that reaches into another: that it started a
// thread there (Sysmon 8), or opened the other with the rights to (Sysmon 10).
type Injection struct {
	Source
	By     Ref    // the process that reaches
	Into   Ref    // the process that it reaches into
	Thread bool   // it started a thread
	Number uint32 // id of the event, for people
	Rights uint32 // to the other process, of one that it opened
	Where  Sym    // what the thread began in: a function or module, NoSym where nothing tells
	User   Sym    // whose process By is
}

var injectionTraits = traits[Injection]{
	source:  func(i *Injection) *Source { return &i.Source },
	compare: order.injections, same: order.sameInjection, complete: (*Injection).complete,
	beside: true, // the ledger has them among the other events, of which it counts no duplicates
}

func (o order) injections(a, b *Injection) int {
	if c := o.injectionIdentity(a, b); c != 0 {
		return c
	}
	return cmp.Or(o.refs(&a.By, &b.By), o.refs(&a.Into, &b.Into), cmp.Compare(a.Rights, b.Rights), o.texts(a.Where, b.Where),
		o.texts(a.User, b.User), compareBool(a.Thread, b.Thread), o.sources(&a.Source, &b.Source))
}

func (o order) sameInjection(a, b *Injection) bool {
	if a.Record == 0 || b.Record == 0 {
		return *a == *b
	}
	return o.injectionIdentity(a, b) == 0
}

// injectionIdentity compares what makes a record one event: a log that was cleared gives its
// number out anew.
func (o order) injectionIdentity(a, b *Injection) int {
	return cmp.Or(cmp.Compare(o.rank[a.Device], o.rank[b.Device]), cmp.Compare(a.Record, b.Record), cmp.Compare(a.Number, b.Number),
		o.ids(a.By.ID, b.By.ID), o.ids(a.Into.ID, b.Into.ID), cmp.Compare(a.Time, b.Time))
}

// complete fills what i does not know from another rendering of the same record.
func (i *Injection) complete(other *Injection) {
	i.By.Complete(&other.By)
	i.Into.Complete(&other.Into)
	fill(&i.Rights, other.Rights)
	fill(&i.Where, other.Where)
	fill(&i.User, other.User)
}

// Exchange exchanges day and month in the injection's time, if it is unsure.
func (i *Injection) Exchange(u Unsure) { u.exchange(UnsureTime, &i.Time) }
