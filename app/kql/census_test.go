package kql

import (
	"slices"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// small is a device on which the scheduler starts a.exe, which starts b.exe and c.exe;
// each calls out once.
func small(device string) (events []row) {
	const at = "2026-11-21T08:00:00Z"
	start := func(name, id, parent, parentID, parentRuns string) row {
		return row{
			"Timestamp": at, "DeviceId": device, "ActionType": "ProcessCreated", "FileName": name, "ProcessId": id,
			"ProcessCommandLine": name, "ProcessCreationTime": at, "InitiatingProcessFileName": parent,
			"InitiatingProcessId": parentID, "InitiatingProcessCommandLine": parentRuns, "InitiatingProcessCreationTime": at,
		}
	}
	call := func(name, id string) row {
		return row{
			"Timestamp": at, "DeviceId": device, "ActionType": "ConnectionSuccess", "RemoteIP": "192.0.2." + id, "RemotePort": "443",
			"InitiatingProcessFileName": name, "InitiatingProcessId": id, "InitiatingProcessCreationTime": at,
		}
	}
	return []row{
		start("a.exe", "5", taskScheduler, "1", taskSchedulerRuns),
		start("b.exe", "6", "a.exe", "5", "a.exe"), start("c.exe", "7", "a.exe", "5", "a.exe"),
		call("a.exe", "5"), call("b.exe", "6"), call("c.exe", "7"),
	}
}

func countsOf(t *testing.T, o Options, events []row) (Counts, Stages) {
	t.Helper()
	q := New(o)
	for _, e := range events {
		if _, err := add(q, e); err != nil {
			t.Fatal(err)
		}
	}
	_, _, report := q.Finish()
	return report.Counts, report.Total()
}

// A root on two patterns is one tree and one process, however often its events came.
func TestProcessesAreCountedOnce(t *testing.T) {
	one := small("d")
	want := Counts{Devices: 1, Trees: 1, Kept: 1, Nodes: 3}
	counts, stages := countsOf(t, original(), one)
	if counts != want || stages.Patterns != 2 || stages.Nodes != 4 {
		t.Errorf("%+v, want %+v; stages %+v", counts, want, stages)
	}
	if twice, _ := countsOf(t, original(), append(slices.Clone(one), one...)); twice != want {
		t.Errorf("with every event twice %+v, want %+v", twice, want)
	}
	two, _ := countsOf(t, original(), append(one, small("e")...))
	if want = (Counts{Devices: 2, Trees: 2, Kept: 2, Nodes: 6}); two != want {
		t.Errorf("on two devices %+v, want %+v", two, want)
	}
}

// What is left out is not kept, and its device has still been looked at.
func TestCountsOfWhatIsLeftOut(t *testing.T) {
	early := original()
	early.Now = instant("2026-11-30T08:00:00Z")
	if got, _ := countsOf(t, early, small("d")); got != (Counts{Devices: 1}) {
		t.Errorf("before the lookback: %+v", got)
	}
	allowed := original()
	allowed.AllowCommand = []string{"a.exe"}
	if got, _ := countsOf(t, allowed, small("d")); got != (Counts{Devices: 1}) {
		t.Errorf("allowed: %+v", got)
	}
	old := original()
	old.Now = instant("2026-11-23T08:00:00Z")
	if got, _ := countsOf(t, old, small("d")); got != (Counts{Devices: 1, Trees: 1}) {
		t.Errorf("not recent: %+v", got)
	}
	listening := row{"Timestamp": "2026-11-21T08:00:00Z", "DeviceId": "d", "ActionType": "ListeningConnectionCreated"}
	nowhere := row{"Timestamp": "2026-11-21T08:00:00Z", "ActionType": "ConnectionSuccess"}
	if got, _ := countsOf(t, original(), []row{listening, nowhere}); got != (Counts{Devices: 1}) {
		t.Errorf("a connection that is left out, and one of no device: %+v", got)
	}
}

// Processes without an id of their own cannot be told apart by it, nor taken for one.
func TestProcessesWithoutAKeyAreCountedEach(t *testing.T) {
	events := small("d")[:1]
	for range 2 {
		bare := row{}
		for name, value := range events[0] {
			if name != "ProcessCreationTime" {
				bare[name] = value
			}
		}
		events = append(events, bare)
	}
	if got, _ := countsOf(t, original(), events); got.Trees != 3 {
		t.Errorf("%+v, want 3 trees", got)
	}
}

// Both sensors on one machine are two devices, as they are to the query.
func TestDevicesOfBothSensors(t *testing.T) {
	sysmon := rowsOf(t, "testdata/ex1/sysmon_process.csv")
	devices := map[string]bool{}
	for _, r := range sysmon {
		devices[r["Computer"]] = true
	}
	got, _ := countsOf(t, original(), append(small("d"), sysmon...))
	if got.Devices != len(devices)+1 || len(devices) == 0 {
		t.Errorf("%d devices, want %d and one more", got.Devices, len(devices))
	}
}

// Devices are counted over lanes that know nothing of each other, whatever comes.
func TestDevicesOverLanes(t *testing.T) {
	q := New(original())
	lanes := []*Lane{q.Lane(), q.Lane(), q.Lane()}
	const devices = 1000
	for i := range 3 * devices {
		name := string(event.Time(i%devices).Std().AppendFormat(nil, "05.000000000"))
		if _, err := addTo(lanes[i/7%3], row{"Timestamp": "2026-11-21T08:00:00Z", "DeviceId": name, "ActionType": "ConnectionSuccess"}); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, report := q.Finish(); report.Counts.Devices != devices {
		t.Errorf("%d devices, want %d", report.Counts.Devices, devices)
	}
}
