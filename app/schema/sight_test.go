package schema

import (
	"strings"
	"testing"
)

// What people take for event logs is named, and what they can export instead.
func TestSights(t *testing.T) {
	for text, want := range map[string][2]string{
		`{"@timestamp":"x","event":{"dataset":"windows.powershell","code":"4104"}}`:                                                      {"Elastic ECS events of windows.powershell (event id 4104)", "windows.sysmon_operational"},
		`<Event><System><EventID>4625</EventID><Channel>Security</Channel></System></Event>`:                                             {"Windows events of Security (event id 4625)", "Sysmon/Operational"},
		`<Event><System><EventID>4688</EventID><Channel>Security</Channel></System></Event>`:                                             {"Security 4688 (process creation)", "parent's command line"},
		`<Event><System><Provider Name="Linux-Sysmon"/><EventID>1</EventID><Channel>Linux-Sysmon/Operational</Channel></System></Event>`: {"events of Sysmon for Linux", "Windows devices"},
		`{"group":"Sigma","kind":"individual","document":{"kind":"evtx"},"name":"x","authors":["y"]}`:                                    {"detections of Chainsaw, not events", ".evtx"},
		`{"Timestamp":"x","RuleTitle":"Proc Exec","Level":"info","Computer":"c","Channel":"Sysmon","EventID":1}`:                         {"detections of Hayabusa, not events", ".evtx"},
		`{"class_uid":1007,"category_uid":1,"activity_id":1}`:                                                                            {"events in OCSF", "as the sensor wrote them"},
		`<134>Nov 20 09:00:01 h CEF:0|Microsoft|Sysmon|x|1|Process Create|3|dvchost=h`:                                                   {"events in CEF", "before they became CEF"},
		"LEEF:1.0|Microsoft|Windows|x|1|devTime=x":                                                                                       {"events in LEEF", "before they became LEEF"},
		"h MSWinEventLog\t1\tSystem\t5\tFri Nov 20":                                                                                      {"events in Snare's format", "wevtutil"},
		`{"event_simpleName":"ProcessRollup2","aid":"x"}`:                                                                                {"events of CrowdStrike Falcon", "--mapper falcon"},
		`{"DeviceId":"d","ActionType":"LogonSuccess"}`:                                                                                   {"Defender rows of ActionType LogonSuccess", "DeviceProcessEvents"},
		`{"records":[{"EventID":1}]}`:                                                                                                    {"answers with a list of events under records", "LINE_BREAKER"},
		`{"title":"x","rule_level":"high","count":1,"matches":[{"EventID":1}]}`:                                                          {"detections of Zircolite, not events", ".evtx"},
		`{"error":{"code":"BadRequest","message":"too many rows"}}`:                                                                      {"answers with an error and no events", "export again"},
		`{"took":1,"hits":{"total":0,"hits":[ ]}}`:                                                                                       {"answers whose list of events, hits, is empty", "longer time"},
		`{"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational","Image":"x"}`:                                                     {"events of Sysmon that do not name their device", "Computer"},
		`{"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational","Computer":"x"}`:                                                  {"events of Sysmon (event id 1) whose own data, such as ProcessGuid, is not where a known collector has it", "under its own names"},
		`{"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational","Computer":"x","Pro`:                                              {"Windows events of Microsoft-Windows-Sysmon/Operational (event id 1)", "Sysmon/Operational"},
		`{"EventID":7,"Channel":"Microsoft-Windows-Sysmon/Operational","Computer":"x"}`:                                                  {"Windows events of Microsoft-Windows-Sysmon/Operational (event id 7)", "Sysmon"},
		`{"timestamp_desc":"Creation Time","parser":"winevtx","message":"x"}`:                                                            {"Plaso's timeline without the events' XML", "json_line"},
		`{"log_name":"x","process_path":"y","event_original_time":"z"}`:                                                                  {"events of HELK, whose fields have names of their own", "before HELK"},
		`{"Id":1,"TimeCreated":"x","Message":"y"}`:                                                                                       {"events with the id 1 that name neither their log nor their device", "MachineName"},
		`{"alpha":1,"beta":{"gamma":2}}`:                                                                                                 {"JSON objects with alpha, beta", ""},
		`{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7}`:                                                                                    {"JSON objects with a, b, c, d, e, f and 1 more", ""},
		"what is this\nand this": {`text that begins with "what is this"`, ""},
		``:                       {`text that begins with ""`, ""},
	} {
		got := SightOf([]byte(text))
		if got.What != want[0] || !strings.Contains(got.Export, want[1]) || want[1] == "" && got.Export != "" {
			t.Errorf("%s is %+v", text, got)
		}
	}
}

func TestSightsOfRows(t *testing.T) {
	value := func(values ...string) (out [][]byte) {
		for _, v := range values {
			out = append(out, []byte(v))
		}
		return out
	}
	for _, c := range []struct {
		columns string
		values  [][]byte
		want    string
	}{
		{"Timestamp,RuleTitle,Level,Computer,Channel,EventID", value("x"), "detections of Hayabusa, not events"},
		{"timestamp,detections,path,count,Event ID", value("x"), "detections of Chainsaw, not events"},
		{"Time,Entry Location,Entry,Launch String", value("x"), "what Autoruns found, not events"},
		{"Channel,EventID", value("Application", "1000"), "Windows events of Application (event id 1000)"},
		{"a,b", value("1", "2"), "rows with the columns a, b"},
		{"a,b,Channel", value("1"), "rows with the columns a, b, Channel"},
	} {
		if got := SightOfRow(strings.Split(c.columns, ","), c.values); got.What != c.want {
			t.Errorf("%s is %q, want %q", c.columns, got.What, c.want)
		}
	}
}

func TestLossesAreSightsOfWhatWasGivenToBeUsed(t *testing.T) {
	for text, want := range map[string]bool{
		`{"DstIpAddr":"203.0.113.7","NetworkSessionId":"x","Type":"ASimNetworkSessionLogs"}`: true, `{"class_uid":1007,"category_uid":1}`: true,
		`{"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational","Computer":"x"}`: true, `{"EventID":7,"Channel":"Microsoft-Windows-Sysmon/Operational","Computer":"x"}`: false,
		`{"EventID":4624,"Channel":"Security","Computer":"x"}`: false, `{"a":1}`: false, "text": false,
	} {
		if got := SightOf([]byte(text)); got.IsLoss() != want {
			t.Errorf("%s: %+v", text, got)
		}
	}
}
