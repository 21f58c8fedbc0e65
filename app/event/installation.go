package event

import "cmp"

// Step is what an event tells of something that starts processes later.
type Step uint8

// The steps, by what Windows logs. Sources: the manifests of the Service Control Manager,
// of Microsoft-Windows-Security-Auditing and of Sysmon.
const (
	NoStep           Step = iota
	ServiceInstalled      // System 7045, Security 4697
	FilterMade            // Sysmon 19: what a WMI subscription waits for
	ConsumerMade          // Sysmon 20: what it starts
	ConsumerBound         // Sysmon 21: that the two belong together
)

// Installation is what an event tells of a service or of a part of a WMI subscription. None of
// these events has the id of the process that is started in the end.
type Installation struct {
	Source
	Step   Step
	Audit  bool   // it is of the audit log
	Script bool   // the consumer runs a script, and no command
	Number uint32 // id of the event, for people
	Name   Sym    // of the service, filter or consumer
	Runs   Sym    // command line of the service or consumer; the text of a script
	Filter Sym    // of a binding, the filter's name
	User   Sym    // who did it, as far as known
	Client Ref    // process that asked for it, as far as known
}

var installationTraits = traits[Installation]{
	source:  func(i *Installation) *Source { return &i.Source },
	compare: order.installations, same: order.sameInstallation, complete: (*Installation).complete,
	beside: true, // the ledger has them among the other events, of which it counts no duplicates
}

func (o order) installations(a, b *Installation) int {
	if c := o.installationIdentity(a, b); c != 0 {
		return c
	}
	return cmp.Or(
		o.texts(a.Runs, b.Runs), o.texts(a.Filter, b.Filter), o.texts(a.User, b.User), compareBool(a.Script, b.Script),
		o.refs(&a.Client, &b.Client), o.sources(&a.Source, &b.Source))
}

func (o order) sameInstallation(a, b *Installation) bool {
	if a.Record == 0 || b.Record == 0 {
		return *a == *b
	}
	return o.installationIdentity(a, b) == 0
}

// installationIdentity compares what makes a record one event: two logs share its number, and
// a log that was cleared gives it out anew.
func (o order) installationIdentity(a, b *Installation) int {
	return cmp.Or(cmp.Compare(o.rank[a.Device], o.rank[b.Device]), cmp.Compare(a.Record, b.Record), cmp.Compare(a.Step, b.Step),
		cmp.Compare(a.Number, b.Number), o.texts(a.Name, b.Name), cmp.Compare(a.Time, b.Time))
}

// complete fills what i does not know from another rendering of the same record.
func (i *Installation) complete(other *Installation) {
	fill(&i.Runs, other.Runs)
	fill(&i.Filter, other.Filter)
	fill(&i.User, other.User)
	i.Client.Complete(&other.Client)
}

// Exchange exchanges day and month in the installation's time, if it is unsure.
func (i *Installation) Exchange(u Unsure) { u.exchange(UnsureTime, &i.Time) }
