package schema

import (
	"bytes"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Sysmon 8 tells that a process started a thread in another, Sysmon 10 that it opened another. The
// latter is most of a busy log: of use are the rights to start a thread or to write code, and not
// those that Windows' own programs take all day. Both are read for who asks only. Source: Sysmon's
// manifest and Microsoft's reference of process access rights.

// The rights to another process that it takes to run code in it.
const (
	mayStartThread = 0x0002 // PROCESS_CREATE_THREAD
	mayChange      = 0x0008 // PROCESS_VM_OPERATION
	mayWrite       = 0x0020 // PROCESS_VM_WRITE
)

// threadStarted and processOpened are the ids of the two events.
const threadStarted, processOpened = 8, 10

// ordinaryReaches are Windows' own programs that reach into others as a part of what they do, by
// their folders: csrss starts threads for the console's signals, the service control manager and
// the session managers hold what they start, Defender looks into everything, and error reporting
// into what crashed. Source: Microsoft's documentation of these programs.
var ordinaryReaches = map[string][]string{
	`\windows\system32\`:               {"csrss", "wininit", "winlogon", "smss", "services", "lsass", "werfault", "werfaultsecure", "svchost"},
	`\windows\syswow64\`:               {"werfault", "werfaultsecure"},
	`\windows\system32\wbem\`:          {"wmiprvse"},
	`\windows\syswow64\wbem\`:          {"wmiprvse"},
	`\program files\windows defender\`: {"msmpeng"},
	`\program files\windows defender advanced threat protection\`: {"mssense"},
}

// defenderPlatform is where the newer versions of Defender's engine lie, each in a folder of its own.
const defenderPlatform = `\programdata\microsoft\windows defender\platform\`

// injectionSchemas makes one schema a shape of Sysmon's events.
func injectionSchemas() (schemas []Schema) {
	for i := range sysmonShapes {
		s := &sysmonShapes[i]
		table := func(id string) Table {
			of := Condition{Fields: s.id, Test: "is", Values: []string{id}}
			return Table{Kind: event.InjectionEvent, When: []Condition{of}, Rules: s.of(id).injectionRules()}
		}
		schemas = append(schemas, Schema{
			Name: "injections " + s.name, Doubled: s.doubled, Asked: event.InjectionEvent,
			Gate: s.injectionGate(), Tables: []Table{table("8"), table("10")},
		})
	}
	return schemas
}

// injectionGate is that of Sysmon's other events, which have no process but two.
func (s *sysmonShape) injectionGate() [][]Condition {
	isOne := Condition{Fields: s.id, Test: "is", Values: []string{"8", "10"}}
	target := Condition{Fields: append(s.data("TargetProcessGuid", "TargetProcessGUID", "TargetProcessId"), s.places("TargetProcessId")...), Test: "present"}
	gate := s.gate()
	for i := range gate {
		gate[i] = append([]Condition{isOne}, gate[i]...)
	}
	noChannel := Condition{Fields: allChannels, Test: "absent"}
	if s.marks != nil {
		return gate
	}
	inSysmon := Condition{Fields: s.channel, Test: "log", Values: []string{"sysmon"}}
	return append(gate, []Condition{isOne, inSysmon, target}, []Condition{isOne, noChannel, target})
}

// injectionRules: the process that is reached into is what the event is about, and what reaches
// stands in the place of a parent.
func (s *sysmonShape) injectionRules() []Rule {
	either := func(to string, names ...string) Rule {
		rule := Rule{To: to, From: s.data(names...), Optional: true}
		for _, name := range names {
			rule.From = append(rule.From, s.places(name)...)
		}
		return rule
	}
	return []Rule{
		{To: "device", From: s.device, Else: s.host},
		{To: "time", From: s.time, Else: slices.Concat(s.clock, s.data("UtcTime"))},
		{To: "record", From: s.record, Optional: true},
		{To: "inject_number", From: s.id},
		either("process_guid", "TargetProcessGuid", "TargetProcessGUID"), either("process_id", "TargetProcessId"), either("process_path", "TargetImage"),
		either("parent_guid", "SourceProcessGuid", "SourceProcessGUID"), either("parent_id", "SourceProcessId"), either("parent_path", "SourceImage"),
		either("inject_rights", "GrantedAccess"), either("inject_where", "StartFunction", "StartModule"), either("user", "SourceUser"),
	}
}

func setInjectNumber(d *draft, v []byte) bool {
	n, ok := decimal(v, 9)
	d.injection.Number, d.injection.Thread = uint32(n), n == threadStarted
	return ok
}

func setRights(d *draft, v []byte) bool {
	n, ok := numberOf(once(v))
	d.injection.Rights = uint32(n)
	return ok
}

// finishInjection judges an event. One of rights that let nothing run, of a process that reaches
// into itself, or of Windows' own doing is of no use, as others of its log are.
func (d *draft) finishInjection() event.Kind {
	if d.source.Device == event.NoSym || !d.knowsProcess() || d.parent.ID.IsZero() && d.parent.PID == 0 {
		return event.Malformed
	}
	d.completeName(&d.self)
	d.completeName(&d.parent)
	rights := d.injection.Rights
	runs := d.injection.Thread || rights&mayStartThread != 0 || rights&(mayChange|mayWrite) == mayChange|mayWrite
	if !runs || d.isItself() || isOrdinaryReach(string(d.symbols.Bytes(d.parent.Path)), d.injection.Thread) {
		return event.Other
	}
	return event.InjectionEvent
}

// isItself reports whether both processes are one.
func (d *draft) isItself() bool {
	if !d.self.ID.IsZero() && !d.parent.ID.IsZero() {
		return d.self.ID == d.parent.ID
	}
	return d.self.PID != 0 && d.self.PID == d.parent.PID
}

// isOrdinaryReach reports whether a program reaches into others as a part of what it does. Service
// hosts open others, and start no threads in them.
func isOrdinaryReach(path string, thread bool) bool {
	path = strings.ToLower(path)
	if len(path) > 2 && path[1] == ':' {
		path = path[2:]
	}
	at := strings.LastIndexByte(path, '\\') + 1
	folder, name := path[:at], strings.TrimSuffix(path[at:], ".exe")
	if strings.HasPrefix(folder, defenderPlatform) && strings.Count(folder[len(defenderPlatform):], `\`) == 1 {
		return name == "msmpeng"
	}
	return slices.Contains(ordinaryReaches[folder], name) && (!thread || name != "svchost")
}

// setWhere takes what a thread began in: a function where one is named, else a module.
func setWhere(d *draft, v []byte) bool {
	return setSym(d, &d.injection.Where, bytes.TrimSpace(v))
}
