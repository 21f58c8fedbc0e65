package causes_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
	"github.com/schtaskhunt/schtaskhunt/app/sample/realistic"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/rounds"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// born is a root of callWorld, and call a connection to its device.
type born struct {
	device, kind, program string
	at                    int
}

type call struct {
	device, from string
	port, at     int
	own          bool // the device opened it, or calls itself
}

// callParents are parents of roots, and the ports of theirs at which other machines call.
var callParents = []struct {
	kind, image, line string
	ports             string
}{
	{"wmi", `C:\Windows\System32\wbem\WmiPrvSE.exe`, `C:\Windows\system32\wbem\wmiprvse.exe -secured -Embedding`, "135 5985 5986"},
	{"winrm", `C:\Windows\System32\wsmprovhost.exe`, `C:\Windows\system32\wsmprovhost.exe -Embedding`, "5985 5986"},
	{"dcom", `C:\Windows\System32\mmc.exe`, `C:\Windows\system32\mmc.exe -Embedding`, "135"},
	{"service", `C:\Windows\System32\services.exe`, `C:\Windows\system32\services.exe`, "135 445"},
	{"office", `C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE`, `"WINWORD.EXE" /n`, ""},
	{"schtask", `C:\Windows\System32\svchost.exe`, worlds.Scheduler, ""},
}

// callWorld is a fleet on which every device has a root of each kind with a program of its own,
// at a time of its own, and is called from anywhere.
func callWorld(r *rand.Rand) (events [][]byte, roots []born, calls []call) {
	pick := func(values ...string) string { return values[r.IntN(len(values))] }
	for d := range 40 {
		b := &worlds.Box{Name: fmt.Sprintf("PC%02d.corp.example", d)}
		at := func(second int, f worlds.Fields) {
			clock := fmt.Sprintf("%02d:%02d:%02d", second/3600, second/60%60, second%60)
			events = append(events, f.With(worlds.Fields{"TimeCreated": "2024-05-01T" + clock + ".0000000Z", "UtcTime": "2024-05-01 " + clock + ".000"}).Text())
		}
		for i, p := range callParents {
			root := born{b.Name, p.kind, fmt.Sprintf("p%d%s.exe", d, p.kind), 1000 + 1000*i + r.IntN(500)}
			roots = append(roots, root)
			at(root.at, b.Start(100*d+i+1, 100*d+50+i, root.program).With(worlds.Fields{"ParentImage": p.image, "ParentCommandLine": p.line}))
			for range r.IntN(6) {
				c := call{device: b.Name, from: pick("10.9.0.7", "10.9.0.8", "198.51.100.7"), port: []int{135, 445, 5985, 5986, 3389}[r.IntN(5)], at: root.at - 60 + r.IntN(80)}
				f := b.Connect(100*d+90, "x.exe", "10.0.0.5", c.port).With(worlds.Fields{"Image": "System", "Initiated": "false", "SourceIp": c.from})
				switch r.IntN(6) {
				case 0:
					c.own, f = true, f.With(worlds.Fields{"Initiated": "true"})
				case 1:
					c.own, f = true, f.With(worlds.Fields{"SourceIp": pick("127.0.0.1", "10.0.0.5")})
				}
				calls = append(calls, c)
				at(c.at, f)
			}
		}
	}
	return events, roots, calls
}

// slowOrigin is what a person would say of a root who looks through all calls; "" where none is
// close.
func slowOrigin(root born, calls []call) (says string) {
	ports, least := "", 1000
	for _, p := range callParents {
		if p.kind == root.kind {
			ports = p.ports
		}
	}
	for _, early := range []bool{true, false} { // of equally close ones the earlier
		for _, c := range calls {
			before := root.at - c.at
			far := max(before, -before)
			if c.own || c.device != root.device || !strings.Contains(ports, fmt.Sprint(c.port)) || before > 15 || before < -5 || early != (before >= 0) {
				continue
			}
			when := "before it"
			if before < 0 {
				when = "after it, as the log has it"
			}
			one := fmt.Sprintf("from %s to port %d, %d s %s;", c.from, c.port, far, when)
			if far < least {
				least, says = far, one
			} else if far == least && strings.HasSuffix(says, when+";") {
				says += one // a tie, of which any will do here: caller_test.go has the order
			}
		}
	}
	return says
}

var originWords = regexp.MustCompile(`source \+\d\.\d 1 of 1 runs began close in time to a call of another machine: the closest (from [^;]*;) no proof that it made them start \(T1021\)[^\n]*\(lateral\)`)

// Where a call came in close in time to a root's start, its finding says so, and no other does;
// and it is the same in any order, through the map half, and with keys read first.
func TestSourcesAreThoseOfASlowReading(t *testing.T) {
	close, closeBefore := 0, 0
	seeds := rounds.Of(3, 1)
	for seed := range uint64(seeds) {
		events, roots, calls := callWorld(rand.New(rand.NewPCG(seed, 21)))
		args := "recent=all rarity=template max_devices=0 internal=include output=nodes root=" + doors.AllRoots
		found := doors.Hunted(t, args, worlds.Shuffled(events, seed))
		why := map[string]string{}
		for _, r := range found.Rows {
			why[r.Get("process_name")] = r.Get("why")
		}
		for _, root := range roots {
			want, got := slowOrigin(root, calls), ""
			if m := originWords.FindStringSubmatch(why[root.program]); m != nil {
				got = m[1]
			}
			switch {
			case why[root.program] == "":
				t.Errorf("%+v is not among the findings", root)
			case (got == "") != (want == "") || !strings.Contains(want, got):
				t.Errorf("seed %d: %+v: %q, want %q: %s", seed, root, got, want, why[root.program])
			case got != "":
				if close++; strings.HasSuffix(got, "before it;") {
					closeBefore++
				}
			}
		}
		doors.SameRows(t, "in another order", doors.Hunted(t, args, worlds.Shuffled(events, seed+100)).Text, found.Text)
		for _, how := range []string{doors.RawFields, doors.ExtractedFields} {
			rows := doors.Indexed(t, how, events)
			searchedAlone := doors.Searched(t, args, rows).Text
			doors.SameRows(t, how+" through the map half", doors.Searched(t, args, doors.Mapped(t, args, rows, 200)...).Text, searchedAlone)
			file := filepath.Join(t.TempDir(), "calls.csv")
			if err := os.WriteFile(file, rows.Body(t), 0o600); err != nil {
				t.Fatal(err)
			}
			doors.SameTwice(t, args, file)
			doors.SameTwice(t, strings.Replace(args, doors.AllRoots, "dcom", 1), file)
		}
	}
	if close < 17*seeds || closeBefore < 10*seeds || closeBefore == close {
		t.Errorf("%d sources, %d before their start: these fleets test little", close, closeBefore)
	}
}

// Defender's own words for a connection that came in tell the same as Sysmon's, in any shape.
func TestSourcesInEveryFormat(t *testing.T) {
	for _, format := range rounds.Some([]string{sample.FormatSysmon, sample.FormatSysmonXML, sample.FormatDefender}, 1) {
		dir := t.TempDir()
		sum, err := realistic.Generate(realistic.Config{Devices: 40, Days: 1, Seed: 1040, Tail: 0.25, Fresh: 1, Roots: true, Format: format, OneFile: true}, dir)
		if err != nil {
			t.Fatal(err)
		}
		found := doors.HuntedFiles(t, "recent=all rarity=template max_devices=0 output=findings root=wmi,winrm,dcom,service", filepath.Join(dir, sum.Files[0]))
		called, others := map[string]int{}, 0
		for _, r := range found.Rows {
			if why := r.Get("why"); strings.Contains(why, "began close in time to a call of another machine") || strings.Contains(why, "; close in time to a call of another machine") {
				called[r.Get("root_kind")]++
			} else {
				others++
			}
		}
		if t.Logf("%s: called %v, not %d", format, called, others); called["wmi"] < 2 || called["winrm"] < 2 || called["dcom"] < 1 || called["service"] < 2 || others < 10 {
			t.Errorf("%s: findings that were called %v, %d others", format, called, others)
		}
	}
}
