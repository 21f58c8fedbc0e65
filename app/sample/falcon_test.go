package sample

import (
	"net/netip"
	"strconv"
	"strings"
	"testing"
)

// Falcon tells the same processes and connections as Sysmon does, with ids and names of
// its own and times to the millisecond.
func TestFalconSaysTheSame(t *testing.T) {
	for _, h := range histories(t, small(FormatSysmon)) {
		for i := range h.Events {
			e := &h.Events[i]
			f := parse(t, FormatFalcon, string(AppendEvent(nil, FormatFalcon, e)))
			s := parse(t, FormatSysmon, string(AppendEvent(nil, FormatSysmon, e)))
			id := f["ContextProcessId"]
			switch e.Kind {
			case ProcessStart:
				id = f["TargetProcessId"]
				sameFalconStart(t, f, s)
			case Connect:
				sameFalconConnection(t, f, s)
			case Lookup:
				if f["DomainName"] != s["QueryName"] || len(e.Remote.Addresses) > 0 && f["IP4Records"]+f["IP6Records"] == "" {
					t.Errorf("%v\n%v", f, s)
				}
			}
			if id != e.Process.falconID() || f["aid"] != h.Device.ID[:32] || f["ComputerName"] != "" && !strings.HasPrefix(s["Computer"], f["ComputerName"]+".") {
				t.Errorf("%v\n%v", f, s)
			}
		}
	}
}

func sameFalconStart(t *testing.T, f, s flat) {
	t.Helper()
	if f["CommandLine"] != s["CommandLine"] && s["CommandLine"] != "-" || f["RawProcessId"] != s["ProcessId"] ||
		!strings.Contains(s["Hashes"], strings.ToUpper(f["SHA256HashData"])) {
		t.Errorf("%v\n%v", f, s)
	}
	if s["ParentImage"] != "-" && !strings.HasSuffix(s["ParentImage"], f["ParentBaseFileName"]) || (s["ParentImage"] == "-") != (f["ParentProcessId"] == "0") {
		t.Errorf("parent: %v\n%v", f, s)
	}
	if _, path, _ := strings.Cut(f["ImageFileName"][1:], `\HarddiskVolume`); "C:"+path[1:] != s["Image"] {
		t.Errorf("image %s, Sysmon says %s", f["ImageFileName"], s["Image"])
	}
}

func sameFalconConnection(t *testing.T, f, s flat) {
	t.Helper()
	side, direction := "Destination", "0"
	if s["Initiated"] == "false" {
		side, direction = "Source", "1"
	}
	ip := netip.MustParseAddr(f["RemoteAddressIP4"] + f["RemoteAddressIP6"])
	if ip != parseAddr(t, s[side+"Ip"]) || f["RemotePort"] != s[side+"Port"] || f["ConnectionDirection"] != direction {
		t.Errorf("%v\n%v", f, s)
	}
	if (f["RemoteAddressIP6"] != "") != strings.HasSuffix(f["event_simpleName"], "6") || (f["Protocol"] == "17") != (s["Protocol"] == "udp") {
		t.Errorf("%v\n%v", f, s)
	}
}

// An id means one process on its device, and its events are in the order of others. A
// sensor tells of every process that ran when it began, so that the scheduler of each
// planted task is known.
func TestFalconKnowsItsProcesses(t *testing.T) {
	plain := histories(t, small(FormatSysmon))
	for n, h := range histories(t, small(FormatFalcon)) {
		told, processes := map[string]*Process{}, map[string]*Process{}
		running := 0
		for i, e := range h.Events {
			if i > 0 && e.Recorded > h.Events[i-1].Recorded {
				t.Fatalf("%s: event %d is newer than the one before", h.Device.Name, i)
			}
			if e.Kind == Running || e.Kind == ProcessStart {
				told[e.Process.falconID()] = e.Process
			}
			running += count(e.Kind == Running)
		}
		if running == 0 || len(h.Events) != len(plain[n].Events)+running {
			t.Errorf("%s: %d events, %d of them of running processes; %d in Sysmon's format", h.Device.Name, len(h.Events), running, len(plain[n].Events))
		}
		for _, p := range h.Processes {
			if other := processes[p.falconID()]; other != nil {
				t.Errorf("%s: processes %d and %d have one id", h.Device.Name, p.Serial, other.Serial)
			}
			processes[p.falconID()] = p
			if p.Plant != "" && p.Depth == 1 && told[p.falconParent()] != p.Parent {
				t.Errorf("%s: no event tells of the scheduler of %s", h.Device.Name, p.Plant)
			}
		}
	}
}

// Some devices are known by their sensor's id only, the others by a name that some
// events have: the key calls each as the events allow.
func TestFalconNamesDevices(t *testing.T) {
	named, nameless := 0, 0
	for _, h := range histories(t, small(FormatFalcon)) {
		with, without := 0, 0
		for i := range h.Events {
			f := parse(t, FormatFalcon, string(AppendEvent(nil, FormatFalcon, &h.Events[i])))
			with += count(f["ComputerName"] != "")
			without += count(f["ComputerName"] == "")
			if name := f["ComputerName"]; name != "" && name != h.Device.keyName(FormatFalcon) {
				t.Errorf("events say %s, the key %s", name, h.Device.keyName(FormatFalcon))
			}
		}
		if with == 0 && h.Device.keyName(FormatFalcon) != h.Device.aid() || with > 0 && without == 0 {
			t.Errorf("%s: %d events with a name, %d without, the key says %s", h.Device.Name, with, without, h.Device.keyName(FormatFalcon))
		}
		named += count(with > 0)
		nameless += count(with == 0)
	}
	if named == 0 || nameless == 0 {
		t.Errorf("%d devices with a name, %d without", named, nameless)
	}
}

// The key's times are those that a reader of the events finds.
func TestFalconKeyTimes(t *testing.T) {
	dir, sum := written(t, small(FormatFalcon))
	first := map[string]string{}
	lines(t, dir, sum.Files, func(line string) {
		e := parse(t, FormatFalcon, line)
		at := e["ContextTimeStamp"]
		id := e["aid"] + "/" + e["ContextProcessId"] + "/" + e["DomainName"] + e["RemoteAddressIP4"] + e["RemotePort"]
		if known := first[id]; known == "" || at < known {
			first[id] = at
		}
		if received, err := strconv.ParseInt(e["timestamp"], 10, 64); err != nil || received < 1_700_000_000_000 {
			t.Errorf("timestamp %s", e["timestamp"])
		}
	})
	checked, sensors := 0, aids(t)
	for _, row := range table(t, dir, KeyFile) {
		if strings.Contains(row["remote_ip"], ":") {
			continue // written long in the events
		}
		id := sensors[row["device"]] + "/" + row["process_guid"] + "/" + row["remote_host"] + row["remote_ip"] + row["remote_port"]
		if want := first[id] + "0000"; row["first_seen"] != want {
			t.Errorf("%s first seen %s, events say %s", id, row["first_seen"], want)
		}
		checked++
	}
	if checked == 0 {
		t.Error("nothing was checked")
	}
}
