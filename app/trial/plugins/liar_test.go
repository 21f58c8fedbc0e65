package plugins_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// lie is an event for the liar.
func lie(kind string, more map[string]string) worlds.Fields {
	f := worlds.Fields{"liar": kind}
	for name, value := range more {
		f["liar."+name] = value
	}
	return f
}

// told is what the liar has to say to tell of the process of a Sysmon event without a lie.
func told(of worlds.Fields) map[string]string {
	out := map[string]string{
		"device": fmt.Sprint(of["Computer"]), "time": fmt.Sprint(of["TimeCreated"]), "process_guid": fmt.Sprint(of["ProcessGuid"]),
		"process_id": fmt.Sprint(of["ProcessId"]), "process_path": fmt.Sprint(of["Image"]), "process_command": fmt.Sprint(of["CommandLine"]),
		"parent_guid": fmt.Sprint(of["ParentProcessGuid"]), "parent_id": fmt.Sprint(of["ParentProcessId"]), "user": fmt.Sprint(of["User"]),
		"parent_path": fmt.Sprint(of["ParentImage"]), "parent_command": fmt.Sprint(of["ParentCommandLine"]),
	}
	maps.DeleteFunc(out, func(_, value string) bool { return value == "<nil>" })
	return out
}

func but(of map[string]string, pairs ...string) map[string]string {
	out := maps.Clone(of)
	for pair := range slices.Chunk(pairs, 2) {
		if out[pair[0]] = pair[1]; pair[1] == "" {
			delete(out, pair[0])
		}
	}
	return out
}

// lies are the kinds of what a mapper may say of a process that another reader tells of.
var lies = map[string]func(p map[string]string) []worlds.Fields{
	"another name": func(p map[string]string) []worlds.Fields {
		return []worlds.Fields{lie("start", but(p, "process_path", `C:\other.exe`))}
	},
	"another command": func(p map[string]string) []worlds.Fields {
		return []worlds.Fields{lie("start", but(p, "process_command", "something else"))}
	},
	"another parent": func(p map[string]string) []worlds.Fields {
		return []worlds.Fields{lie("start", but(p, "parent_guid", worlds.GUID(999), "parent_id", "77"))}
	},
	"the parent is no scheduler": func(p map[string]string) []worlds.Fields {
		return []worlds.Fields{lie("start", map[string]string{"device": p["device"], "process_guid": p["parent_guid"], "process_path": `C:\Windows\notepad.exe`, "process_command": "notepad.exe", "time": p["time"]})}
	},
	"the parent is a scheduler": func(p map[string]string) []worlds.Fields {
		return []worlds.Fields{lie("start", but(p, "parent_path", `C:\Windows\System32\svchost.exe`, "parent_command", worlds.Scheduler, "process_id", "5"))}
	},
	"its own parent": func(p map[string]string) []worlds.Fields {
		return []worlds.Fields{lie("start", but(p, "parent_guid", p["process_guid"]))}
	},
	"another time": func(p map[string]string) []worlds.Fields {
		return []worlds.Fields{lie("start", but(p, "time", "2019-01-01T00:00:00Z"))}
	},
	"a time to come": func(p map[string]string) []worlds.Fields {
		return []worlds.Fields{lie("start", but(p, "time", "2031-01-01T00:00:00Z", "process_guid", worlds.GUID(777)))}
	},
	"an end before it": func(p map[string]string) []worlds.Fields {
		return []worlds.Fields{lie("end", but(p, "time", "2019-01-01T00:00:00Z"))}
	},
	"the process id by itself": func(p map[string]string) []worlds.Fields {
		return []worlds.Fields{lie("start", map[string]string{"device": p["device"], "process_id": p["process_id"], "process_path": `C:\x.exe`, "time": p["time"]}),
			lie("connection", map[string]string{"device": p["device"], "process_id": p["process_id"], "remote_ip": "203.0.113.200", "time": p["time"]}),
			lie("end", map[string]string{"device": p["device"], "process_id": p["process_id"], "time": p["time"]})}
	},
	"another device of its name": func(p map[string]string) []worlds.Fields {
		return []worlds.Fields{lie("start", but(p, "device", p["device"]+".elsewhere")), lie("start", but(p, "device", strings.Split(p["device"], ".")[0]+".elsewhere.example"))}
	},
	"names for its addresses": func(p map[string]string) []worlds.Fields {
		return []worlds.Fields{lie("start", but(p, "process_guid", worlds.GUID(888))), lie("lookup", but(p, "process_guid", worlds.GUID(888), "query", "liar.example", "answers", "198.51.100.7"))}
	},
}

// overTheFleet are the columns that compare a row with all else that was seen.
var overTheFleet = []string{"root_devices", "pattern_devices", "pattern_count", "template_devices", "score", "why", "beacon_score", "beacon_period", "beacon_count"}

// rowKey is all of a row but what is counted over the whole fleet.
func rowKey(o *doors.Outcome, r row.Row) string {
	var key []string
	for _, name := range o.Columns {
		if !slices.Contains(overTheFleet, name) {
			key = append(key, name+"="+r.Get(name))
		}
	}
	return strings.Join(key, "\n")
}

// lost returns the rows that the one has and the other does not.
func lost(have, got doors.Outcome) (lost []string) {
	left := map[string]int{}
	for _, r := range got.Rows {
		left[rowKey(&got, r)]++
	}
	for _, r := range have.Rows {
		key := rowKey(&have, r)
		if left[key]--; left[key] < 0 {
			lost = append(lost, key)
		}
	}
	return lost
}

// truths are starts and connections on two devices, in which nothing is odd.
func truths() (events []worlds.Fields) {
	for _, name := range []string{"alpha.corp.example", "Beta.corp.example"} {
		b := &worlds.Box{Name: name}
		for i := 10; i < 50; i += 4 {
			root, child := b.Start(i, 0, fmt.Sprintf("root%d.exe", i)), b.Start(i+1, i, "child.exe")
			events = append(events, root, child, b.Connect(i+1, "child.exe", "198.51.100.7", 443+i))
		}
	}
	return events
}

// Whatever a mapper says of processes that others tell of, their rows stay what they are, in
// any order of the events; and what contradicts them is told with the mapper's name.
func TestAMapperTakesNoProcessOfOthers(t *testing.T) {
	for name, say := range lies {
		t.Run(name, func(t *testing.T) {
			var own, all [][]byte
			for i, f := range truths() {
				own = append(own, f.Text())
				if f["EventID"] == 1 && i%2 == 0 {
					for _, l := range say(told(f)) {
						all = append(all, l.Text())
					}
				}
			}
			said := len(all)
			all = append(all, own...)
			want := doors.Hunted(t, doors.Everything, own)
			random := rand.New(rand.NewPCG(31, uint64(len(name))))
			for range 3 {
				random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
				got := doors.Hunted(t, doors.Everything+" mapper=liar", all)
				for _, row := range lost(want, got) {
					t.Fatalf("%d events of the mapper took\n%s\n%q", said, row, got.Messages[:3])
				}
			}
		})
	}
}

// contradictions are the lies that are told as such: the others are of processes of which
// nobody else tells.
var silent = []string{"a time to come", "the process id by itself", "another device of its name"}

func TestContradictionsAreToldWithTheMappersName(t *testing.T) {
	for name, say := range lies {
		var all [][]byte
		events := 0
		for _, f := range truths() {
			if all = append(all, f.Text()); f["EventID"] == 1 && f["Computer"] == "Beta.corp.example" {
				for _, l := range say(told(f)) {
					all = append(all, l.Text())
					events++
				}
			}
		}
		got := doors.Hunted(t, doors.Everything+" mapper=liar", all)
		has := slices.ContainsFunc(got.Messages, func(m string) bool {
			return strings.HasPrefix(m, "WARN mapper=liar contradicts") && strings.Contains(m, "on 1 device (") && strings.Contains(strings.ToLower(m), "beta.corp.example")
		})
		if has == slices.Contains(silent, name) {
			t.Errorf("%s: %q", name, got.Messages)
		}
	}
}

// A machine is known by the names that others give it: a mapper neither joins nor parts them.
func TestAMapperHasNoSayInNames(t *testing.T) {
	short, full, other := &worlds.Box{Name: "alpha"}, &worlds.Box{Name: "alpha.corp.example"}, &worlds.Box{Name: "alpha.lab.example"}
	for name, own := range map[string][]worlds.Fields{
		"one machine":   {short.Start(10, 0, "a.exe"), full.Start(20, 0, "b.exe")},
		"three of them": {short.Start(10, 0, "a.exe"), full.Start(20, 0, "b.exe"), other.Start(30, 0, "c.exe")},
	} {
		var texts, all [][]byte
		for _, f := range own {
			texts = append(texts, f.Text())
			for _, device := range []string{"alpha", "alpha.corp.example", "alpha.lab.example", "alpha.evil.example"} {
				all = append(all, lie("start", but(told(f), "device", device)).Text())
			}
		}
		want := doors.Hunted(t, doors.Everything, texts)
		got := doors.Hunted(t, doors.Everything+" mapper=liar", slices.Concat(all, texts))
		for _, row := range lost(want, got) {
			t.Errorf("%s: the mapper took\n%s", name, row)
		}
	}
	known := doors.Hunted(t, doors.Everything+" mapper=liar", [][]byte{full.Start(40, 0, "d.exe").Text(), lie("connection", map[string]string{
		"device": "alpha", "process_guid": worlds.GUID(40), "remote_ip": "203.0.113.77", "remote_port": "8443", "time": "2024-05-01T00:30:00Z"}).Text()})
	if len(known.Kind("connection")) != 1 || known.Kind("connection")[0].Get("device") != "alpha.corp.example" {
		t.Errorf("the short name of a known machine is not known:\n%s", known.Text)
	}
}

// What two readers tell of one process without contradiction is one process: with what only
// the mapper knows of it, and nothing twice.
func TestAProcessThatAMapperTellsOfTooIsOne(t *testing.T) {
	var own, all [][]byte
	for _, f := range truths() {
		own = append(own, f.Text())
		switch f["EventID"] {
		case 1:
			all = append(all, lie("start", told(f)).Text())
		case 3:
			all = append(all, lie("connection", but(told(f), "remote_ip", fmt.Sprint(f["DestinationIp"]), "remote_port", fmt.Sprint(f["DestinationPort"]))).Text())
		}
	}
	want := doors.Hunted(t, doors.Everything, own)
	for _, mappers := range []string{"liar", "liar,second"} {
		got := doors.Hunted(t, doors.Everything+" mapper="+mappers, slices.Concat(all, own))
		doors.SameRows(t, mappers, got.Text, want.Text)
		if slices.ContainsFunc(got.Messages, func(m string) bool { return strings.Contains(m, "contradicts") }) {
			t.Errorf("%q", got.Messages)
		}
	}
	more := lie("connection", map[string]string{"device": "Beta.corp.example", "process_guid": worlds.GUID(11), "remote_ip": "203.0.113.77", "remote_port": "8443", "time": "2024-05-01T00:30:00Z"})
	got := doors.Hunted(t, doors.Everything+" mapper=liar", append(slices.Clone(own), more.Text()))
	if got := slices.IndexFunc(got.Rows, func(r row.Row) bool {
		return r.Get("remote_ip") == "203.0.113.77" && r.Get("process_guid") == worlds.GUID(11) && r.Get("path") == "root10.exe > child.exe"
	}); got < 0 {
		t.Error("the connection that only the mapper tells of is not there")
	}
}

// A mapper that tells of the devices of others and of none of their processes is told as such,
// with its name: as a question where it agrees with the others nowhere. One that alone knows a
// device, or agrees with the others, is not.
func TestAMapperThatAgreesNowhereIsSaid(t *testing.T) {
	strange := func(p map[string]string) worlds.Fields {
		return lie("start", but(p, "process_guid", worlds.GUID(4000), "process_id", "90001", "parent_guid", worlds.GUID(4001), "parent_id", "90002", "time", "2024-05-01T09:00:00Z"))
	}
	own := func(p map[string]string) worlds.Fields { return lie("start", but(p, "device", "gamma.corp.example")) }
	same := func(p map[string]string) worlds.Fields { return lie("start", p) }
	for name, c := range map[string]struct {
		say  map[string]func(map[string]string) worlds.Fields // by device
		want string
	}{
		"strange everywhere": {map[string]func(map[string]string) worlds.Fields{"alpha.corp.example": strange, "Beta.corp.example": strange}, "WARN mapper=liar and other events have no process in common on 2 devices of which both tell ("},
		"strange on one":     {map[string]func(map[string]string) worlds.Fields{"alpha.corp.example": same, "Beta.corp.example": strange}, "INFO mapper=liar and other events have no process in common on 1 device of which both tell (Beta.corp.example): "},
		"alone":              {map[string]func(map[string]string) worlds.Fields{"alpha.corp.example": own}, ""},
		"the same":           {map[string]func(map[string]string) worlds.Fields{"alpha.corp.example": same, "Beta.corp.example": same}, ""},
	} {
		var all [][]byte
		for _, f := range truths() {
			all = append(all, f.Text())
			if say := c.say[fmt.Sprint(f["Computer"])]; say != nil && f["EventID"] == 1 {
				all = append(all, say(told(f)).Text())
			}
		}
		var said []string
		for _, m := range doors.Hunted(t, doors.Everything+" mapper=liar", worlds.Shuffled(all, 7)).Messages {
			if strings.Contains(m, "in common") {
				said = append(said, m)
			}
		}
		if wants := c.want != ""; wants != (len(said) == 1) || wants && !strings.HasPrefix(said[0], c.want) {
			t.Errorf("%s: %q, want %q", name, said, c.want)
		}
	}
}
