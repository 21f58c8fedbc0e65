package worlds

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// SysmonChannel is the log that Sysmon writes to.
const SysmonChannel = "Microsoft-Windows-Sysmon/Operational"

// Fields are the named values of one event.
type Fields map[string]any

// With returns a copy that has more fields; nil takes one away.
func (f Fields) With(more Fields) Fields {
	out := maps.Clone(f)
	for name, value := range more {
		if out[name] = value; value == nil {
			delete(out, name)
		}
	}
	return out
}

// Text is the event as JSON.
func (f Fields) Text() []byte {
	text, err := json.Marshal(f)
	if err != nil {
		panic(err) // texts and numbers only
	}
	return text
}

// Scheduler is the command line of the Task Scheduler's host, by which roots are known.
const Scheduler = `C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule`

// ZeroGUID is what Sysmon writes of a process that it does not know.
const ZeroGUID = "{00000000-0000-0000-0000-000000000000}"

// GUID returns the Sysmon GUID of a process of these tests.
func GUID(n int) string { return fmt.Sprintf("{5e5e5e5e-0000-0000-0000-%012x}", n) }

// Box is a made-up device whose log the events are written to, one a second.
type Box struct {
	Name   string
	Second int
}

// Sysmon is an event of Sysmon by its id.
func (b *Box) Sysmon(id int, more Fields) Fields {
	b.Second++
	clock := fmt.Sprintf("%02d:%02d:%02d", b.Second/3600, b.Second/60%60, b.Second%60)
	return Fields{
		"EventID": id, "Channel": "Microsoft-Windows-Sysmon/Operational", "Computer": b.Name, "RecordNumber": fmt.Sprint(1000 + b.Second),
		"TimeCreated": "2024-05-01T" + clock + ".1234567Z", "UtcTime": "2024-05-01 " + clock + ".100",
	}.With(more)
}

// Start is a process start; parent 0 is the Task Scheduler.
func (b *Box) Start(n, parent int, image string) Fields {
	f := b.Sysmon(1, Fields{
		"ProcessGuid": GUID(n), "ProcessId": fmt.Sprint(1000 + 4*n), "Image": `C:\Tools\` + image, "CommandLine": image + " -x",
		"User": `CORP\jo`, "Hashes": "SHA256=00", "ParentProcessGuid": GUID(parent), "ParentProcessId": fmt.Sprint(1000 + 4*parent),
		"ParentImage": `C:\Tools\p.exe`, "ParentCommandLine": "p.exe",
	})
	if parent == 0 {
		return f.With(Fields{"ParentImage": `C:\Windows\System32\svchost.exe`, "ParentCommandLine": Scheduler})
	}
	return f
}

// Connect is a connection of a process that is out to a port.
func (b *Box) Connect(n int, image, to string, port int) Fields {
	return b.Sysmon(3, Fields{
		"ProcessGuid": GUID(n), "ProcessId": fmt.Sprint(1000 + 4*n), "Image": `C:\Tools\` + image, "Protocol": "tcp", "Initiated": "true",
		"SourceIp": "10.0.0.5", "SourcePort": fmt.Sprint(49152 + b.Second), "DestinationIp": to, "DestinationPort": fmt.Sprint(port),
		"DestinationHostname": "-",
	})
}

// Nasty are events that contradict each other, lack what others have, or come
// in two renderings. Which tree they make matters less here than that it is always
// the same one.
func Nasty() [][]byte {
	a, b := &Box{Name: "alpha.corp.example"}, &Box{Name: "Beta.corp.example"}
	events := slices.Concat([]Fields{
		a.Start(1, 0, "root.exe"), a.Start(2, 1, "child.exe"), a.Start(3, 2, "leaf.exe"),
		a.Connect(3, "leaf.exe", "198.51.100.7", 443), a.Connect(3, "leaf.exe", "0:0:0:0:0:ffff:c633:6407", 443),
		a.Connect(2, "child.exe", "10.1.2.3", 445),
	}, twoRenderings(a), withoutIDs(a), loops(a), oddTimes(b), twins(b))
	texts := make([][]byte, len(events))
	for i, f := range events {
		texts[i] = f.Text()
	}
	return texts
}

// twoRenderings are records that two NXLog collectors shipped: one with the process
// id and the message, the other without.
func twoRenderings(b *Box) (events []Fields) {
	nxlog := func(f Fields, clock string) Fields {
		return f.With(Fields{"Hostname": f["Computer"], "Computer": nil, "SourceModuleType": "im_msvistalog", "host": "collector",
			"EventTime": clock, "TimeCreated": nil, "@timestamp": f["TimeCreated"]})
	}
	for _, f := range []Fields{b.Start(20, 0, "nx.exe"), b.Start(21, 20, "nxchild.exe"), b.Connect(21, "nxchild.exe", "203.0.113.20", 80)} {
		full := nxlog(f, "2024-05-01 01:00:00").With(Fields{"Message": "Process Create:\nRuleName: -"})
		bare := nxlog(f, "2024-05-01 01:00:00").With(Fields{"ProcessId": nil, "Category": "x"})
		events = append(events, full, bare)
	}
	return events
}

// withoutIDs are events whose process is known by its process id at best.
func withoutIDs(b *Box) []Fields {
	lost := Fields{"ProcessGuid": ZeroGUID, "Image": "<unknown process>"}
	lookup := Fields{"QueryName": "c2.example", "QueryResults": "type:  5 x.example;::ffff:203.0.113.9;"}
	root := b.Start(30, 0, "short.exe")
	return []Fields{
		root, b.Connect(30, "short.exe", "203.0.113.30", 443).With(lost),
		b.Sysmon(22, lost).With(lookup).With(Fields{"ProcessId": "1120"}),
		b.Sysmon(5, Fields{"ProcessGuid": GUID(30), "ProcessId": "1120", "Image": `C:\Tools\short.exe`}),
		// Two processes of one process id a second apart: a lost connection fits both.
		b.Start(31, 0, "one.exe"), b.Start(32, 0, "two.exe").With(Fields{"ProcessId": fmt.Sprint(1000 + 4*31)}),
		b.Connect(31, "", "203.0.113.31", 443).With(lost),
		// No GUID anywhere: process ids and times are all there is.
		b.Start(33, 0, "noguid.exe").With(Fields{"ProcessGuid": nil, "ParentProcessGuid": nil}),
		b.Start(34, 33, "noguidchild.exe").With(Fields{"ProcessGuid": nil, "ParentProcessGuid": nil}),
		b.Connect(34, "noguidchild.exe", "203.0.113.34", 443).With(Fields{"ProcessGuid": nil}),
		// A child whose parent has no event, and one that tells nothing of its parent.
		b.Start(35, 999, "orphan.exe"), b.Connect(35, "orphan.exe", "203.0.113.35", 443),
		b.Start(36, 1, "foundling.exe").With(Fields{"ParentProcessGuid": ZeroGUID, "ParentImage": "-", "ParentCommandLine": "-"}),
	}
}

// loops are processes whose parents contradict each other.
func loops(b *Box) []Fields {
	return []Fields{
		b.Start(40, 41, "a.exe"), b.Start(41, 40, "b.exe"), b.Start(42, 41, "belowloop.exe"),
		b.Start(43, 43, "self.exe"), b.Start(44, 44, "selfroot.exe").With(Fields{"ParentCommandLine": Scheduler, "ParentImage": `C:\Windows\System32\svchost.exe`}),
		b.Start(45, 46, "x.exe").With(Fields{"ParentCommandLine": Scheduler, "ParentImage": `C:\Windows\System32\svchost.exe`}),
		b.Start(46, 47, "y.exe"), b.Start(47, 45, "z.exe"), b.Connect(47, "z.exe", "203.0.113.47", 443),
	}
}

// oddTimes are events without a record number, without a time, and with clocks that
// disagree by hours.
func oddTimes(b *Box) []Fields {
	noRecord, noTime := Fields{"RecordNumber": nil}, Fields{"TimeCreated": nil, "UtcTime": nil}
	root := b.Start(50, 0, "root.exe")
	return []Fields{
		root.With(noRecord), b.Start(51, 50, "child.exe").With(noRecord).With(noTime),
		b.Connect(51, "child.exe", "203.0.113.51", 443).With(noRecord).With(noTime),
		b.Connect(51, "child.exe", "203.0.113.51", 443).With(Fields{"UtcTime": "2024-04-30 03:00:00.000"}),
		b.Start(52, 0, "twice.exe").With(noRecord), b.Start(53, 0, "late.exe").With(Fields{"TimeCreated": "2031-01-01T00:00:00Z"}),
		// The same task at the same instant as on the other device: only names tell them apart.
		b.Start(54, 0, "root.exe").With(Fields{"TimeCreated": "2024-05-01T00:00:01.1234567Z", "UtcTime": "2024-05-01 00:00:01.100"}),
		b.Sysmon(11, Fields{"TargetFilename": "x"}), b.Sysmon(4688, Fields{"Channel": "Security", "NewProcessId": "0x10"}),
	}
}

// twins are two processes of one GUID, as some Sysmon builds for Linux make them, and
// GUIDs in other spellings.
func twins(b *Box) []Fields {
	twin := b.Start(61, 60, "twin.exe").With(Fields{"ProcessId": "7777", "RecordNumber": "99001"})
	return []Fields{
		b.Start(60, 0, "fork.exe"), b.Start(61, 60, "twin.exe"), twin,
		b.Connect(61, "twin.exe", "203.0.113.61", 443), b.Connect(61, "twin.exe", "203.0.113.61", 443).With(Fields{"ProcessId": "7777"}),
		b.Connect(61, "twin.exe", "203.0.113.62", 443).With(Fields{"ProcessId": nil}),
		b.Start(62, 60, "plain.exe").With(Fields{"ProcessGuid": GUID(62)[1:37], "ParentProcessGuid": "{5E5E5E5E-0000-0000-0000-00000000003C}"}),
		b.Connect(62, "plain.exe", "203.0.113.63", 443),
	}
}

// smallFleets are the small fleets by format, each made once for all tests of a package.
var smallFleets sync.Map

// Small is the events of a generated fleet in one format, newest first.
func Small(t testing.TB, format string) [][]byte {
	t.Helper()
	made, _ := smallFleets.LoadOrStore(format, sync.OnceValues(func() ([][]byte, error) { return makeSmall(format) }))
	events, err := made.(func() ([][]byte, error))()
	if err != nil {
		t.Fatal(err)
	}
	return slices.Clone(events)
}

func makeSmall(format string) (events [][]byte, err error) {
	cfg := sample.Config{Devices: 6, Days: 2, Scale: 0.3, Seed: 11, Format: format}
	if testing.Short() {
		cfg.Devices, cfg.Days = 2, 1
	}
	err = sample.Fleet(cfg, func(h *sample.History) error {
		for i := range h.Events {
			if line := sample.AppendEvent(nil, format, &h.Events[i]); len(line) > 0 {
				events = append(events, bytes.TrimSuffix(line, []byte("\n")))
			}
		}
		return nil
	})
	return events, err
}

// Shuffled returns the events in another order, the same for the same seed.
func Shuffled(events [][]byte, seed uint64) [][]byte {
	out := append([][]byte(nil), events...)
	rand.New(rand.NewPCG(seed, 1)).Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}
