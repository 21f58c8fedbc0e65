package sample

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// evidence is what the files of events say about one process, read by a reader
// that knows nothing of the generator.
type evidence struct {
	start  flat
	remote map[string]int // remote end, as remoteOf writes it, to number of events
}

// id names the process of an event by device and GUID, or PID and start.
func id(format string, e flat, prefix string) string {
	switch format {
	case FormatDefender:
		return e["DeviceName"] + "/" + e[prefix+"ProcessId"] + "/" + e[prefix+"ProcessCreationTime"]
	case FormatFalcon:
		return e["aid"] + "/" + e[prefix+"ProcessId"]
	}
	return e["Computer"] + "/" + strings.ToLower(e["ProcessGuid"])
}

func collect(t *testing.T, format, dir string, sum Summary) map[string]*evidence {
	t.Helper()
	all, seen := map[string]*evidence{}, map[string]bool{}
	of := func(id string) *evidence {
		if all[id] == nil {
			all[id] = &evidence{remote: map[string]int{}}
		}
		return all[id]
	}
	lines(t, dir, sum.Files, func(line string) {
		if seen[line] {
			return // a second delivery
		}
		seen[line] = true
		e := parse(t, format, line)
		switch name := e["EventID"] + e["category"] + e["event_simpleName"]; name {
		case "ProcessRollup2":
			of(id(format, e, "Target")).start = e
		case "DnsRequest":
			of(id(format, e, "Context")).remote["||"+e["DomainName"]+"|dns"]++
		case "NetworkConnectIP4", "NetworkConnectIP6", "NetworkReceiveAcceptIP4":
			ip := netip.MustParseAddr(e["RemoteAddressIP4"] + e["RemoteAddressIP6"])
			of(id(format, e, "Context")).remote[fmt.Sprintf("%s|%s||%s", ip, e["RemotePort"], name)]++
		case "1", "DeviceProcessEvents":
			of(id(format, e, "")).start = e
		case "3":
			ip := netip.MustParseAddr(e["DestinationIp"])
			of(id(format, e, "")).remote[fmt.Sprintf("%s|%s|%s|", ip, e["DestinationPort"], strings.Trim(e["DestinationHostname"], "-"))]++
		case "22":
			of(id(format, e, "")).remote["||"+e["QueryName"]+"|dns"]++
		case "DeviceNetworkEvents":
			of(id(format, e, "Initiating")).remote[fmt.Sprintf("%s|%s|%s|%s", e["RemoteIP"], e["RemotePort"], strings.TrimPrefix(e["RemoteUrl"], "https://"), e["ActionType"])]++
		}
	})
	return all
}

// Every row of the key is in the events, with the number of events that it
// says, and the planted processes do nothing that is not in the key.
func TestKeyAndEventsAgree(t *testing.T) {
	for _, format := range AllFormats() {
		dir, sum := written(t, small(format))
		found := collect(t, format, dir, sum)
		ids := nodeIDs(t, format, dir)
		left := map[string]map[string]int{}
		for node, id := range ids {
			e := found[id]
			if e == nil || e.start == nil {
				t.Fatalf("%s: planted process %s has no event", format, node)
			}
			left[node] = e.remote
		}
		for _, row := range table(t, dir, KeyFile) {
			if row["tie"] == tiePID {
				continue // TestKeyOfLostProcesses
			}
			node := nodeOf(row, "process_start")
			remote := strings.Join([]string{row["remote_ip"], row["remote_port"], row["remote_host"], row["action"]}, "|")
			if got := left[node][remote]; fmt.Sprint(got) != row["count"] {
				t.Errorf("%s: %s to %s: %d events, key says %s", format, node, remote, got, row["count"])
			}
			delete(left[node], remote)
		}
		for node, remotes := range left {
			if len(remotes) > 0 {
				t.Errorf("%s: %s: not in the key: %v", format, node, remotes)
			}
		}
	}
}

func nodeOf(row flat, start string) string {
	return row["device"] + "/" + row["process_id"] + "/" + row[start]
}

// nodeIDs gives each planted process' id in the events.
func nodeIDs(t *testing.T, format, dir string) map[string]string {
	t.Helper()
	ids, sensors := map[string]string{}, map[string]string{}
	if format == FormatFalcon {
		sensors = aids(t)
	}
	for _, row := range table(t, dir, NodesKeyFile) {
		id := row["device"] + "/" + strings.ToLower(row["process_guid"])
		switch format {
		case FormatDefender:
			id = row["device"] + "/" + row["process_id"] + "/" + fromEpoch(t, row["start"])
		case FormatFalcon:
			id = sensors[row["device"]] + "/" + row["process_guid"]
		}
		ids[nodeOf(row, "start")] = id
	}
	return ids
}

// aids gives the sensor's id of each device of the small fleet by what the key calls it:
// its name where events do, else that id.
func aids(t *testing.T) map[string]string {
	t.Helper()
	ids := map[string]string{}
	for _, h := range histories(t, small(FormatFalcon)) {
		ids[h.Device.keyName(FormatFalcon)] = h.Device.aid()
	}
	return ids
}

// fromEpoch turns the key's time into Defender's way of writing it.
func fromEpoch(t *testing.T, epoch string) string {
	t.Helper()
	sec, frac, _ := strings.Cut(epoch, ".")
	at := time.Unix(int64(atoi(t, sec)), int64(atoi(t, frac))*100)
	return at.UTC().Format("2006-01-02T15:04:05.9999999Z")
}

// A row tied by PID alone stands for events without GUID and path that were
// recorded after the process' start.
func TestKeyOfLostProcesses(t *testing.T) {
	cfg := small(FormatSysmon)
	cfg.Devices, cfg.Plants = 10, 60
	dir, sum := written(t, cfg)
	lost := map[string]int{}
	lines(t, dir, sum.Files, func(line string) {
		e := parse(t, FormatSysmon, line)
		if e["ProcessGuid"] == zeroGUID {
			if e["Image"] != "<unknown process>" {
				t.Errorf("zero GUID with image %s", e["Image"])
			}
			lost[e["Computer"]+"/"+e["ProcessId"]+"/"+e["DestinationPort"]+e["QueryName"]]++
		}
	})
	rows := 0
	for _, row := range table(t, dir, KeyFile) {
		if row["tie"] != tiePID {
			continue
		}
		rows++
		host := row["remote_host"]
		if row["action"] != "dns" {
			host = row["remote_port"]
		}
		if lost[row["device"]+"/"+row["process_id"]+"/"+host] == 0 {
			t.Errorf("no such event: %v", row)
		}
	}
	if rows == 0 {
		t.Error("no row tied by PID: nothing was tested")
	}
}

// The tree that the events' own parent fields give is the one of the key.
func TestNodesKeyFollowsParentFields(t *testing.T) {
	dir, sum := written(t, small(FormatSysmonXML))
	found := collect(t, FormatSysmonXML, dir, sum)
	for _, row := range table(t, dir, NodesKeyFile) {
		path, depth := "", 0
		at := found[row["device"]+"/"+strings.ToLower(row["process_guid"])]
		for at != nil && at.start != nil {
			depth++
			name := at.start["Image"][strings.LastIndexByte(at.start["Image"], '\\')+1:]
			path = strings.TrimSuffix(name+" > "+path, " > ")
			if strings.HasSuffix(at.start["ParentCommandLine"], `\svchost.exe -k netsvcs -p -s Schedule`) {
				break
			}
			at = found[row["device"]+"/"+strings.ToLower(at.start["ParentProcessGuid"])]
		}
		if path != row["path"] || fmt.Sprint(depth) != row["depth"] || at == nil {
			t.Errorf("events give depth %d, path %s; key says %s, %s", depth, path, row["depth"], row["path"])
		}
	}
}
