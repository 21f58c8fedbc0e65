package falcon

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/plugin"
)

var _ plugin.Mapper = Mapper{}

func mapping(t testing.TB) plugin.Mapping {
	t.Helper()
	m, err := Mapper{}.Mapping(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// apply reads an event by a mapping in the plainest way: conditions and rules in their
// order, the first field with a value taken as it is. refuses names values that a
// transform would not take. What a transform makes of a value shows as its name before
// the value.
func apply(m plugin.Mapping, event map[string]string, refuses map[string]string) (table string, facts map[string]string) {
	first := func(fields []string, via string) (string, bool) {
		for _, f := range fields {
			if v := event[f]; v != "" && refuses[via] != v {
				return v, true
			}
		}
		return "", false
	}
	holds := func(c plugin.Condition) bool {
		v, there := first(c.Fields, "")
		switch c.Test {
		case plugin.TestPresent:
			return there
		case plugin.TestIs:
			return slices.Contains(c.Values, strings.ToLower(v))
		}
		panic("test " + c.Test)
	}
	all := func(conditions []plugin.Condition) bool {
		return !slices.ContainsFunc(conditions, func(c plugin.Condition) bool { return !holds(c) })
	}
	if !slices.ContainsFunc(m.Gate, all) {
		return "", nil
	}
	for _, t := range m.Tables {
		if !all(t.When) {
			continue
		}
		facts = map[string]string{}
		for _, r := range t.Rules {
			if v, there := first(slices.Concat(r.From, r.Else), r.Via); there {
				if r.Via == "more_answers" {
					v = facts[r.To] + "+" + v
				} else if r.Via != "" {
					v = r.Via + " " + v
				}
				facts[r.To] = v
			}
		}
		return t.Name, facts
	}
	return "", nil
}

// The events below are made up; their fields are those that raw FDR events have.
const (
	head  = `"aid":"0123456789abcdef0123456789abcdef","cid":"c","aip":"192.0.2.1","event_platform":"Win","id":"11111111-2222-3333-4444-555555555555","timestamp":"1770000009999"`
	start = `{"event_simpleName":"ProcessRollup2",` + head + `,"TargetProcessId":"111222333","ParentProcessId":"999","RawProcessId":"4711","ProcessStartTime":"1770000001.25",` +
		`"ProcessEndTime":"","ImageFileName":"\\Device\\HarddiskVolume3\\Windows\\System32\\cmd.exe","CommandLine":"cmd.exe /c x","ParentBaseFileName":"svchost.exe",` +
		`"GrandParentBaseFileName":"services.exe","SHA1HashData":"0000000000000000000000000000000000000000","SHA256HashData":"ABCD","MD5HashData":"EF","UserSid":"S-1-5-18","SourceProcessId":"888"}`
)

func TestFacts(t *testing.T) {
	const device = "0123456789abcdef0123456789abcdef"
	common := map[string]string{"device": device, "record": "11111111-2222-3333-4444-555555555555"}
	for _, c := range []struct {
		name, event, table string
		facts              map[string]string
	}{
		{"start", start, "process start", map[string]string{
			"time": "1770000001.25", "process_uid": "111222333", "process_id": "4711", "process_created": "1770000001.25",
			"process_path": `\Device\HarddiskVolume3\Windows\System32\cmd.exe`, "process_command": "cmd.exe /c x", "hash": "ABCD", "user": "S-1-5-18",
			"parent_uid": "999", "parent_name": "svchost.exe",
		}},
		{"start of a process that ran before the sensor", `{"event_simpleName":"SyntheticProcessRollup2",` + head + `,"ComputerName":"WS1","UserName":"anna","UserSid":"S-1-5-21",` +
			`"TargetProcessId":"5","ParentProcessId":"0","RawProcessId":"8","ContextTimeStamp":"1770000002.5","ProcessStartTime":"1769000000","ImageFileName":"x.exe","CommandLine":"x"}`, "process start",
			map[string]string{
				"device_name": "WS1", "time": "1770000002.5", "process_uid": "5", "process_id": "8", "process_created": "1769000000", "process_path": "x.exe",
				"process_command": "x", "user": "anna", "parent_uid": "0",
			}},
		{"end", `{"event_simpleName":"EndOfProcess",` + head + `,"TargetProcessId":"5","ContextProcessId":"6","RawProcessId":"8","ContextTimeStamp":"1770000003.5","ProcessStartTime":"1770000001","ParentProcessId":"1"}`,
			"process end", map[string]string{"time": "1770000003.5", "process_uid": "5", "process_id": "8", "process_created": "1770000001"}},
		{"connection", `{"event_simpleName":"NetworkConnectIP4",` + head + `,"ContextProcessId":"5","ContextTimeStamp":"1770000004.5","ContextBaseFileName":"x.exe","LocalAddressIP4":"192.0.2.9","LocalPort":"50000",` +
			`"RemoteAddressIP4":"203.0.113.7","RemotePort":"443","Protocol":"6","ConnectionDirection":"0","ConnectionFlags":"0","InContext":"0"}`, "connection", map[string]string{
			"time": "1770000004.5", "process_uid": "5", "process_name": "x.exe", "action": "NetworkConnectIP4", "direction": "direction_number 0", "transport": "protocol_number 6",
			"remote_ip": "203.0.113.7", "remote_port": "443", "local_ip": "192.0.2.9", "local_port": "50000",
		}},
		{"listening socket", `{"event_simpleName":"NetworkListenIP6",` + head + `,"ContextProcessId":"5","ContextTimeStamp":"1770000004.5","LocalAddressIP6":"::","LocalPort":"445","RemoteAddressIP6":"::","RemotePort":"0","Protocol":"6","ConnectionDirection":"2"}`,
			"connection", map[string]string{
				"time": "1770000004.5", "process_uid": "5", "action": "NetworkListenIP6", "direction": "event_direction NetworkListenIP6", "transport": "protocol_number 6",
				"remote_ip": "::", "remote_port": "0", "local_ip": "::", "local_port": "445",
			}},
		{"IPv4 in an IPv6 event, older names", `{"event_simpleName":"NetworkReceiveAcceptIP6",` + head + `,"ContextProcessId_decimal":"5","RemoteAddressIP4":"203.0.113.7","RPort":"1","LPort":"2","Protocol_decimal":"17","ConnectionDirection_decimal":"1"}`,
			"connection", map[string]string{
				"time": "epoch_ms 1770000009999", "process_uid": "5", "action": "NetworkReceiveAcceptIP6", "direction": "direction_number 1", "transport": "protocol_number 17",
				"remote_ip": "203.0.113.7", "remote_port": "1", "local_port": "2",
			}},
		{"lookup", `{"#event_simpleName":"DnsRequest",` + head + `,"_time":"1770000010","ContextProcessId":"5","ContextTimeStamp":"1770000004.5","DomainName":"evil.example","RequestType":"1","DualRequest":"1",` +
			`"IP4Records":"203.0.113.7;203.0.113.8;","FirstIP4Record":"203.0.113.7","IP6Records":"2001:db8::1;","RespondingDnsServer":"192.0.2.53","CNAMERecords":"x","QueryStatus":"0"}`, "name lookup", map[string]string{
			"time": "1770000004.5", "process_uid": "5", "query": "evil.example", "answers": "203.0.113.7;203.0.113.8;+2001:db8::1;",
		}},
	} {
		var event map[string]string
		if err := json.Unmarshal([]byte(c.event), &event); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		table, facts := apply(mapping(t), event, map[string]string{"direction_number": "2"})
		want := maps.Clone(common)
		maps.Copy(want, c.facts)
		if table != c.table || !maps.Equal(facts, want) {
			t.Errorf("%s: table %q\n got %v\nwant %v", c.name, table, facts, want)
		}
	}
}

// Events of other kinds, and of other sensors, are left to others.
func TestOtherEventsAreLeft(t *testing.T) {
	for _, event := range []map[string]string{
		{"event_simpleName": "AgentOnline", "aid": "a"}, {"event_simpleName": "ProcessRollup2Stats", "aid": "a"}, {"event_simpleName": "RawBindIP4", "aid": "a"},
		{"event_simpleName": "ProcessRollup2"}, {"aid": "a", "TargetProcessId": "1"}, {"EventID": "1", "Channel": "Microsoft-Windows-Sysmon/Operational"}, {},
	} {
		if table, facts := apply(mapping(t), event, nil); table != "" {
			t.Errorf("%v is taken for %s: %v", event, table, facts)
		}
	}
}

// canonical are the fields that a rule may fill, each with the transforms it knows
// besides the one of its own name.
var canonical = map[string][]string{
	"device": nil, "device_name": nil, "time": {"epoch_ms"}, "record": nil, "user": nil, "hash": nil,
	"process_uid": nil, "process_id": nil, "process_created": nil, "process_name": nil, "process_path": nil, "process_command": nil,
	"parent_uid": nil, "parent_name": nil, "parent_command": nil,
	"remote_ip": nil, "remote_port": nil, "local_ip": nil, "local_port": nil, "action": nil,
	"direction": {"event_direction", "direction_number"}, "transport": {"protocol_number"}, "query": nil, "answers": {"more_answers"},
}

func TestMappingIsWellFormed(t *testing.T) {
	m := mapping(t)
	again, err := Mapper{}.Mapping(context.Background())
	if err != nil || !reflect.DeepEqual(m, again) {
		t.Errorf("a second call gives another mapping, error %v", err)
	}
	names := map[string]bool{}
	for _, table := range m.Tables {
		if names[table.Name] || table.ByPlugin || len(table.When) == 0 {
			t.Errorf("table %+v", table)
		}
		names[table.Name] = true
		for _, c := range table.When {
			for _, v := range c.Values {
				if v != strings.ToLower(v) {
					t.Errorf("table %s compares with %q, which is not in lower case", table.Name, v)
				}
			}
		}
		for _, r := range table.Rules {
			others, known := canonical[r.To]
			if !known || r.Via != "" && !slices.Contains(others, r.Via) || len(r.From)+len(r.Else) == 0 {
				t.Errorf("table %s has the rule %+v", table.Name, r)
			}
		}
	}
}

// A caller may change the mapping it got, as a host does that adds to it.
func TestMappingsShareNothing(t *testing.T) {
	m := mapping(t)
	before := fmt.Sprint(m)
	for _, table := range m.Tables {
		for _, c := range slices.Concat(slices.Concat(m.Gate...), table.When) {
			c.Fields[0] = "changed"
		}
		for _, r := range table.Rules {
			for i := range r.From {
				r.From[i] = "changed"
			}
		}
	}
	if after := fmt.Sprint(mapping(t)); after != before {
		t.Errorf("the next mapping is changed, too: %s", after)
	}
}
