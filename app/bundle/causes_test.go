package bundle_test

import (
	"fmt"
	"html"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/spl"
)

// logged is an event of a log of Windows as XML, of one computer and each a second after the
// one before.
func logged(number int, provider, log, id string, data ...string) string {
	at := fmt.Sprintf("2026-05-06T07:08:%02d.500", number)
	var b strings.Builder
	fmt.Fprintf(&b, `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="%s"/><EventID>%s</EventID><TimeCreated SystemTime="%sZ"/><EventRecordID>%d</EventRecordID><Channel>%s</Channel><Computer>pc7.corp.example</Computer></System><EventData>`,
		provider, id, at, 100+number, log)
	if log == sysmonLog {
		data = append(data, "UtcTime", strings.Replace(at, "T", " ", 1))
	}
	for i := 0; i < len(data); i += 2 {
		fmt.Fprintf(&b, `<Data Name="%s">%s</Data>`, data[i], html.EscapeString(data[i+1]))
	}
	return b.String() + "</EventData></Event>\n"
}

const sysmonLog = "Microsoft-Windows-Sysmon/Operational"

// installLogs are two services and a WMI consumer that are installed and then start.
func installLogs() string {
	const scm, audit, sysmon = "Service Control Manager", "Microsoft-Windows-Security-Auditing", "Microsoft-Windows-Sysmon"
	start := func(number int, command, parent string) string {
		image, _, _ := strings.Cut(command, " ")
		return logged(number, sysmon, sysmonLog, "1", "ProcessGuid", fmt.Sprintf("{0f00ba11-0002-6720-0%03d-000000000300}", number), "ProcessId", fmt.Sprint(8000+4*number),
			"Image", image, "CommandLine", command, "User", `NT AUTHORITY\SYSTEM`, "ParentProcessGuid", "{0f00ba11-0002-6720-0999-000000000300}", "ParentProcessId", "700",
			"ParentImage", parent, "ParentCommandLine", parent)
	}
	const services, wmi = `C:\Windows\System32\services.exe`, `C:\Windows\System32\wbem\WmiPrvSE.exe`
	return logged(1, scm, "System", "7045", "ServiceName", "Print Relay", "ImagePath", `C:\relay\relay.exe --serve "a & b"`, "ServiceType", "user mode service", "StartType", "auto start", "AccountName", "LocalSystem") +
		start(2, `C:\relay\relay.exe --serve "a & b"`, services) +
		logged(3, audit, "Security", "4697", "SubjectUserSid", "S-1-5-21-1", "SubjectUserName", "ines", "SubjectDomainName", "CORP", "SubjectLogonId", "0x3e7",
			"ServiceName", "Clockwork", "ServiceFileName", `C:\clock\tick.exe -z`, "ServiceType", "0x10", "ServiceStartType", "2", "ServiceAccount", "LocalSystem") +
		start(4, `C:\clock\tick.exe -z`, services) +
		logged(5, sysmon, sysmonLog, "19", "EventType", "WmiFilterEvent", "Operation", "Created", "User", `CORP\ines`, "EventNamespace", ` "root\\cimv2"`, "Name", ` "Dusk F"`, "Query", ` "SELECT *"`) +
		logged(6, sysmon, sysmonLog, "20", "EventType", "WmiConsumerEvent", "Operation", "Created", "User", `CORP\ines`, "Name", ` "Dusk"`, "Type", "Command Line", "Destination", ` "C:\\dusk\\dusk.exe /c \"go on\""`) +
		logged(7, sysmon, sysmonLog, "21", "EventType", "WmiBindingEvent", "Operation", "Created", "User", `CORP\ines`,
			"Consumer", ` "\\\\.\\ROOT\\subscription:CommandLineEventConsumer.Name=\"Dusk\""`, "Filter", ` "\\\\.\\ROOT\\subscription:__EventFilter.Name=\"Dusk F\""`) +
		start(8, `C:\dusk\dusk.exe /c "go on"`, wmi)
}

// passedOn are the events of a file as a macro passes them on: its search terms have to ask
// for every one of them by asked, and its commands run over what an add-on extracts.
func passedOn(t *testing.T, name, file string, asked func(terms, id string) bool) (header []string, rows [][]string) {
	t.Helper()
	search, err := spl.Parse(expand(t, macros(t), macros(t)[name]))
	if err != nil {
		t.Fatal(err)
	}
	header = fieldsOf(t, name)
	extracted := append([]string{"EventID", "Channel"}, header...)
	var events []spl.Row
	for _, values := range eventsOf(t, file, extracted) {
		id, row := values[0], spl.Row{"EventCode": {values[0]}, "source": {"XmlWinEventLog:" + values[1]}}
		for i, field := range extracted {
			if values[i] != "" {
				row[field] = []string{values[i]}
			}
		}
		if !asked(search.Terms, id) {
			t.Errorf("%s does not ask for events %s", name, id)
		}
		events = append(events, row)
	}
	got, err := search.Run(&spl.World{}, events)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range got {
		values := make([]string, len(header))
		for i, field := range header {
			values[i] = strings.Join(row[field], "\n")
		}
		rows = append(rows, values)
	}
	return header, rows
}

// TestMacrosBringWhatWasInstalled: from the fields of an add-on and from the texts, a hunt
// beneath services and WMI says of each who installed it.
func TestMacrosBringWhatWasInstalled(t *testing.T) {
	app, file := installApp(t, false), filepath.Join(t.TempDir(), "events.xml")
	if err := os.WriteFile(file, []byte(installLogs()), 0o600); err != nil {
		t.Fatal(err)
	}
	byNumber := func(terms, id string) bool {
		return strings.Contains(terms, "EventCode="+id) || strings.Contains(terms, "("+id+", ") || strings.Contains(terms, ", "+id+")")
	}
	byText := func(terms, id string) bool { return strings.Contains(terms, id+`</EventID>"`) }
	want := []string{"service Clockwork 4697#103 likely", "service Print Relay 7045#101 likely", "wmi_consumer Dusk 19#105\n20#106\n21#107 likely"}
	const persistence = "Scheduled Task Hunt - other roots, persistence"
	for name, asked := range map[string]func(string, string) bool{"schtaskhunt_sysmon": byNumber, "schtaskhunt_sysmon_raw": byText} {
		header, rows := passedOn(t, name, file, asked)
		result := app.run(t, "root=service,wmi recent=all lookback=all", header, rows)
		var got []string
		for _, row := range result.Rows {
			of := func(column string) string { return row[slices.Index(result.Header, column)] }
			if of("row") == "cause" {
				got = append(got, strings.Join([]string{of("cause"), of("cause_name"), of("cause_events"), of("cause_certainty")}, " "))
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) || result.Error != "" {
			t.Errorf("%s: causes %q, want %q; %s %v", name, got, want, result.Error, result.Messages)
		}
		s, _ := saved(t, persistence)
		found := app.run(t, strings.ReplaceAll(clause(t, expand(t, macros(t), s.values["search"])), "recent=1d lookback=7d", "recent=all lookback=all"), header, rows)
		if trees := fmt.Sprint(found.Rows); !strings.Contains(trees, "service Print Relay, ") || !strings.Contains(trees, "service Clockwork, ") {
			t.Errorf("%s: the findings of [%s] do not say who installed them: %s %q", name, persistence, found.Error, found.Rows)
		}
	}
}
