package trial_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// fields are the named values of one event.
type fields map[string]any

// with returns a copy that has more fields; nil takes one away.
func (f fields) with(more fields) fields {
	out := maps.Clone(f)
	for name, value := range more {
		if out[name] = value; value == nil {
			delete(out, name)
		}
	}
	return out
}

func (f fields) text() []byte {
	text, err := json.Marshal(f)
	if err != nil {
		panic(err) // texts and numbers only
	}
	return text
}

// The command line of the Task Scheduler's host, by which roots are known.
const scheduler = `C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule`

const zeroGUID = "{00000000-0000-0000-0000-000000000000}"

// guid returns the Sysmon GUID of a process of these tests.
func guid(n int) string { return fmt.Sprintf("{5e5e5e5e-0000-0000-0000-%012x}", n) }

// box is a made-up device whose log the events are written to, one a second.
type box struct {
	name   string
	second int
}

func (b *box) sysmon(id int, more fields) fields {
	b.second++
	clock := fmt.Sprintf("%02d:%02d:%02d", b.second/3600, b.second/60%60, b.second%60)
	return fields{
		"EventID": id, "Channel": "Microsoft-Windows-Sysmon/Operational", "Computer": b.name, "RecordNumber": fmt.Sprint(1000 + b.second),
		"TimeCreated": "2024-05-01T" + clock + ".1234567Z", "UtcTime": "2024-05-01 " + clock + ".100",
	}.with(more)
}

// start is a process start; parent 0 is the Task Scheduler.
func (b *box) start(n, parent int, image string) fields {
	f := b.sysmon(1, fields{
		"ProcessGuid": guid(n), "ProcessId": fmt.Sprint(1000 + 4*n), "Image": `C:\Tools\` + image, "CommandLine": image + " -x",
		"User": `CORP\jo`, "Hashes": "SHA256=00", "ParentProcessGuid": guid(parent), "ParentProcessId": fmt.Sprint(1000 + 4*parent),
		"ParentImage": `C:\Tools\p.exe`, "ParentCommandLine": "p.exe",
	})
	if parent == 0 {
		return f.with(fields{"ParentImage": `C:\Windows\System32\svchost.exe`, "ParentCommandLine": scheduler})
	}
	return f
}

func (b *box) connect(n int, image, to string, port int) fields {
	return b.sysmon(3, fields{
		"ProcessGuid": guid(n), "ProcessId": fmt.Sprint(1000 + 4*n), "Image": `C:\Tools\` + image, "Protocol": "tcp", "Initiated": "true",
		"SourceIp": "10.0.0.5", "SourcePort": fmt.Sprint(49152 + b.second), "DestinationIp": to, "DestinationPort": fmt.Sprint(port),
		"DestinationHostname": "-",
	})
}

// nastyEvents are events that contradict each other, lack what others have, or come
// in two renderings. Which tree they make matters less here than that it is always
// the same one.
func nastyEvents() [][]byte {
	a, b := &box{name: "alpha.corp.example"}, &box{name: "Beta.corp.example"}
	events := []fields{
		a.start(1, 0, "root.exe"), a.start(2, 1, "child.exe"), a.start(3, 2, "leaf.exe"),
		a.connect(3, "leaf.exe", "198.51.100.7", 443), a.connect(3, "leaf.exe", "0:0:0:0:0:ffff:c633:6407", 443),
		a.connect(2, "child.exe", "10.1.2.3", 445),
	}
	events = append(events, twoRenderings(a)...)
	events = append(events, withoutIDs(a)...)
	events = append(events, loops(a)...)
	events = append(events, oddTimes(b)...)
	events = append(events, twins(b)...)
	texts := make([][]byte, len(events))
	for i, f := range events {
		texts[i] = f.text()
	}
	return texts
}

// twoRenderings are records that two NXLog collectors shipped: one with the process
// id and the message, the other without.
func twoRenderings(b *box) (events []fields) {
	nxlog := func(f fields, clock string) fields {
		return f.with(fields{"Hostname": f["Computer"], "Computer": nil, "SourceModuleType": "im_msvistalog", "host": "collector",
			"EventTime": clock, "TimeCreated": nil, "@timestamp": f["TimeCreated"]})
	}
	for _, f := range []fields{b.start(20, 0, "nx.exe"), b.start(21, 20, "nxchild.exe"), b.connect(21, "nxchild.exe", "203.0.113.20", 80)} {
		full := nxlog(f, "2024-05-01 01:00:00").with(fields{"Message": "Process Create:\nRuleName: -"})
		bare := nxlog(f, "2024-05-01 01:00:00").with(fields{"ProcessId": nil, "Category": "x"})
		events = append(events, full, bare)
	}
	return events
}

// withoutIDs are events whose process is known by its process id at best.
func withoutIDs(b *box) []fields {
	lost := fields{"ProcessGuid": zeroGUID, "Image": "<unknown process>"}
	lookup := fields{"QueryName": "c2.example", "QueryResults": "type:  5 x.example;::ffff:203.0.113.9;"}
	root := b.start(30, 0, "short.exe")
	return []fields{
		root, b.connect(30, "short.exe", "203.0.113.30", 443).with(lost),
		b.sysmon(22, lost).with(lookup).with(fields{"ProcessId": "1120"}),
		b.sysmon(5, fields{"ProcessGuid": guid(30), "ProcessId": "1120", "Image": `C:\Tools\short.exe`}),
		// Two processes of one process id a second apart: a lost connection fits both.
		b.start(31, 0, "one.exe"), b.start(32, 0, "two.exe").with(fields{"ProcessId": fmt.Sprint(1000 + 4*31)}),
		b.connect(31, "", "203.0.113.31", 443).with(lost),
		// No GUID anywhere: process ids and times are all there is.
		b.start(33, 0, "noguid.exe").with(fields{"ProcessGuid": nil, "ParentProcessGuid": nil}),
		b.start(34, 33, "noguidchild.exe").with(fields{"ProcessGuid": nil, "ParentProcessGuid": nil}),
		b.connect(34, "noguidchild.exe", "203.0.113.34", 443).with(fields{"ProcessGuid": nil}),
		// A child whose parent has no event, and one that tells nothing of its parent.
		b.start(35, 999, "orphan.exe"), b.connect(35, "orphan.exe", "203.0.113.35", 443),
		b.start(36, 1, "foundling.exe").with(fields{"ParentProcessGuid": zeroGUID, "ParentImage": "-", "ParentCommandLine": "-"}),
	}
}

// loops are processes whose parents contradict each other.
func loops(b *box) []fields {
	return []fields{
		b.start(40, 41, "a.exe"), b.start(41, 40, "b.exe"), b.start(42, 41, "belowloop.exe"),
		b.start(43, 43, "self.exe"), b.start(44, 44, "selfroot.exe").with(fields{"ParentCommandLine": scheduler, "ParentImage": `C:\Windows\System32\svchost.exe`}),
		b.start(45, 46, "x.exe").with(fields{"ParentCommandLine": scheduler, "ParentImage": `C:\Windows\System32\svchost.exe`}),
		b.start(46, 47, "y.exe"), b.start(47, 45, "z.exe"), b.connect(47, "z.exe", "203.0.113.47", 443),
	}
}

// oddTimes are events without a record number, without a time, and with clocks that
// disagree by hours.
func oddTimes(b *box) []fields {
	noRecord, noTime := fields{"RecordNumber": nil}, fields{"TimeCreated": nil, "UtcTime": nil}
	root := b.start(50, 0, "root.exe")
	return []fields{
		root.with(noRecord), b.start(51, 50, "child.exe").with(noRecord).with(noTime),
		b.connect(51, "child.exe", "203.0.113.51", 443).with(noRecord).with(noTime),
		b.connect(51, "child.exe", "203.0.113.51", 443).with(fields{"UtcTime": "2024-04-30 03:00:00.000"}),
		b.start(52, 0, "twice.exe").with(noRecord), b.start(53, 0, "late.exe").with(fields{"TimeCreated": "2031-01-01T00:00:00Z"}),
		// The same task at the same instant as on the other device: only names tell them apart.
		b.start(54, 0, "root.exe").with(fields{"TimeCreated": "2024-05-01T00:00:01.1234567Z", "UtcTime": "2024-05-01 00:00:01.100"}),
		b.sysmon(11, fields{"TargetFilename": "x"}), b.sysmon(4688, fields{"Channel": "Security", "NewProcessId": "0x10"}),
	}
}

// twins are two processes of one GUID, as some Sysmon builds for Linux make them, and
// GUIDs in other spellings.
func twins(b *box) []fields {
	twin := b.start(61, 60, "twin.exe").with(fields{"ProcessId": "7777", "RecordNumber": "99001"})
	return []fields{
		b.start(60, 0, "fork.exe"), b.start(61, 60, "twin.exe"), twin,
		b.connect(61, "twin.exe", "203.0.113.61", 443), b.connect(61, "twin.exe", "203.0.113.61", 443).with(fields{"ProcessId": "7777"}),
		b.connect(61, "twin.exe", "203.0.113.62", 443).with(fields{"ProcessId": nil}),
		b.start(62, 60, "plain.exe").with(fields{"ProcessGuid": guid(62)[1:37], "ParentProcessGuid": "{5E5E5E5E-0000-0000-0000-00000000003C}"}),
		b.connect(62, "plain.exe", "203.0.113.63", 443),
	}
}

// smallFleet is the events of a generated fleet in one format, newest first.
func smallFleet(t testing.TB, format string) (events [][]byte) {
	t.Helper()
	cfg := sample.Config{Devices: 6, Days: 2, Scale: 0.3, Seed: 11, Format: format}
	if testing.Short() {
		cfg.Devices, cfg.Days = 2, 1
	}
	err := sample.Fleet(cfg, func(h *sample.History) error {
		for i := range h.Events {
			if line := sample.AppendEvent(nil, format, &h.Events[i]); len(line) > 0 {
				events = append(events, bytes.TrimSuffix(line, []byte("\n")))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return events
}

// shuffled returns the events in another order, the same for the same seed.
func shuffled(events [][]byte, seed uint64) [][]byte {
	out := append([][]byte(nil), events...)
	rand.New(rand.NewPCG(seed, 1)).Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}
