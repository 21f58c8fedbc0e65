package schema

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// addonOwn are the raw names that the Splunk Add-on for Sysmon extracts beside the
// event's data.
func addonOwn(e sysmonEvent) fields {
	f := fields{
		"Channel": sysmonLog, "Computer": computer, "EventCode": e.id, "EventID": e.id, "signature_id": e.id, "EventRecordID": recordID,
		"RecordID": recordID, "RecordNumber": recordID, "ProcessID": serviceID, "SystemTime": systemTime, "TimeCreated": systemTime,
		"Guid": "{5770385f-c22a-43e0-bf4c-06f5698ffbd9}", "UserID": "S-1-5-18",
	}
	for _, d := range e.data {
		f[d[0]] = d[1]
	}
	return f
}

// splunkOwn are the fields that every event in Splunk has.
var splunkOwn = fields{
	"_time": epochTime, "host": collector, "source": "XmlWinEventLog:Microsoft-Windows-Sysmon/Operational", "sourcetype": "XmlWinEventLog",
}

// addonCIM are the names of the Common Information Model, as the add-on fills them:
// `dest` is the endpoint in event 1, and the peer in event 3.
func addonCIM(e sysmonEvent) fields {
	f := fields{"EventCode": e.id, "process_guid": processGUID, "process_id": "4321", "process_path": updater, "process_name": "updater.exe",
		"process_exec": "updater.exe", "user": `CORP\maja`, "vendor_product": "Microsoft Sysmon", "signature_id": e.id}
	switch e.id {
	case "1":
		return f.with("dest", computer, "process", updaterRun, "process_hash", e.value("Hashes"), "parent_process_guid", parentGUID,
			"parent_process_id", "1200", "parent_process_path", `C:\Windows\System32\svchost.exe`, "parent_process", scheduler,
			"parent_process_name", "svchost.exe", "action", "allowed")
	case "3":
		return f.with("dvc", computer, "dest", "cdn.example.net", "dest_ip", "203.0.113.7", "dest_port", "443", "dest_host", "cdn.example.net",
			"src", "10.1.2.3", "src_ip", "10.1.2.3", "src_port", "50123", "src_host", "ws7.corp.example", "transport", "tcp",
			"direction", "outbound", "state", "established", "app", updater)
	case "22":
		return f.with("src", computer, "query", "cdn.example.net", "reply_code_id", "0")
	}
	return f.with("dvc", computer)
}

func (f fields) and(others ...fields) fields {
	for _, o := range others {
		for name, v := range o {
			f = f.with(name, v)
		}
	}
	return f
}

func TestFieldsAndTextGiveTheSameFacts(t *testing.T) {
	for _, e := range sysmonEvents {
		withoutTime := fields{"host": collector}
		for name, f := range map[string]fields{
			"text":                            inXML(e).and(splunkOwn),
			"text without Splunk's own":       inXML(e),
			"add-on's fields":                 addonCIM(e).and(addonOwn(e), splunkOwn),
			"raw names":                       addonOwn(e).and(splunkOwn),
			"raw names without source":        addonOwn(e).and(withoutTime),
			"raw names without channel":       addonOwn(e).with("Channel", "").and(splunkOwn),
			"raw names without channel, lean": addonOwn(e).with("Channel", "").and(withoutTime),
			"fields and text":                 addonCIM(e).and(addonOwn(e), splunkOwn, inXML(e)),
		} {
			t.Run(e.task+"/"+name, func(t *testing.T) { checkEvent(t, f, e.kind, e.facts) })
		}
	}
}

// TestCIMNamesWithTheEventCode: the model has no name for a few facts.
func TestCIMNamesWithTheEventCode(t *testing.T) {
	for _, e := range sysmonEvents {
		want := e.facts
		for _, name := range e.noFacts {
			want = want.with(name, "")
		}
		for name, f := range map[string]fields{
			"with Splunk's own": addonCIM(e).and(splunkOwn),
			"lean":              addonCIM(e).with("_time", epochTime),
		} {
			t.Run(e.task+"/"+name, func(t *testing.T) { checkEvent(t, f, e.kind, want) })
		}
	}
}

// TestCIMThroughTstats reads the names that tstats prints, with the words of the data
// models for what is not there.
func TestCIMThroughTstats(t *testing.T) {
	process := fields{"_time": epochTime}
	for name, v := range addonCIM(processCreate).with("EventCode", "", "signature_id", "", "action", "") {
		process["Processes."+name] = v
	}
	want := processCreate.facts.with("created", "", "record", "")
	checkEvent(t, process, event.ProcessStart, want)
	unknown := process.with("Processes.parent_process_guid", "unknown", "Processes.user", "unknown", "Processes.process_hash", "unknown")
	checkEvent(t, unknown, event.ProcessStart, want.with("parent id", "", "user", "", "hash", ""))
	checkEvent(t, process.with("Processes.dest", "unknown"), event.Malformed, facts{})
	for _, model := range []string{"Ports.", "All_Traffic."} {
		connection := fields{"_time": epochTime}
		for name, v := range addonCIM(networkConnect).with("EventCode", "", "signature_id", "") {
			connection[model+name] = v
		}
		checkEvent(t, connection, event.NetworkConnection, networkConnect.facts.with("stamp", "", "record", ""))
	}
}

func TestListeningPortOfTheDataModel(t *testing.T) {
	f := fields{"_time": epochTime, "Ports.dvc": computer, "Ports.process_id": "4321", "Ports.dest_port": "445", "Ports.state": "listening"}
	_, found := newReading(t).read(f)
	if found["direction"] != "listen" {
		t.Errorf("direction is %q, want listen", found["direction"])
	}
}

// TestTextCompletesFieldsThatWereExtractedInPart: Splunk cuts extraction off at a
// number of characters or of fields, so any set of columns may be there.
func TestTextCompletesFieldsThatWereExtractedInPart(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	reading := newReading(t)
	for _, e := range sysmonEvents {
		all := addonOwn(e).and(splunkOwn, inXML(e))
		optional := []string{Raw, "SourceHostname", "DestinationHostname", "User"}
		var columns []string
		for name := range all {
			if !slices.Contains(optional, name) {
				columns = append(columns, name)
			}
		}
		slices.Sort(columns)
		for range 300 {
			f, n := all, r.IntN(len(columns))
			for _, i := range r.Perm(len(columns))[:n] {
				f = f.with(columns[i], "")
			}
			kind, found := reading.read(f)
			checkKind(t, kind, e.kind)
			checkFacts(t, found, e.facts.needed(e.kind))
			if t.Failed() {
				t.Fatalf("the columns were %v", f.with(Raw, ""))
			}
		}
	}
}

// TestColumnsStandWhenTheTextIsNoHelp: a text that cannot be read takes nothing away.
func TestColumnsStandWhenTheTextIsNoHelp(t *testing.T) {
	partial := addonOwn(processCreate).with("User", "").and(splunkOwn)
	want := processCreate.facts.with("user", "")
	for _, raw := range []string{"{", `{"EventID":1`, "<Event", "no event", " "} {
		checkEvent(t, partial.with(Raw, raw), event.ProcessStart, want)
	}
	checkEvent(t, addonOwn(processCreate).with("User", "-", Raw, inXML(processCreate)[Raw]), event.ProcessStart, want)
}

func TestTimeZoneOfTheMachineDoesNotMatter(t *testing.T) {
	for _, zone := range zones {
		withLocal(t, zone, func() {
			for _, s := range shapes {
				for _, e := range sysmonEvents {
					checkEvent(t, s.write(e), e.kind, s.want(e))
				}
			}
			for _, c := range defenderCases() {
				checkEvent(t, c.fields, c.kind, c.facts)
			}
		})
	}
}

func TestAValueThatSaysNothingGivesWayToTheNextName(t *testing.T) {
	f := addonCIM(processTerminate).and(splunkOwn, addonOwn(processTerminate)).with("ProcessGuid", zeroGUID, "ProcessId", "0", "Image", "<unknown process>")
	checkEvent(t, f, event.ProcessEnd, processTerminate.facts)
	checkEvent(t, f.with("EventRecordID", "0", "Computer", "-"), event.ProcessEnd, processTerminate.facts)
}

func TestURLNamesTheDestinationOnlyWhereNothingElseDoes(t *testing.T) {
	f := fields{"All_Traffic.dvc": computer, "All_Traffic.process_id": "4321", "All_Traffic.dest_port": "443",
		"All_Traffic.url": "https://cdn.example.net/a", "All_Traffic.dest_host": "edge.example.net"}
	want := facts{"device": "ws7.corp.example", "device name": computer, "pid": "4321", "remote port": "443", "direction": "unknown",
		"url": "https://cdn.example.net/a", "host": "edge.example.net"}
	checkEvent(t, f, event.NetworkConnection, want)
	checkEvent(t, f.with("All_Traffic.dest_host", ""), event.NetworkConnection, want.with("host", "cdn.example.net"))
}
