package realistic

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

const (
	securityChannel      = "Security"
	securityProvider     = "Microsoft-Windows-Security-Auditing"
	securityProviderGUID = "{54849625-5478-4994-a5ba-3e3b0328c30d}"
)

// taskChange is that a task was registered, written anew, or deleted.
type taskChange struct {
	at       Time
	id       int // of the audit log: 4698, 4699 or 4702
	task     string
	author   string
	command  string
	class    string
	trigger  trigger
	subject  sample.Account
	identity sample.Account
}

// noteChanges notes what happened to the task itself within the log.
func (m *machine) noteChanges(k *kind) {
	if !m.sensor.tasks || k.under != "" {
		return
	}
	from, to := k.span(m)
	if from > m.w.from && from != m.born && m.wake(from) > 0 {
		m.noteChange(k, k.edition(m, from), m.wake(from)-second/3, 4698)
	}
	for i := range k.editions {
		e := &k.editions[i]
		if at := e.start(k, m); e.retasked && at > m.w.from && at < to && k.edition(m, at) == e {
			m.noteChange(k, e, at-second/3, 4702)
		}
	}
	if k.until > 0 && m.wake(k.until) > 0 {
		m.noteChange(k, k.edition(m, k.until), m.wake(k.until), 4699)
	}
	if strings.Contains(k.task, `\SoftwareProtectionPlatform\`) || strings.Contains(k.task, `\UpdateOrchestrator\`) {
		// These write themselves anew again and again.
		d := m.dice("rewritten", k.id)
		for at := max(from, m.w.from) + d.wait(20*hour); at < to; at += d.wait(20 * hour) {
			m.noteChange(k, k.edition(m, at), at, 4702)
		}
	}
}

func (m *machine) noteChange(k *kind, e *edition, at Time, id int) {
	r := &run{m: m, k: k, e: e, at: at, d: m.dice("change", k.id, strconv.Itoa(id), fmt.Sprint(at))}
	subject := systemAccount
	if strings.Contains(k.author, "{user}") {
		subject = m.person()
	} else if strings.Contains(k.author, "svc-tasks") {
		subject = m.account(asAdmin, nil)
	}
	command := r.fill(e.root.command)
	if command == "" {
		command = `"` + r.fill(e.root.image) + `"`
	}
	m.changes = append(m.changes, taskChange{at, id, r.fill(k.task), r.fill(k.author), command, e.class, k.when, subject, m.account(e.root.account, nil)})
}

// logChange writes the change as both logs tell it.
func (m *machine) logChange(d dice, c taskChange) {
	s := m.session(c.at)
	if s == nil || s.schedule == nil || s.schedule.Start > c.at {
		return
	}
	account := c.subject.Domain + `\` + c.subject.Name
	id, name, field := 106, "TaskRegisteredEvent", "UserContext"
	switch c.id {
	case 4699:
		id, name, field = 141, "TaskDeleted", "UserName"
	case 4702:
		id, name, field = 140, "TaskUpdated", "UserName"
	}
	m.task(s.schedule, c.at, id, name, 0, "", "TaskName", c.task, field, account)
	content, what := "TaskContent", taskXML(c)
	switch c.id {
	case 4702:
		content = "TaskContentNew"
	case 4699:
		what = ""
	}
	e := &sample.Entry{ID: c.id, Version: 1, Channel: securityChannel, Provider: securityProvider, GUID: securityProviderGUID, Writer: s.services["lsass"].PID, Data: pairs([]string{
		"SubjectUserSid", c.subject.SID, "SubjectUserName", c.subject.Name, "SubjectDomainName", c.subject.Domain, "SubjectLogonId", fmt.Sprintf("0x%x", c.subject.LogonID),
		"TaskName", c.task, content, what, "ClientProcessStartKey", strconv.FormatUint(uint64(s.number)<<48|uint64(d.IntN(4000)), 10), "ClientProcessId", decimal(uint32(400 + 4*d.IntN(4000))),
		"ParentProcessId", decimal(uint32(400 + 4*d.IntN(4000))), "RpcCallClientLocality", "0", "FQDN", m.Name})}
	m.entry(s.services["lsass"], c.at+d.between(millisecond, 20*millisecond), e)
}

// taskXML is the task as its file holds it, as far as audits of it are read.
func taskXML(c taskChange) string {
	program, arguments := cutCommand(c.command)
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-16"?><Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><RegistrationInfo>`)
	b.WriteString(`<Date>` + c.at.UTC().Format("2006-01-02T15:04:05") + `</Date><Author>` + escape(c.author) + `</Author><URI>` + escape(c.task) + `</URI></RegistrationInfo>`)
	b.WriteString(`<Triggers>` + triggerXML(c) + `</Triggers><Principals><Principal id="Author"><UserId>` + c.identity.SID + `</UserId><RunLevel>LeastPrivilege</RunLevel></Principal></Principals>`)
	b.WriteString(`<Settings><MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy><Hidden>false</Hidden><Enabled>true</Enabled></Settings><Actions Context="Author">`)
	if c.class != "" {
		b.WriteString(`<ComHandler><ClassId>` + escape(c.class) + `</ClassId></ComHandler>`)
	} else {
		b.WriteString(`<Exec><Command>` + escape(program) + `</Command>`)
		if arguments != "" {
			b.WriteString(`<Arguments>` + escape(arguments) + `</Arguments>`)
		}
		b.WriteString(`</Exec>`)
	}
	b.WriteString(`</Actions></Task>`)
	return b.String()
}

func triggerXML(c taskChange) string {
	start := `<StartBoundary>` + c.at.UTC().Format("2006-01-02T15:04:05") + `</StartBoundary>`
	delay := ""
	if c.trigger.delay >= minute {
		delay = fmt.Sprintf("<RandomDelay>PT%dM</RandomDelay>", c.trigger.delay/minute)
	}
	switch c.trigger.on {
	case every:
		return fmt.Sprintf(`<TimeTrigger><Repetition><Interval>PT%dM</Interval></Repetition>%s%s</TimeTrigger>`, c.trigger.every/minute, start, delay)
	case daily:
		return `<CalendarTrigger>` + start + delay + `<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay></CalendarTrigger>`
	case weekly:
		return `<CalendarTrigger>` + start + delay + `<ScheduleByWeek><WeeksInterval>1</WeeksInterval></ScheduleByWeek></CalendarTrigger>`
	case atLogon:
		return `<LogonTrigger/>`
	case atBoot:
		return `<BootTrigger/>`
	case random:
		return `<EventTrigger/>`
	}
	return `<TimeTrigger>` + start + `</TimeTrigger>`
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

func escape(text string) string { return escaper.Replace(text) }

func decimal(n uint32) string { return strconv.FormatUint(uint64(n), 10) }
