package schema

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// foreign are events of other logs that bear Sysmon's ids or look like its events.
var foreign = map[string]fields{
	"System 1 as XML":          text(xmlText(sysmonEvent{id: "1", data: [][2]string{{"NewTime", "2026-03-04T05:06:07Z"}, {"ProcessName", updater}, {"ProcessID", "4"}}}, "System")),
	"Kernel-General 5 as XML":  text(xmlText(sysmonEvent{id: "5", data: [][2]string{{"ProcessId", "4"}}}, "Microsoft-Windows-Kernel-General/Operational")),
	"PowerShell 4104 as XML":   text(xmlText(sysmonEvent{id: "4104", data: [][2]string{{"ScriptBlockText", "{$true}"}}}, "Microsoft-Windows-PowerShell/Operational")),
	"TaskScheduler 101 as XML": text(xmlText(sysmonEvent{id: "101", data: [][2]string{{"TaskName", `\A`}, {"UserContext", "maja"}, {"ResultCode", "7"}}}, taskLog)),
	"Sysmon 11 as XML":         text(xmlText(sysmonEvent{id: "11", data: processTerminate.data}, sysmonLog)),
	"Security 4688 in CIM": {"EventCode": "4688", "process_id": "0x7d8", "process": updaterRun, "process_path": updater, "parent_process_id": "0x4b0",
		"parent_process_path": `C:\Windows\explorer.exe`, "dest": computer, "_time": epochTime, "source": "XmlWinEventLog:Security"},
	"Security 5156 in CIM": {"EventCode": "5156", "process_id": "77", "dest_ip": "203.0.113.7", "dest_port": "443", "direction": "outbound", "dvc": computer},
	"other channel, all of Sysmon's names": func() fields {
		m := flatJSON(processCreate)
		m["Channel"] = "Vendor-Own/Operational"
		return columns(jsonText(m))
	}(),
	"winlogbeat, Security":  text(strings.ReplaceAll(inBeat7(processCreate)[Raw], sysmonLog, "Security")),
	"winlogbeat 6, System":  text(strings.ReplaceAll(inBeat6(processCreate)[Raw], sysmonLog, "System")),
	"Sentinel, Security":    text(strings.ReplaceAll(inSentinel(processCreate)[Raw], sysmonLog, "Security")),
	"converter, Security":   text(strings.ReplaceAll(inConverter(processCreate)[Raw], sysmonLog, "Security")),
	"classic text, System":  text(strings.ReplaceAll(inClassic(processCreate)[Raw], sysmonLog, "System")),
	"classic, extracted":    {"LogName": "System", "EventCode": "1", "ComputerName": computer, "Message": "The system time has changed."},
	"Defender, OpenProcess": columns(jsonText(openProcess())),
	"Defender, logon":       columns(jsonText(defenderLogon())),
	"a line of syslog":      text("<134>Mar  4 05:06:07 fw kernel: IN=eth0 OUT= SRC=10.0.0.1"),
	"an empty row":          {},
}

func securityCreate() map[string]any {
	return map[string]any{
		"EventID": 4688, "Channel": "security", "Hostname": computer, "@timestamp": "2026-03-04T05:06:07.123Z", "NewProcessId": "0x7d8",
		"ProcessId": "0x4b0", "NewProcessName": updater, "CommandLine": updaterRun, "ParentProcessName": `C:\Windows\explorer.exe`,
		"SourceModuleType": "im_msvistalog", "Message": "A new process has been created.\r\n\tCreator Process ID:\t0x4b0",
	}
}

func TestEventsOfOtherLogsAreOther(t *testing.T) {
	for name, f := range foreign {
		t.Run(name, func(t *testing.T) { checkEvent(t, f, event.Other, facts{}) })
	}
}

func TestANameOfAFileTellsNothingAgainstTheChannel(t *testing.T) {
	for name, f := range foreign {
		if f["Channel"] == "" && f["LogName"] == "" && f[Raw] == "" || strings.HasPrefix(name, "a line") {
			continue // nothing in the event says otherwise
		}
		t.Run(name, func(t *testing.T) {
			checkEvent(t, f.with("source", "/x/sysmon.log", "sourcetype", "sysmon", "host", collector, "_time", epochTime), event.Other, facts{})
		})
	}
}

func TestSplunksSourceTellsWhereNoChannelDoes(t *testing.T) {
	f := columns(inFlat(processCreate)[Raw]).with("Channel", "", "ProcessGuid", "", "Image", "", "UtcTime", "")
	checkEvent(t, f, event.Other, facts{})
	want := processCreate.facts.with("id", "", "name", "", "path", "", "created", "")
	checkEvent(t, f.with("source", "XmlWinEventLog:Microsoft-Windows-Sysmon/Operational"), event.ProcessStart, want)
	checkEvent(t, f.with("sourcetype", "sysmon:linux"), event.ProcessStart, want)
}

// TestMixedStreams: what was read before must not matter.
func TestMixedStreams(t *testing.T) {
	one := newReading(t)
	names := slices.Sorted(maps.Keys(foreign))
	for round := range 2 {
		for i, s := range shapes {
			kind, found := one.read(foreign[names[(i+round)%len(names)]])
			checkKind(t, kind, event.Other)
			checkFacts(t, found, facts{})
			for j := range sysmonEvents {
				e := sysmonEvents[(i+j+round)%len(sysmonEvents)]
				kind, found = one.read(s.write(e))
				checkKind(t, kind, e.kind)
				checkFacts(t, found, s.want(e).needed(e.kind))
			}
			for _, d := range defenderCases() {
				kind, found = one.read(d.fields)
				checkKind(t, kind, d.kind)
				checkFacts(t, found, d.facts)
			}
		}
	}
}

func TestOrderOfFieldsDoesNotMatter(t *testing.T) {
	for _, e := range sysmonEvents {
		turned := e
		turned.data = slices.Clone(e.data)
		slices.Reverse(turned.data)
		for _, write := range []func(sysmonEvent) fields{inXML, inConverterWithList} {
			checkEvent(t, write(turned), e.kind, e.facts)
		}
	}
}

func TestTextThatIsNoEvent(t *testing.T) {
	for _, raw := range []string{" ", "\ufeff", "{", "{}", "[]", "<", "<Event", "<a/>", "null", "{\"EventID\":1}", "\xff\xfe<\x00"} {
		r := newReading(t)
		if kind, found := r.read(text(raw)); inUse(kind) || len(found) > 0 {
			t.Errorf("%q is read as %q with %v", raw, kindNames[kind], found)
		}
	}
}
