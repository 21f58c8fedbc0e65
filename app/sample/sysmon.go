package sample

import (
	"fmt"
	"strconv"
	"strings"
)

// field is one named value of an event.
type field struct{ name, value string }

const (
	sysmonChannel = "Microsoft-Windows-Sysmon/Operational"
	zeroGUID      = "{00000000-0000-0000-0000-000000000000}"
)

// sysmonData returns the fields of an event's EventData in the order of the
// Sysmon schema.
func sysmonData(e *Event) []field {
	f := make([]field, 0, 24)
	f = append(f, field{"RuleName", "-"}, field{"UtcTime", sysmonTime(e.Clock)})
	switch e.Kind {
	case ProcessStart:
		return startData(f, e.Process)
	case Connect:
		return connectData(f, e)
	case Lookup:
		return lookupData(f, e)
	}
	return append(actor(f, e), field{"User", userName(e.Process.User)})
}

// sysmonTime is Sysmon's own way of writing a time: UTC, milliseconds, no zone.
func sysmonTime(t Time) string { return t.UTC().Format("2006-01-02 15:04:05.000") }

// systemTime is the time of record as the event log renders it.
func systemTime(t Time) string { return t.UTC().Format("2006-01-02T15:04:05.0000000Z") }

// GUID returns the process' Sysmon GUID as its device writes it: the machine,
// the second of the start, and a number of the session's.
func (p *Process) GUID() string {
	sec := uint32(p.Start / second)
	guid := fmt.Sprintf("{%08x-%04x-%04x-%04x-%08x%02x00}", p.Device.Machine, sec&0xffff, sec>>16, p.Serial&0xffff, p.Serial>>16, p.Boot)
	if p.Device.UpperGUIDs {
		return strings.ToUpper(guid)
	}
	return guid
}

func startData(f []field, p *Process) []field {
	product, company := "Microsoft® Windows® Operating System", "Microsoft Corporation"
	if !strings.HasPrefix(p.Image, `C:\Windows\`) || p.Company != "" {
		product, company = orDash(p.Product), orDash(p.Company)
	}
	f = append(f,
		field{"ProcessGuid", p.GUID()}, field{"ProcessId", number(p.PID)}, field{"Image", p.Image},
		field{"FileVersion", "10.0.22631.4317"}, field{"Description", strings.TrimSuffix(p.Original, ".exe")},
		field{"Product", product}, field{"Company", company}, field{"OriginalFileName", p.Original},
		field{"CommandLine", orDash(p.Command)}, field{"CurrentDirectory", `C:\Windows\system32\`},
		field{"User", userName(p.User)}, field{"LogonGuid", logonGUID(p)},
		field{"LogonId", fmt.Sprintf("0x%x", p.User.LogonID)}, field{"TerminalSessionId", strconv.Itoa(p.User.Session)},
		field{"IntegrityLevel", p.User.Integrity}, field{"Hashes", hashes(p.content())})
	return parentData(f, p)
}

// parentData tells the parent. Where Sysmon knows nothing of it but the PID, the
// other fields are dashes and the GUID is zero.
func parentData(f []field, p *Process) []field {
	guid, image, command, user := p.Parent.GUID(), p.Parent.Image, orDash(p.Parent.Command), userName(p.Parent.User)
	if p.Parent.CommandHidden {
		command = "-"
	}
	if p.ParentHidden {
		guid, image, command, user = zeroGUID, "-", "-", "-"
	}
	return append(f, field{"ParentProcessGuid", guid}, field{"ParentProcessId", number(p.Parent.PID)},
		field{"ParentImage", image}, field{"ParentCommandLine", command}, field{"ParentUser", user})
}

// actor tells the process of an event that is not its start.
func actor(f []field, e *Event) []field {
	guid := zeroGUID
	if !e.Unknown {
		guid = e.Process.GUID()
	}
	return append(f, field{"ProcessGuid", guid}, field{"ProcessId", number(e.Process.PID)}, field{"Image", e.Image})
}

func connectData(f []field, e *Event) []field {
	r := &e.Remote
	source, destination, sourceName, destinationName := r.Local, r.Peer, e.Process.Device.Name, orDash(r.PeerName)
	if r.Inbound {
		source, destination, sourceName, destinationName = destination, source, destinationName, sourceName
	}
	protocol := "tcp"
	if r.UDP {
		protocol = "udp"
	}
	six := strconv.FormatBool(destination.Addr().Is6())
	return append(actor(f, e),
		field{"User", unknownUser(e)}, field{"Protocol", protocol}, field{"Initiated", strconv.FormatBool(!r.Inbound)},
		field{"SourceIsIpv6", six}, field{"SourceIp", longAddr(source.Addr())},
		field{"SourceHostname", sourceName}, field{"SourcePort", number(uint32(source.Port()))}, field{"SourcePortName", "-"},
		field{"DestinationIsIpv6", six}, field{"DestinationIp", longAddr(destination.Addr())},
		field{"DestinationHostname", destinationName}, field{"DestinationPort", number(uint32(destination.Port()))},
		field{"DestinationPortName", portName(destination.Port())})
}

func lookupData(f []field, e *Event) []field {
	f = append(f, actor(nil, e)...)
	last := f[len(f)-1] // Sysmon puts Image after the answer
	return append(f[:len(f)-1],
		field{"QueryName", e.Remote.Query}, field{"QueryStatus", strconv.Itoa(e.Remote.Status)},
		field{"QueryResults", queryResults(&e.Remote)}, last, field{"User", unknownUser(e)})
}

// queryResults writes a DNS answer as Sysmon does: aliases with their type,
// IPv4 addresses mapped into IPv6, a semicolon after each.
func queryResults(r *Remote) string {
	if len(r.Addresses) == 0 {
		return "-"
	}
	var b strings.Builder
	if r.Alias != "" {
		b.WriteString("type:  5 " + r.Alias + ";")
	}
	for _, a := range r.Addresses {
		if a.Is4() {
			b.WriteString("::ffff:")
		}
		b.WriteString(a.String() + ";")
	}
	return b.String()
}
