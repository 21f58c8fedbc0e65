package event

import "cmp"

// Logon is that of an account over the network: Security 4624 of type 3. Windows names the
// session that it opens, and not what runs in it in the end.
type Logon struct {
	Source
	Session     uint64 // the logon id, which holds from one start of the machine to the next
	User        Sym    // who logged on, DOMAIN\name
	From        Address
	Workstation Sym // the name that the other machine gave, where it gave one
}

var logonTraits = traits[Logon]{
	source:  func(l *Logon) *Source { return &l.Source },
	compare: order.logons, same: order.sameLogon, complete: (*Logon).complete,
	beside: true, // the ledger has them among the other events, of which it counts no duplicates
}

func (o order) logons(a, b *Logon) int {
	if c := o.logonIdentity(a, b); c != 0 {
		return c
	}
	return cmp.Or(o.texts(a.User, b.User), CompareAddress(b.From, a.From), o.texts(a.Workstation, b.Workstation), o.sources(&a.Source, &b.Source))
}

func (o order) sameLogon(a, b *Logon) bool {
	if a.Record == 0 || b.Record == 0 {
		return *a == *b
	}
	return o.logonIdentity(a, b) == 0
}

// logonIdentity compares what makes a record one event: a log that was cleared gives its number
// out anew.
func (o order) logonIdentity(a, b *Logon) int {
	return cmp.Or(cmp.Compare(o.rank[a.Device], o.rank[b.Device]), cmp.Compare(a.Record, b.Record),
		cmp.Compare(a.Session, b.Session), cmp.Compare(a.Time, b.Time))
}

// complete fills what l does not know from another rendering of the same record.
func (l *Logon) complete(other *Logon) {
	fill(&l.User, other.User)
	fill(&l.From, other.From)
	fill(&l.Workstation, other.Workstation)
}

// Exchange exchanges day and month in the logon's time, if it is unsure.
func (l *Logon) Exchange(u Unsure) { u.exchange(UnsureTime, &l.Time) }
