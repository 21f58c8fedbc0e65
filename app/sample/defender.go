package sample

import (
	"strconv"
	"strings"
)

// object writes one flat JSON object, member by member.
type object struct{ b []byte }

func (o *object) key(name string) {
	if last := o.b[len(o.b)-1]; last != '{' {
		o.b = append(o.b, ',')
	}
	o.b = appendJSON(o.b, name)
	o.b = append(o.b, ':')
}

func (o *object) text(name, value string) {
	o.key(name)
	o.b = appendJSON(o.b, value)
}

func (o *object) number(name string, value uint64) {
	o.key(name)
	o.b = strconv.AppendUint(o.b, value, 10)
}

func (o *object) null(name string) {
	o.key(name)
	o.b = append(o.b, "null"...)
}

const tenant = "7d1f0f52-6a0c-4e0e-9d55-000000000000"

// appendDefender appends the event as an Event Hub line: the advanced hunting
// row stands in properties.
func appendDefender(dst []byte, e *Event) []byte {
	table, fill := "DeviceProcessEvents", processRow
	switch e.Kind {
	case ProcessEnd, LoggedEntry:
		return dst
	case Connect:
		table, fill = "DeviceNetworkEvents", networkRow
	case Lookup:
		table, fill = "DeviceEvents", lookupRow
	}
	o := object{append(dst, '{')}
	o.text("time", defenderTime(e.Recorded+800*millisecond))
	o.text("tenantId", tenant)
	o.text("operationName", "Publish")
	o.text("category", "AdvancedHunting-"+table)
	o.key("properties")
	o.b = append(o.b, '{')
	o.text("Timestamp", defenderTime(e.Recorded))
	o.text("DeviceId", e.Process.Device.ID)
	o.text("DeviceName", strings.ToLower(e.Process.Device.Name))
	fill(&o, e)
	o.number("ReportId", e.Record)
	return append(o.b, "}}\n"...)
}

// defenderTime writes seven digits of the second with trailing zeros left out, as Defender does.
func defenderTime(t Time) string { return t.UTC().Format("2006-01-02T15:04:05.9999999Z") }

func processRow(o *object, e *Event) {
	p := e.Process
	o.text("ActionType", "ProcessCreated")
	o.text("FileName", p.Name())
	o.text("FolderPath", p.Image)
	o.text("SHA1", digest("SHA1", p.content(), 40))
	o.text("SHA256", digest("SHA256", p.content(), 64))
	o.text("MD5", digest("MD5", p.content(), 32))
	o.text("ProcessVersionInfoOriginalFileName", p.Original)
	o.number("ProcessId", uint64(p.PID))
	o.text("ProcessCommandLine", p.defenderCommand())
	o.text("ProcessIntegrityLevel", p.User.Integrity)
	o.text("ProcessCreationTime", defenderTime(p.Start))
	o.text("AccountDomain", strings.ToLower(p.User.Domain))
	o.text("AccountName", strings.ToLower(p.User.Name))
	o.text("AccountSid", p.User.SID)
	o.number("LogonId", uint64(p.User.LogonID))
	if p.Device.UniqueIDs {
		o.text("ProcessUniqueId", p.uniqueID())
	}
	initiator(o, p.Parent)
	o.null("AdditionalFields")
}

// initiator writes the columns of the process that did what a row tells: the
// parent of a new process, or the owner of a connection.
func initiator(o *object, p *Process) {
	o.text("InitiatingProcessAccountDomain", strings.ToLower(p.User.Domain))
	o.text("InitiatingProcessAccountName", strings.ToLower(p.User.Name))
	o.text("InitiatingProcessAccountSid", p.User.SID)
	o.text("InitiatingProcessIntegrityLevel", p.User.Integrity)
	o.text("InitiatingProcessSHA1", digest("SHA1", p.content(), 40))
	o.text("InitiatingProcessFileName", p.initiatorName())
	o.number("InitiatingProcessId", uint64(p.PID))
	o.text("InitiatingProcessCommandLine", p.defenderCommand())
	o.text("InitiatingProcessCreationTime", defenderTime(p.Start))
	o.text("InitiatingProcessFolderPath", strings.ToLower(p.Image))
	if p.Device.UniqueIDs {
		o.text("InitiatingProcessUniqueId", p.uniqueID())
	}
	if up := p.Parent; up != nil {
		o.number("InitiatingProcessParentId", uint64(up.PID))
		o.text("InitiatingProcessParentFileName", up.Name())
		o.text("InitiatingProcessParentCreationTime", defenderTime(up.Start))
	}
}

// initiatorName is the file name, which the sensor spells in small letters for some processes.
func (p *Process) initiatorName() string {
	if p.Serial%16 == 3 {
		return strings.ToLower(p.Name())
	}
	return p.Name()
}

// defenderCommand is the command line as Defender tells it: a service host
// without its folder.
func (p *Process) defenderCommand() string {
	if strings.EqualFold(p.Name(), "svchost.exe") {
		return p.Command[strings.LastIndexByte(p.Command, '\\')+1:]
	}
	return p.Command
}

// uniqueID stands in for the start key that newer sensors send.
func (p *Process) uniqueID() string {
	return strconv.FormatUint(uint64(p.Boot)<<48|uint64(p.Serial), 10)
}
