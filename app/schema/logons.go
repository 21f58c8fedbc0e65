package schema

import (
	"bytes"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Security 4624 tells of every logon: of these, those over the network (type 3) of accounts from
// elsewhere are of use, and only to hunts beneath roots that another machine may have started.
// On a domain controller they are most of the log, so that readers have to ask for them. Source:
// Microsoft's reference of security auditing.

// overNetwork is the logon type of who comes over the network.
const overNetwork = 3

// Names of the lines in the Message of 4624, and of the part in which the account stands that
// logged on: those of the same names before it are of the account that asked.
const (
	newLogonPart    = "New Logon"
	sidLine         = "Security ID"
	logonIDLine     = "Logon ID"
	logonTypeLine   = "Logon Type"
	workstationLine = "Workstation Name"
	fromLine        = "Source Network Address"
)

// logonSchemas makes one schema a shape of Windows' events.
func logonSchemas() (schemas []Schema) {
	for i := range sysmonShapes {
		schemas = append(schemas, sysmonShapes[i].of("4624").logonSchema())
	}
	return schemas
}

func (s *sysmonShape) logonSchema() Schema {
	isLogon := Condition{Fields: s.id, Test: "is", Values: []string{"4624"}}
	inAudit := Condition{Fields: s.channel, Test: "is", Values: []string{"security"}}
	noChannel := Condition{Fields: append(allChannels, s.channel...), Test: "absent"}
	session := Condition{Fields: s.taskData("TargetLogonId"), Test: "present"}
	known := session
	if s.flat || s.list != "" { // it may be in the Message alone
		known.Fields = append(slices.Clone(known.Fields), messageField)
	}
	mark := known
	if s.marks != nil { // they tell the shape
		mark = Condition{Fields: s.marks, Test: "present"}
	}
	if s.list != "" && s.prefix == "" { // its list is all that tells it from flat events
		mark = session
	}
	return Schema{
		Name: "logons " + s.name, Doubled: s.doubled, Asked: event.LogonEvent,
		Gate:   [][]Condition{{isLogon, inAudit, known, mark}, {isLogon, noChannel, session, mark}},
		Tables: []Table{{Kind: event.LogonEvent, When: []Condition{isLogon}, Rules: s.logonRules()}},
	}
}

func (s *sysmonShape) logonRules() []Rule {
	rules := []Rule{
		{To: "device", From: s.device, Else: s.host},
		{To: "time", From: s.auditedTimes(), Else: s.clock},
		{To: "record", From: s.record, Optional: true},
		s.taskField("logon_type", "LogonType"),
		s.taskField("logon_session", "TargetLogonId"),
		s.taskField("logon_sid", "TargetUserSid"),
		s.taskField("user", "TargetUserName"),
		s.taskField("user_domain", "TargetDomainName"),
		s.taskField("logon_from", "IpAddress"),
		s.taskField("logon_workstation", "WorkstationName"),
	}
	if s.flat || s.list != "" {
		rules = append(rules, Rule{To: "logon_message", From: []string{messageField}, Optional: true})
	}
	return rules
}

// setSession takes a logon id, which logs write in hexadecimal or in decimal digits.
func setSession(to *uint64, v []byte) bool {
	n, ok := numberOf(once(v))
	if ok && n != 0 {
		*to = n
	}
	return ok && n != 0
}

func setLogonType(d *draft, v []byte) (ok bool) {
	d.logonType, ok = numberOf(once(v))
	return ok
}

// setLogonFrom takes the address of the other machine: that of a loopback is none.
func setLogonFrom(d *draft, v []byte) bool {
	var from endpoint
	setAddress(d, &from, v)
	addr := from.addr.Addr()
	d.logonHere = d.logonHere || addr.IsLoopback()
	if !addr.IsValid() || addr.IsLoopback() || addr.IsUnspecified() {
		return false
	}
	d.logon.From = from.addr
	return true
}

func setWorkstation(d *draft, v []byte) bool {
	return setSym(d, &d.logon.Workstation, bytes.TrimLeft(v, `\`))
}

// setLogonSID notes the account of who gave none, whose name Windows translates.
func setLogonSID(d *draft, v []byte) bool {
	d.logonNobody = d.logonNobody || string(v) == anonymousSID || bytes.EqualFold(v, []byte(anonymous))
	return true
}

// setLogonMessage fills in what the fields do not have from the words for people.
func setLogonMessage(d *draft, v []byte) (told bool) {
	part := []byte(nil)
	for line := range bytes.Lines(v) {
		key, value, found := bytes.Cut(line, []byte{':'})
		if key, value = bytes.TrimSpace(key), bytes.TrimSpace(value); !found {
			continue
		}
		if len(value) == 0 {
			part = key
		} else if !isAbsent(value) {
			told = d.logonLine(string(key), value, string(part) == newLogonPart) || told
		}
	}
	return told
}

// logonLine takes a line of the Message; ofNew says that it is of the account that logged on.
func (d *draft) logonLine(key string, value []byte, ofNew bool) bool {
	switch {
	case key == logonTypeLine && d.logonType == 0:
		return setLogonType(d, value)
	case key == fromLine && d.logon.From.IsZero():
		return setLogonFrom(d, value)
	case key == workstationLine && d.logon.Workstation == event.NoSym:
		return setWorkstation(d, value)
	case !ofNew:
	case key == logonIDLine && d.logon.Session == 0:
		return setSession(&d.logon.Session, value)
	case key == sidLine:
		return setLogonSID(d, value)
	case key == auditAccount && d.user == event.NoSym:
		return setSym(d, &d.user, value)
	case key == auditDomain && d.domain == event.NoSym:
		return setSym(d, &d.domain, value)
	}
	return false
}

// The account of who gave none, as Windows calls it and by its id, which is the same in every
// language. Source: Microsoft's list of well-known SIDs.
const (
	anonymous    = "ANONYMOUS LOGON"
	anonymousSID = "S-1-5-7"
)

// finishLogon judges a logon. One that is not of the network, of nobody, of the machine itself or
// from nowhere is of no use, as other events of its log are.
func (d *draft) finishLogon() event.Kind {
	user := d.symbols.Bytes(d.user)
	switch {
	case d.source.Device == event.NoSym, d.source.Time == event.NoTime, d.logonType != overNetwork, d.logon.Session == 0:
	case len(user) == 0, d.logonNobody, bytes.EqualFold(user, []byte(anonymous)), d.isOwnAccount(user):
	case d.logon.From.IsZero() && (d.logonHere || d.logon.Workstation == event.NoSym), d.isOwn(d.symbols.Bytes(d.logon.Workstation)):
	default:
		return event.LogonEvent
	}
	return event.Other
}

// isOwn reports whether the name of a machine is the device's own.
func (d *draft) isOwn(name []byte) bool {
	return len(name) > 0 && bytes.EqualFold(event.ShortName(name), event.ShortName(d.symbols.Bytes(d.source.Device)))
}

// isOwnAccount reports whether an account is that of the device: its name and a dollar.
func (d *draft) isOwnAccount(user []byte) bool {
	name, isMachine := bytes.CutSuffix(user, []byte{'$'})
	return isMachine && d.isOwn(name)
}
