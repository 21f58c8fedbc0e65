package realistic

import (
	"fmt"
	"net/netip"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// networkLogon is that of an account from another machine.
type networkLogon struct {
	at   Time
	who  sample.Account // with the id of the session
	from netip.Addr     // not valid: from the machine itself
	kind string         // the logon type
}

// logonFor makes the logon right before a run that another machine starts. What WMI, WinRM and DCOM
// start runs in its session, and a service in the system's.
func (m *machine) logonFor(d dice, r *taskRun, from netip.Addr, sessions map[*sample.Process]uint32) {
	who := r.root.User
	if r.k.under == "service" {
		who = m.account(asAdmin, nil)
	}
	who.LogonID = 0x200000 + uint32(d.IntN(1<<28))
	m.entries = append(m.entries, networkLogon{r.root.Start - d.between(60*millisecond, 3*second), who, from, "3"})
	if r.k.under != "service" {
		sessions[r.root] = who.LogonID
	}
}

// enter has the processes of the runs be in the sessions of their logons.
func (m *machine) enter(sessions map[*sample.Process]uint32) {
	for _, p := range m.processes {
		if id := sessions[p.Root]; id != 0 && p.User.SID == p.Root.User.SID {
			p.User.LogonID = id
		}
	}
}

// logonForNothing is a logon without anything being started: monitoring, a share that somebody looks
// into, other machines, services of the machine itself.
func (m *machine) logonForNothing(d dice, at Time) {
	who, from, kind := m.account(asAdmin, nil), m.w.manager(), "3"
	switch d.IntN(4) {
	case 0:
		who = sample.Account{Domain: "CORP", Name: fmt.Sprintf("SRV%02d$", d.IntN(9)), SID: "S-1-5-21-1085031214-1563985344-725345543-2101"}
	case 1:
		from = netip.Addr{}
	case 2:
		who, kind = systemAccount, "5"
	}
	who.LogonID = 0x200000 + uint32(d.IntN(1<<28))
	m.entries = append(m.entries, networkLogon{at, who, from, kind})
}

// logLogons writes what the audit log tells of logons, where it is collected.
func (m *machine) logLogons() {
	if !m.sensor.security {
		return
	}
	for _, l := range m.entries {
		s := m.session(l.at)
		if s == nil || s.services["lsass"] == nil {
			continue
		}
		lsass, from := s.services["lsass"], "::1"
		if l.from.IsValid() {
			from = l.from.String()
		}
		m.calls = append(m.calls, sample.Event{Kind: sample.LoggedEntry, Process: lsass, At: l.at, Recorded: l.at, Entry: &sample.Entry{ID: 4624, Version: 2, Channel: securityChannel, Provider: securityProvider, GUID: securityProviderGUID, Writer: lsass.PID, Data: pairs([]string{
			"SubjectUserSid", "S-1-0-0", "SubjectUserName", "-", "SubjectDomainName", "-", "SubjectLogonId", "0x0",
			"TargetUserSid", l.who.SID, "TargetUserName", l.who.Name, "TargetDomainName", l.who.Domain, "TargetLogonId", fmt.Sprintf("0x%x", l.who.LogonID), "LogonType", l.kind,
			"LogonProcessName", "Kerberos", "AuthenticationPackageName", "Kerberos", "WorkstationName", "-", "LogonGuid", "{00000000-0000-0000-0000-000000000000}",
			"TransmittedServices", "-", "LmPackageName", "-", "KeyLength", "0", "ProcessId", "0x0", "ProcessName", "-", "IpAddress", from, "IpPort", "0"})}})
	}
}
