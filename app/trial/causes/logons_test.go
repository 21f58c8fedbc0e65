package causes_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/rounds"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// entry is a logon over the network to a device of callWorld.
type entry struct {
	device, who, from string
	session, at       int
}

// logonWorld is callWorld with logons to its devices. Some roots run in the session of one, some of
// them hours after it, and some logons are close to a root by chance.
func logonWorld(r *rand.Rand) (events [][]byte, roots []born, calls []call, logons []entry, sessions map[string]int) {
	events, roots, calls = callWorld(r)
	sessions = map[string]int{}
	pick := func(values ...string) string { return values[r.IntN(len(values))] }
	for i, root := range roots {
		b := &worlds.Box{Name: root.device, Second: root.at}
		for range r.IntN(4) {
			l := entry{root.device, `CORP\` + pick("ann", "bob", "SRV1$"), pick("10.9.0.7", "10.1.2.3", "fe80::7"), 0x10000 + 100*i + r.IntN(50), root.at - 40 + r.IntN(55)}
			if r.IntN(4) == 0 {
				sessions[root.program] = l.session
				l.at -= r.IntN(2) * 900
			}
			kind, user := "3", strings.TrimPrefix(l.who, `CORP\`)
			f := worlds.Fields{"EventID": 4624, "Channel": "Security", "TargetUserName": user, "TargetDomainName": "CORP", "TargetUserSid": "S-1-5-21-1",
				"TargetLogonId": fmt.Sprintf("0x%x", l.session), "IpAddress": l.from, "WorkstationName": "-"}
			switch r.IntN(8) {
			case 0:
				kind, l.session = "2", 0
			case 1:
				f["IpAddress"], l.session = "127.0.0.1", 0
			case 2:
				f["TargetUserName"], f["TargetUserSid"], l.session = "ANONYMOUS LOGON", "S-1-5-7", 0
			}
			if l.session != 0 {
				logons = append(logons, l)
			}
			b.Second = l.at - 1
			events = append(events, b.Sysmon(4624, f.With(worlds.Fields{"LogonType": kind})).With(worlds.Fields{"UtcTime": nil, "TimeCreated": fmt.Sprintf("2024-05-01T%02d:%02d:%02d.0000000Z", l.at/3600, l.at/60%60, l.at%60), "RecordNumber": fmt.Sprint(700000 + len(events))}).Text())
		}
	}
	for i, e := range events { // a root says in which session it runs
		for program, session := range sessions {
			if strings.Contains(string(e), `\\`+program+`"`) {
				events[i] = []byte(strings.Replace(string(e), `{`, fmt.Sprintf(`{"LogonId":"0x%X",`, session), 1))
			}
		}
	}
	return events, roots, calls, logons, sessions
}

// slowLogon is what a person would say of a root who looks through all logons: that in whose session it runs, else
// the closest of a person; "" for none. Of a tie any of them will do.
func slowLogon(root born, logons []entry, session int) (says string, tied bool) {
	isOfLateral := false
	for _, p := range callParents {
		isOfLateral = isOfLateral || p.kind == root.kind && p.ports != ""
	}
	if !isOfLateral {
		return "", false
	}
	words := func(l entry) string {
		far, when := root.at-l.at, "before it"
		if far < 0 {
			far, when = -far, "after it, as the log has it"
		}
		return fmt.Sprintf("of %s from %s, %s %s;", l.who, l.from, spanWords(far), when)
	}
	latest := -1
	for _, l := range logons {
		if session != 0 && l.device == root.device && l.session == session && l.at <= root.at+5 {
			if tied = true; l.at > latest {
				latest, says = l.at, ""
			}
			if l.at == latest {
				says += words(l)
			}
		}
	}
	if tied {
		return says, true
	}
	least := 1000
	for _, l := range logons {
		far := max(root.at-l.at, l.at-root.at)
		if l.device != root.device || strings.HasSuffix(l.who, "$") || root.at-l.at > 15 || root.at-l.at < -5 || far > least {
			continue
		}
		if far < least {
			least, says = far, ""
		}
		says += words(l)
	}
	return says, false
}

// spanWords is a span as people write it.
func spanWords(seconds int) string {
	if seconds < 120 {
		return fmt.Sprintf("%d s", seconds)
	}
	return fmt.Sprintf("%.0f min", float64(seconds)/60)
}

var (
	tiedWords  = regexp.MustCompile(`1 of 1 runs are in the session of a logon from another machine \(the same logon id\): (of CORP\\[^;\n]*?)(?:; close in time to a call| \(T1021\))`)
	closeLogon = regexp.MustCompile(`(?:to a logon from another machine: the closest|; logon) (of CORP\\[^;]*;) no proof that (?:it|they) made them start`)
)

// Where an account logged on over the network close in time to a root's start, or the root runs in its session, the
// finding says so, and no other does; and it is the same in any order, through the map half, and with keys read first.
func TestLogonsAreThoseOfASlowReading(t *testing.T) {
	tied, near, silent := 0, 0, 0
	seeds := rounds.Of(3, 1)
	for seed := range uint64(seeds) {
		events, roots, _, logons, sessions := logonWorld(rand.New(rand.NewPCG(seed, 24)))
		args := "recent=all rarity=template max_devices=0 internal=include output=nodes root=" + doors.AllRoots
		found := doors.Hunted(t, args, worlds.Shuffled(events, seed))
		why := map[string]string{}
		for _, r := range found.Rows {
			why[r.Get("process_name")] = r.Get("why")
		}
		for _, root := range roots {
			want, isTied := slowLogon(root, logons, sessions[root.program])
			got, gotTied := "", false
			if m := tiedWords.FindStringSubmatch(why[root.program]); m != nil {
				got, gotTied = m[1]+";", true
			} else if m := closeLogon.FindStringSubmatch(why[root.program]); m != nil {
				got = m[1]
			}
			switch {
			case gotTied != isTied || (got == "") != (want == "") || !strings.Contains(want, got):
				t.Errorf("seed %d: %+v, session %x: %q %t, want %q %t: %s", seed, root, sessions[root.program], got, gotTied, want, isTied, why[root.program])
			case isTied:
				tied++
			case got != "":
				near++
			default:
				silent++
			}
		}
		doors.SameRows(t, "in another order", doors.Hunted(t, args, worlds.Shuffled(events, seed+100)).Text, found.Text)
		for _, how := range []string{doors.RawFields, doors.ExtractedFields} {
			rows := doors.Indexed(t, how, events)
			doors.SameRows(t, how+" through the map half", doors.Searched(t, args, doors.Mapped(t, args, rows, 200)...).Text, doors.Searched(t, args, rows).Text)
			file := filepath.Join(t.TempDir(), "logons.csv")
			if err := os.WriteFile(file, rows.Body(t), 0o600); err != nil {
				t.Fatal(err)
			}
			doors.SameTwice(t, args, file)
			doors.SameTwice(t, strings.Replace(args, doors.AllRoots, "winrm", 1), file)
		}
	}
	if t.Logf("%d tied, %d near, %d neither", tied, near, silent); tied < 10*seeds || near < 10*seeds || silent < 34*seeds {
		t.Errorf("%d tied, %d near, %d neither: these fleets test little", tied, near, silent)
	}
}

// Hunts in which no other machine can have a part neither read logons nor have their indexers pass them on, and
// hunts for tasks alone no injections either: the rows are those without them.
func TestLogonsOnlyWhereAskedFor(t *testing.T) {
	events, _, _, logons, _ := logonWorld(rand.New(rand.NewPCG(9, 24)))
	var others [][]byte
	for _, e := range events {
		if !strings.Contains(string(e), `"EventID":4624`) {
			others = append(others, e)
		}
	}
	if len(logons) < 100 || len(others)+len(logons) > len(events) {
		t.Fatalf("%d events, %d others, %d logons", len(events), len(others), len(logons))
	}
	injections := injectionsIntoAll(t, others)
	for _, root := range []string{command.PresetSchtask, "office,web,logon", "schtask,service"} {
		args := "recent=all max_devices=0 internal=include root=" + root
		asksLogons, asksInjections := strings.Contains(root, "service"), root != command.PresetSchtask
		with := events
		if !asksInjections {
			with = append(injections, events...)
		}
		if with, without := doors.Hunted(t, args, with), doors.Hunted(t, args, others); with.Text != without.Text && !asksLogons || len(without.Rows) < 20 && root == command.PresetSchtask {
			t.Errorf("root=%s: logons and injections change the rows", root)
		}
		logons, reaches := 0, 0
		for _, chunk := range doors.Mapped(t, args, doors.Indexed(t, doors.ExtractedFields, append(injections, events...)), 500) {
			logons += strings.Count(string(chunk.Body(t)), "TargetLogonId") // in the header
			reaches += strings.Count(string(chunk.Body(t)), "TargetProcessGuid")
		}
		if (logons > 0) != asksLogons || (reaches > 0) != asksInjections {
			t.Errorf("root=%s: logons are passed on in %d chunks, injections in %d", root, logons, reaches)
		}
	}
}

// injectionsIntoAll has some process start a thread in each that starts.
func injectionsIntoAll(t *testing.T, events [][]byte) (injections [][]byte) {
	t.Helper()
	for i, e := range events {
		var start struct {
			EventID                            int
			Computer, ProcessGuid, TimeCreated string
		}
		if err := json.Unmarshal(e, &start); err != nil {
			t.Fatal(err)
		}
		if b := (&worlds.Box{Name: start.Computer}); start.EventID == 1 {
			injections = append(injections, b.Sysmon(8, worlds.Fields{"SourceProcessGuid": worlds.GUID(99_999), "SourceProcessId": "77", "SourceImage": `C:\Users\Public\x.exe`, "TargetProcessGuid": start.ProcessGuid,
				"TimeCreated": start.TimeCreated, "RecordNumber": fmt.Sprint(900_000 + i)}).Text())
		}
	}
	return injections
}
