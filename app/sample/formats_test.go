package sample

import (
	"maps"
	"strings"
	"testing"
	"time"
)

func TestXMLAndJSONSayTheSame(t *testing.T) {
	for _, h := range histories(t, small(FormatSysmon)) {
		for i := range h.Events {
			asJSON := parse(t, FormatSysmon, string(AppendEvent(nil, FormatSysmon, &h.Events[i])))
			asXML := parse(t, FormatSysmonXML, string(AppendEvent(nil, FormatSysmonXML, &h.Events[i])))
			if !maps.Equal(asJSON, asXML) {
				t.Fatalf("JSON says %v\nXML says %v", asJSON, asXML)
			}
		}
	}
}

// Defender tells the same processes, parents and connections as Sysmon does,
// with its own names, and with times to 100 ns.
func TestDefenderSaysTheSame(t *testing.T) {
	for _, h := range histories(t, small(FormatSysmon)) {
		for i := range h.Events {
			e := &h.Events[i]
			line := AppendEvent(nil, FormatDefender, e)
			if e.Kind == ProcessEnd {
				if len(line) > 0 {
					t.Errorf("Defender has no event for a process' end: %s", line)
				}
				continue
			}
			d := parse(t, FormatDefender, string(line))
			s := parse(t, FormatSysmon, string(AppendEvent(nil, FormatSysmon, e)))
			if !strings.EqualFold(d["DeviceName"], s["Computer"]) || d["ReportId"] != s["RecordNumber"] {
				t.Fatalf("%v\n%v", d, s)
			}
			switch e.Kind {
			case ProcessStart:
				sameStart(t, d, s)
			case Connect:
				sameConnection(t, d, s)
			case Lookup:
				if !strings.Contains(d["AdditionalFields"], `"DnsQueryString":"`+s["QueryName"]+`"`) ||
					!strings.Contains(d["AdditionalFields"], `"ClientProcessId":"`+s["ProcessId"]+`"`) || !strings.Contains(d["InitiatingProcessCommandLine"], "Dnscache") {
					t.Errorf("%v\n%v", d, s)
				}
			}
		}
	}
}

func sameStart(t *testing.T, d, s flat) {
	t.Helper()
	created, err := time.Parse(time.RFC3339Nano, d["ProcessCreationTime"])
	if err != nil || created.UTC().Format("2006-01-02 15:04:05.000") != s["UtcTime"] {
		t.Errorf("created %s, UtcTime %s (%v)", d["ProcessCreationTime"], s["UtcTime"], err)
	}
	if d["FolderPath"] != s["Image"] || d["ProcessId"] != s["ProcessId"] || d["InitiatingProcessId"] != s["ParentProcessId"] {
		t.Errorf("%v\n%v", d, s)
	}
	// Defender leaves the folder of service hosts out.
	if !strings.HasSuffix(s["CommandLine"], d["ProcessCommandLine"]) ||
		s["ParentCommandLine"] != "-" && !strings.HasSuffix(s["ParentCommandLine"], d["InitiatingProcessCommandLine"]) {
		t.Errorf("command lines differ: %v\n%v", d, s)
	}
	if strings.HasSuffix(s["ParentCommandLine"], "-s Schedule") && d["InitiatingProcessCommandLine"] != "svchost.exe -k netsvcs -p -s Schedule" {
		t.Errorf("scheduler is %q", d["InitiatingProcessCommandLine"])
	}
}

func sameConnection(t *testing.T, d, s flat) {
	t.Helper()
	side := "Destination"
	if s["Initiated"] == "false" {
		side = "Source"
	}
	if parseAddr(t, d["RemoteIP"]) != parseAddr(t, s[side+"Ip"]) || d["RemotePort"] != s[side+"Port"] || d["InitiatingProcessId"] != s["ProcessId"] {
		t.Errorf("%v\n%v", d, s)
	}
	if strings.HasPrefix(d["ActionType"], "Inbound") != (side == "Source") || !strings.EqualFold(d["Protocol"], s["Protocol"]) {
		t.Errorf("%v\n%v", d, s)
	}
}

// Defender leaves out zeros at the end of a second's digits.
func TestDefenderTime(t *testing.T) {
	base := timeOf(time.Date(2026, 11, 20, 7, 8, 9, 0, time.UTC))
	for ticks, want := range map[Time]string{
		0: "2026-11-20T07:08:09Z", 5_900_000: "2026-11-20T07:08:09.59Z", 1: "2026-11-20T07:08:09.0000001Z", 8_288_520: "2026-11-20T07:08:09.828852Z",
	} {
		if got := defenderTime(base + ticks); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
