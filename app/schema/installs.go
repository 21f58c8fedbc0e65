package schema

import (
	"bytes"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// steps are what events tell of services and of WMI subscriptions, by their ids. Sources: the
// manifests of the Service Control Manager, of Microsoft-Windows-Security-Auditing and of
// Sysmon.
var steps = map[string]event.Step{
	"7045": event.ServiceInstalled, "4697": event.ServiceInstalled,
	"19": event.FilterMade, "20": event.ConsumerMade, "21": event.ConsumerBound,
}

// Names of the lines in the Message of an event about a service.
const (
	serviceNameLine = "Service Name"
	serviceFileLine = "Service File Name"
)

// serviceGate is the list of conditions of each log under which an event tells of a service.
// Another program may write an event 7045 of its own: so the data have to be there.
func (s *sysmonShape) serviceGate() [][]Condition {
	named := Condition{Fields: s.serviceFields("ServiceName", serviceNameLine), Test: "present"}
	runs := Condition{Fields: append(s.serviceFields("ImagePath", serviceFileLine), s.serviceFields("ServiceFileName", serviceFileLine)...), Test: "present"}
	of := func(id, log string) []Condition {
		return []Condition{{Fields: s.id, Test: "is", Values: []string{id}}, {Fields: s.channel, Test: "is", Values: []string{log}}, named, runs}
	}
	noChannel := Condition{Fields: append(allChannels, s.channel...), Test: "absent"}
	either := Condition{Fields: s.id, Test: "is", Values: []string{"4697", "7045"}}
	return [][]Condition{of("7045", "system"), of("4697", "security"), {either, noChannel, named, runs}}
}

// serviceFields are the names of a value of either event: of its own, by its place in a list,
// and of its line in a Message.
func (s *sysmonShape) serviceFields(name, line string) []string {
	fields := s.data(name)
	if s.list != "" {
		if s.prefix == "" { // its list is all that tells it from flat events
			fields = nil
		}
		for _, id := range []string{"4697", "7045"} {
			fields = append(fields, placesIn(taskValues[id], s.list, name)...)
		}
	}
	if s.flat {
		fields = append(fields, line)
	}
	slices.Sort(fields)
	return slices.Compact(fields)
}

// serviceTables read the installation of a service.
func (s *sysmonShape) serviceTables() (tables []Table) {
	for _, id := range []string{"4697", "7045"} {
		of := Condition{Fields: s.id, Test: "is", Values: []string{id}}
		tables = append(tables, Table{Kind: event.InstallationEvent, When: []Condition{of}, Rules: s.of(id).serviceRules()})
	}
	return tables
}

func (s *sysmonShape) installHeader() []Rule {
	return []Rule{
		{To: "device", From: s.device, Else: s.host},
		{To: "time", From: s.time, Else: s.clock},
		{To: "record", From: s.record, Optional: true},
		{To: "install_step", From: s.id},
	}
}

func (s *sysmonShape) serviceRules() []Rule {
	rules := append(s.installHeader(),
		s.serviceField("install_name", "ServiceName", serviceNameLine),
		s.serviceField("install_runs", "ImagePath", serviceFileLine),
		s.serviceField("install_runs", "ServiceFileName", serviceFileLine))
	if s.event != "4697" {
		return rules
	}
	return append(rules, Rule{To: "install_audit", From: s.id},
		s.auditField("user", "SubjectUserName", auditAccount), s.auditField("user_domain", "SubjectDomainName", auditDomain),
		s.taskField("install_client", "ClientProcessId"))
}

// serviceField is taskField with the name that a flat shape's Message has for the value.
func (s *sysmonShape) serviceField(to, name, line string) Rule {
	rule := s.taskField(to, name)
	if s.flat {
		rule.From = append(rule.From, line)
	}
	return rule
}

// subscriptionTables read what Sysmon tells of WMI subscriptions.
func (s *sysmonShape) subscriptionTables() (tables []Table) {
	for _, id := range []string{"19", "20", "21"} {
		when := []Condition{{Fields: s.id, Test: "is", Values: []string{id}}}
		tables = append(tables, Table{Kind: event.InstallationEvent, When: when, Rules: s.of(id).subscriptionRules()})
	}
	return tables
}

func (s *sysmonShape) subscriptionRules() []Rule {
	rules := s.installHeader()
	rules[1].Else = slices.Concat(s.field("time", "UtcTime").From, s.clock) // it has no zone to be guessed
	rules = append(rules, s.optional("user", "User"), s.optional("install_undone", "Operation"))
	switch s.event {
	case "21":
		return append(rules, s.optional("install_name", "Consumer").via("wmi_reference"), s.optional("install_filter", "Filter"))
	case "20":
		rules = append(rules, s.optional("install_script", "Type"), s.optional("install_runs", "Destination").via("wmi_text"))
	}
	return append(rules, s.optional("install_name", "Name").via("wmi_name"))
}

func setStep(d *draft, v []byte) bool {
	d.installed.Step = steps[string(v)]
	if n, ok := decimal(v, 9); ok {
		d.installed.Number = uint32(n)
	}
	return d.installed.Step != event.NoStep
}

// setUndone takes the operation of a subscription's event: what takes one away starts nothing.
func setUndone(d *draft, v []byte) bool {
	if undone := containsFold(v, "delete"); undone {
		d.installed.Step = event.NoStep
	}
	return true
}

// wmiText is a text as Sysmon writes those of WMI: in quotes, with each quote and backslash
// behind a backslash. A text without them is what it is.
func wmiText(v []byte) []byte {
	v = bytes.TrimSpace(v)
	if len(v) < 2 || v[0] != '"' || v[len(v)-1] != '"' {
		return v
	}
	inner := v[1 : len(v)-1]
	out := make([]byte, 0, len(inner))
	for i := 0; i < len(inner); i++ {
		if inner[i] == '\\' && i+1 < len(inner) && (inner[i+1] == '\\' || inner[i+1] == '"') {
			i++
		} else if inner[i] == '"' {
			return v // it is a command line that begins and ends with quotes
		}
		out = append(out, inner[i])
	}
	return out
}

// referenced is the name in a reference to a part of a subscription:
// \\.\ROOT\subscription:CommandLineEventConsumer.Name="Updater".
func referenced(v []byte) []byte {
	const before = ".name="
	for at := len(v) - len(before); at >= 0; at-- {
		if hasPrefixFold(v[at:], before) {
			return bytes.Trim(v[at+len(before):], "\\\" \t")
		}
	}
	return wmiText(v)
}

func setConsumer(d *draft, v []byte) bool { return setSym(d, &d.installed.Name, referenced(v)) }

// finishInstallation completes what is told of an installation. An event that says of nothing
// what it runs is of no use, as others of its log are. One of Sysmon has lost its fields where it
// names nothing: its Message may have them.
func (d *draft) finishInstallation() event.Kind {
	i := &d.installed
	needsRuns := i.Step == event.ServiceInstalled || i.Step == event.ConsumerMade
	if i.Step > event.ServiceInstalled && i.Name == event.NoSym {
		return event.Malformed
	}
	if d.source.Device == event.NoSym || i.Name == event.NoSym || i.Step == event.NoStep || needsRuns && i.Runs == event.NoSym {
		return event.Other
	}
	return event.InstallationEvent
}
