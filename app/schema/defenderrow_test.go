package schema

import (
	"encoding/json"
	"maps"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// row is a made-up row as bare JSON, with some of its columns changed.
func row(m map[string]any, pairs ...any) fields {
	m = maps.Clone(m)
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i].(string)] = pairs[i+1]
	}
	return text(jsonText(m))
}

func TestDefenderActions(t *testing.T) {
	for action, direction := range map[string]string{
		"ConnectionSuccess": "outbound", "ConnectionFailed": "outbound", "ConnectionRequest": "outbound", "ConnectionAttempt": "outbound",
		"ConnectionFound": "outbound", "ConnectionAcknowledged": "inbound", "InboundConnectionAcknowledged": "inbound",
		"InboundConnectionAccepted": "inbound", "InboundConnectionAttempt": "inbound", "InboundInternetScanInspected": "inbound",
		"DnsConnectionInspected": "unknown", "HttpConnectionInspected": "unknown", "SslConnectionInspected": "unknown",
		"NtlmAuthenticationInspected": "unknown", "NetworkSignatureInspected": "unknown",
		"ConnectionSuccessAggregatedReport": "outbound", "ConnectionFailedAggregatedReport": "outbound",
	} {
		t.Run(action, func(t *testing.T) {
			checkEvent(t, row(defenderConnection(action)), event.NetworkConnection, defenderConnectionFacts.with("action", action, "direction", direction))
		})
	}
}

func TestDefenderListenerHasNoRemoteSide(t *testing.T) {
	f := row(defenderConnection("ListeningConnectionCreated"), "RemoteIP", nil, "RemotePort", nil, "RemoteUrl", nil)
	checkEvent(t, f, event.NetworkConnection, defenderConnectionFacts.with("action", "ListeningConnectionCreated", "direction", "listen",
		"remote", "", "remote port", "", "host", "", "url", ""))
}

func TestDefenderInboundRowWithoutLocalSideKeepsItsPeer(t *testing.T) {
	f := row(defenderConnection("InboundConnectionAccepted"), "LocalIP", nil, "LocalPort", nil)
	checkEvent(t, f, event.NetworkConnection, defenderConnectionFacts.with("action", "InboundConnectionAccepted", "direction", "inbound",
		"local", "", "local port", ""))
}

func TestDefenderRowsWithoutAProcessAreMalformed(t *testing.T) {
	for _, id := range []any{0, "0", "", nil, "null"} {
		checkEvent(t, row(defenderConnection("ConnectionFound"), "InitiatingProcessId", id), event.Malformed, facts{})
		checkEvent(t, row(defenderProcess(), "ProcessId", id), event.Malformed, facts{})
		checkEvent(t, row(dnsAnswer(), "AdditionalFields", jsonText(merged(dnsAnswerFields(), map[string]any{"ClientProcessId": id}))), event.Malformed, facts{})
	}
	checkEvent(t, row(defenderProcess(), "DeviceId", nil, "DeviceName", ""), event.Other, facts{})
}

func TestDefenderDeviceNameStandsInForTheID(t *testing.T) {
	checkEvent(t, row(defenderProcess(), "DeviceId", nil), event.ProcessStart, defenderProcessFacts.with("device", "ws7.corp.example"))
	checkEvent(t, row(defenderProcess(), "DeviceName", nil), event.ProcessStart, defenderProcessFacts.with("device name", "AB12cd"))
}

func TestDefenderUniqueIDsAreTaken(t *testing.T) {
	f := row(defenderProcess(), "ProcessUniqueId", "7318349394551", "InitiatingProcessUniqueId", "73183493944770")
	checkEvent(t, f, event.ProcessStart, defenderProcessFacts.with("id", "7318349394551", "unique", "yes", "parent id", "73183493944770", "parent unique", "yes"))
	checkEvent(t, row(defenderProcess(), "ProcessUniqueId", "0", "InitiatingProcessUniqueId", nil), event.ProcessStart, defenderProcessFacts)
}

func TestDefenderFolderIsCompleted(t *testing.T) {
	for folder, want := range map[string]string{
		`C:\Windows\System32`: `C:\Windows\System32\svchost.exe`, `C:\Windows\System32\`: `C:\Windows\System32\svchost.exe`,
		`c:\windows\system32\SVCHOST.EXE`: `c:\windows\system32\SVCHOST.EXE`, `/usr/sbin`: `/usr/sbin/svchost.exe`, `C:\`: `C:\svchost.exe`,
	} {
		f := row(defenderProcess(), "InitiatingProcessFolderPath", folder)
		checkEvent(t, f, event.ProcessStart, defenderProcessFacts.with("parent path", want))
	}
}

func TestDefenderRemoteURL(t *testing.T) {
	for url, host := range map[string]string{
		"cdn.example.net": "cdn.example.net", "https://cdn.example.net": "cdn.example.net", "cdn.example.net:8443/x": "cdn.example.net",
		"https://me@cdn.example.net:8443/x?y#z": "cdn.example.net", "https://[2001:db8::1]:443/": "2001:db8::1", "2001:db8::1": "2001:db8::1", "/only/a/path": "",
	} {
		f := row(defenderConnection("ConnectionSuccess"), "RemoteUrl", url)
		checkEvent(t, f, event.NetworkConnection, defenderConnectionFacts.with("url", url, "host", host))
	}
}

func TestDefenderProtocols(t *testing.T) {
	for protocol, want := range map[string]string{"Tcp": "tcp", "TcpV4": "tcp", "Udp": "udp", "UdpV6": "udp", "Icmp": "icmp", "null": ""} {
		f := row(defenderConnection("ConnectionSuccess"), "Protocol", protocol)
		checkEvent(t, f, event.NetworkConnection, defenderConnectionFacts.with("transport", want))
	}
}

// TestDefenderAggregatedReportCountsForMany: the number stands in AdditionalFields,
// which is JSON in a text, an object, or nothing of use.
func TestDefenderAggregatedReportCountsForMany(t *testing.T) {
	want := defenderConnectionFacts.with("action", "ConnectionSuccessAggregatedReport")
	many := map[string]any{"uniqueEventsAggregated": 17, "other": []int{1}}
	for name, c := range map[string]struct {
		extra  any
		weight string
	}{
		"text": {jsonText(many), "17"}, "object": {many, "17"}, "number as text": {`{"uniqueEventsAggregated":"17"}`, "17"},
		"none": {nil, ""}, "empty list": {"[]", ""}, "empty object": {"{}", ""}, "empty text": {"", ""}, "broken": {`{"uniqueEventsAggregated":17`, ""},
		"negative": {`{"uniqueEventsAggregated":-3}`, ""}, "zero": {`{"uniqueEventsAggregated":0}`, ""}, "a fraction": {`{"uniqueEventsAggregated":1.5}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := row(defenderConnection("ConnectionSuccessAggregatedReport"), "AdditionalFields", c.extra)
			checkEvent(t, f, event.NetworkConnection, want.with("weight", c.weight))
			checkEvent(t, columns(f[Raw]), event.NetworkConnection, want.with("weight", c.weight))
		})
	}
}

func TestDefenderLookupForms(t *testing.T) {
	extra := dnsAnswerFields()
	checkEvent(t, row(dnsAnswer(), "AdditionalFields", extra), event.NameLookup, dnsAnswerFacts)
	checkEvent(t, columns(row(dnsAnswer(), "AdditionalFields", extra)[Raw]), event.NameLookup, dnsAnswerFacts.with("answers", ""))
	extra["ClientProcessId"] = 4321
	checkEvent(t, row(dnsAnswer(), "AdditionalFields", jsonText(extra)), event.NameLookup, dnsAnswerFacts)
	for _, other := range []any{nil, "none", []int{1}, []string{"no JSON", `{"Result":""}`}} {
		extra["DnsQueryResult"] = other
		checkEvent(t, row(dnsAnswer(), "AdditionalFields", jsonText(extra)), event.NameLookup, dnsAnswerFacts.with("answers", ""))
	}
	for _, useless := range []any{"", "[]", "{}", "{", nil, 7} {
		checkEvent(t, row(dnsAnswer(), "AdditionalFields", useless), event.Malformed, facts{})
	}
}

func TestDefenderLeanRowsAreToldByTheirColumns(t *testing.T) {
	checkEvent(t, columns(row(defenderProcess(), "ActionType", "")[Raw]), event.ProcessStart, defenderProcessFacts)
	checkEvent(t, columns(row(defenderConnection(""))[Raw]), event.NetworkConnection, defenderConnectionFacts.with("action", "", "direction", "unknown"))
}

// TestDefenderPortalExport reads the headers and times of the portal's CSV.
func TestDefenderPortalExport(t *testing.T) {
	rows := record.NewRows()
	csv := "Timestamp [UTC],DeviceId,DeviceName,ActionType,FileName,ProcessId,ProcessCreationTime [Local Time],InitiatingProcessId\n" +
		`"3/4/2026, 5:06:07.500 AM",AB12cd,ws7.corp.example,ProcessCreated,updater.exe,4321,"03/04/2026, 1:06:07.498 PM",1200` + "\n"
	if err := rows.Reset([]byte(csv)); err != nil {
		t.Fatal(err)
	}
	rec := record.New(Names())
	if !rows.Next(rec) {
		t.Fatal(rows.Err())
	}
	kind, found := newReading(t).readRecord(rec)
	checkKind(t, kind, event.ProcessStart)
	checkFacts(t, found, facts{
		"device": "ab12cd", "device name": "ws7.corp.example", "time": "2026-03-04T05:06:07.5Z", "pid": "4321",
		"created": "2026-03-04T13:06:07.498Z", "name": "updater.exe", "parent pid": "1200",
	})
}

func TestDefenderTimesWithTrimmedZeros(t *testing.T) {
	for spelled, want := range map[string]string{
		"2026-03-04T05:06:07Z": "2026-03-04T05:06:07Z", "2026-03-04T05:06:07.59Z": "2026-03-04T05:06:07.59Z",
		"2026-03-04T05:06:07.5900000Z": "2026-03-04T05:06:07.59Z", "2026-03-04 05:06:07.590000000+00:00": "2026-03-04T05:06:07.59Z",
	} {
		checkEvent(t, row(defenderProcess(), "ProcessCreationTime", spelled), event.ProcessStart, defenderProcessFacts.with("created", want))
	}
}

// TestDefenderAddonNamesAreNoGUIDs: the add-on (Splunkbase 5518) puts account ids into
// the process GUIDs, and the process of a connection into the parent's id.
func TestDefenderAddonNamesAreNoGUIDs(t *testing.T) {
	common := fields{"sourcetype": "mscs:azure:eventhub:defender:advancedhunting", "_time": epochTime, "dest": "ws7.corp.example", "host": collector,
		"process_guid": "{0C5E4A7B-1111-4222-8333-944455556666}", "parent_process_guid": "{0C5E4A7B-1111-4222-8333-944455556667}", "state": "listening",
		"parent_process_id": "1200", "parent_process": scheduler, "parent_process_path": `C:\Windows\System32\svchost.exe`, "parent_process_name": "svchost.exe"}
	header := facts{"device": "ws7.corp.example", "device name": "ws7.corp.example", "time": "2026-03-04T05:06:07.123Z"}
	process := common.with("process_id", "4321", "process", updaterRun, "process_path", updater, "process_name", "updater.exe")
	checkEvent(t, process, event.ProcessStart, header.with("pid", "4321", "name", "updater.exe", "path", updater, "command", updaterRun,
		"parent pid", "1200", "parent name", "svchost.exe", "parent path", `C:\Windows\System32\svchost.exe`, "parent command", scheduler))
	connection := common.with("dest_ip", "203.0.113.7", "dest_port", "443", "src_ip", "10.1.2.3", "transport", "tcp", "action", "allowed", "direction", "outbound")
	want := header.with("pid", "1200", "name", "svchost.exe", "path", `C:\Windows\System32\svchost.exe`, "command", scheduler, "remote", "203.0.113.7",
		"remote port", "443", "local", "10.1.2.3", "transport", "tcp", "action", "allowed", "direction", "outbound")
	checkEvent(t, connection, event.NetworkConnection, want)
	checkEvent(t, connection.with("direction", ""), event.NetworkConnection, want.with("direction", "unknown"))
}

// TestDefenderOwnNamesWinOverTheAddons: the add-on damages IPv6 addresses.
func TestDefenderOwnNamesWinOverTheAddons(t *testing.T) {
	f := columns(envelope(merged(defenderConnection("ConnectionSuccess"), map[string]any{"RemoteIP": "fe80::1"}))).
		with("dest_ip", "e80::1", "dest_port", "443", "parent_process_id", "1200", "process_guid", "{0C5E4A7B-1111-4222-8333-944455556666}")
	checkEvent(t, f, event.NetworkConnection, defenderConnectionFacts.with("remote", "fe80::1"))
}

func TestNumeral(t *testing.T) {
	for spelled, want := range map[string]string{`7`: "7", `"7"`: "7", `15288`: "15288", `null`: "", `[7]`: "", `1e3`: "1000"} {
		var v any
		if err := json.Unmarshal([]byte(spelled), &v); err != nil {
			t.Fatal(err)
		}
		if got := string(numeral(v)); got != want {
			t.Errorf("%s is read as %q, want %q", spelled, got, want)
		}
	}
}
