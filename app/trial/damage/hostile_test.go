package damage_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// labelled is an event of Sysmon with the values of all labels of its manifest.
type labelled struct {
	id     int
	title  string
	number int
	values map[string]string
}

var messageTitles = map[int]string{1: "Process Create:", 3: "Network connection detected:"}

func (l labelled) labels() []string { return record.MessageLabels(l.title) }

// asXML is the event as Windows renders it: nothing in a value can be taken for a field.
func (l labelled) asXML() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "<Event><System><EventID>%d</EventID><TimeCreated SystemTime='2024-05-01T00:00:%02dZ'/><EventRecordID>%d</EventRecordID>"+
		"<Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>PC9.corp.example</Computer></System><EventData>", l.id, l.number, l.number)
	for _, label := range l.labels() {
		fmt.Fprintf(&b, "<Data Name='%s'>", label)
		_ = xml.EscapeText(&b, []byte(l.values[label]))
		b.WriteString("</Data>")
	}
	return []byte(b.String() + "</EventData></Event>")
}

func (l labelled) message(lineEnd string) string {
	lines := []string{l.title}
	for _, label := range l.labels() {
		lines = append(lines, label+": "+l.values[label])
	}
	return strings.Join(lines, lineEnd)
}

func (l labelled) asClassic() []byte {
	return fmt.Appendf(nil, "05/01/2024 12:00:%02d AM\nLogName=Microsoft-Windows-Sysmon/Operational\nEventCode=%d\nComputerName=PC9.corp.example\nRecordNumber=%d\nMessage=%s\n",
		l.number, l.id, l.number, l.message("\n"))
}

func (l labelled) asJSON() []byte {
	text, _ := json.Marshal(map[string]any{"EventID": l.id, "Channel": "Microsoft-Windows-Sysmon/Operational", "Computer": "PC9.corp.example",
		"TimeCreated": fmt.Sprintf("2024-05-01T00:00:%02dZ", l.number), "RecordNumber": l.number, "Message": l.message("\r\n")})
	return text
}

// start is a process start with all fields, of a parent by number; 0 is the scheduler.
func startOf(n, parent int, command, parentCommand string) labelled {
	values := map[string]string{
		"RuleName": "-", "UtcTime": fmt.Sprintf("2024-05-01 00:00:%02d.100", n), "ProcessGuid": worlds.GUID(n), "ProcessId": fmt.Sprint(2000 + n),
		"Image": fmt.Sprintf(`C:\Tools\p%d.exe`, n), "FileVersion": "1.2.3.4", "Description": "a tool", "Product": "tools", "Company": "Corp",
		"OriginalFileName": fmt.Sprintf("p%d.exe", n), "CommandLine": command, "CurrentDirectory": `C:\Tools\`, "User": `CORP\jo`,
		"LogonGuid": worlds.GUID(999), "LogonId": "0x3e7", "TerminalSessionId": "0", "IntegrityLevel": "System", "Hashes": "SHA256=" + strings.Repeat("ab", 32),
		"ParentProcessGuid": worlds.GUID(parent), "ParentProcessId": fmt.Sprint(2000 + parent), "ParentImage": fmt.Sprintf(`C:\Tools\p%d.exe`, parent),
		"ParentCommandLine": parentCommand, "ParentUser": `CORP\jo`,
	}
	if parent == 0 {
		values["ParentImage"], values["ParentCommandLine"] = `C:\Windows\System32\svchost.exe`, worlds.Scheduler
	}
	return labelled{1, messageTitles[1], n, values}
}

func connectOf(n, by int, to string) labelled {
	return labelled{3, messageTitles[3], n, map[string]string{
		"RuleName": "-", "UtcTime": fmt.Sprintf("2024-05-01 00:00:%02d.100", n), "ProcessGuid": worlds.GUID(by), "ProcessId": fmt.Sprint(2000 + by),
		"Image": fmt.Sprintf(`C:\Tools\p%d.exe`, by), "User": `CORP\jo`, "Protocol": "tcp", "Initiated": "true", "SourceIsIpv6": "false",
		"SourceIp": "10.0.0.9", "SourceHostname": "-", "SourcePort": "50123", "SourcePortName": "-", "DestinationIsIpv6": "false",
		"DestinationIp": to, "DestinationHostname": "-", "DestinationPort": "443", "DestinationPortName": "https",
	}}
}

// forged returns lines that look like fields, some of them, in some order: what a command
// line may hold that was written to leave the hunt.
func forged(r *rand.Rand, whole bool) string {
	fake := startOf(77, 78, `C:\Windows\explorer.exe`, `C:\Windows\explorer.exe`)
	labels := fake.labels()
	var lines []string
	if whole { // all that stands behind the command line, but for the last
		for _, label := range labels[11 : len(labels)-1] {
			lines = append(lines, label+": "+fake.values[label])
		}
	} else {
		for range 1 + r.IntN(6) {
			label := labels[r.IntN(len(labels))]
			lines = append(lines, strings.Repeat(" ", r.IntN(2))+label+": "+fake.values[label])
		}
	}
	return "\n" + strings.Join(lines, "\n") + "\n\""
}

// Whatever a command line holds, texts tell the same trees as the XML of the same events.
func TestHostileCommandLinesChangeNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("it reads much, and in one way only")
	}
	two := 0
	for seed := range uint64(80) {
		r := rand.New(rand.NewPCG(seed, 9))
		commands := []string{"", "run \"", "go \"", "call \""}
		for i := 1; i < len(commands); i++ {
			if r.IntN(2) == 0 {
				commands[i] += forged(r, r.IntN(3) == 0)
			}
		}
		events := []labelled{startOf(1, 0, commands[1], ""), startOf(2, 1, commands[2], commands[1]), startOf(3, 2, commands[3], commands[2]), connectOf(4, 3, "198.51.100.9")}
		var asXML, classic, messages [][]byte
		for _, e := range events {
			asXML, classic, messages = append(asXML, e.asXML()), append(classic, e.asClassic()), append(messages, e.asJSON())
		}
		want := doors.Hunted(t, doors.Everything, asXML)
		if len(want.Kind("node")) != 3 || len(want.Kind("connection")) != 1 {
			t.Fatalf("the XML tells another story:\n%s", want.Text)
		}
		for name, texts := range map[string][][]byte{"classic text": classic, "messages in JSON": messages} {
			got := doors.Hunted(t, doors.Everything, worlds.Shuffled(texts, seed))
			doors.SameRows(t, fmt.Sprintf("seed %d: %s", seed, name), got.Text, want.Text)
			if strings.Contains(strings.Join(got.Messages, "\n"), "read in several ways") {
				two++
			}
		}
		if t.Failed() {
			return
		}
	}
	if two < 30 {
		t.Errorf("only %d hunts had a text of two readings: these command lines test little", two)
	}
}

// A value that is lost, or one too many, puts all others under their neighbours' labels.
// They are put back, or the event is not used: no row has what no event says.
func TestShiftedLabelsTellNothingWrong(t *testing.T) {
	if testing.Short() {
		t.Skip("it reads much, and in one way only")
	}
	right, unfit := 0, 0
	for _, id := range []int{1, 3} {
		for lost := range messageTitlesLabels(id) {
			for missing := 1; missing <= 2; missing++ {
				events := []labelled{startOf(1, 0, "run.exe -x", ""), connectOf(2, 1, "198.51.100.9")}
				at := id / 3
				want := doors.Hunted(t, doors.Everything, [][]byte{events[0].asXML(), events[1].asXML()})
				if !events[at].lose(lost, missing) {
					continue
				}
				for _, texts := range [][][]byte{{events[0].asXML(), events[1].asXML()}, {events[0].asClassic(), events[1].asClassic()}} {
					got := doors.Hunted(t, doors.Everything, texts)
					for _, r := range got.Kind("connection") {
						if r.Get("remote_ip") != "198.51.100.9" || r.Get("remote_port") != "443" || strings.Contains(r.Get("remote_host"), "false") {
							t.Errorf("event %d without value %d (%d): a call to %q %q port %q", id, lost, missing, r.Get("remote_ip"), r.Get("remote_host"), r.Get("remote_port"))
						}
					}
					if len(got.Rows) == len(want.Rows) {
						right++
					} else if unfit++; !strings.Contains(strings.Join(got.Messages, "\n"), "do not fit their labels") {
						t.Errorf("event %d without value %d (%d): rows are missing and nothing is said: %q\n%s", id, lost, missing, got.Messages, got.Text)
					}
				}
			}
		}
	}
	if right < 4*unfit || unfit == 0 {
		t.Errorf("%d were put right and %d not", right, unfit)
	}
}

func messageTitlesLabels(id int) []string { return record.MessageLabels(messageTitles[id]) }

// lose takes values away that may be lost, and moves those behind to the front.
func (l *labelled) lose(at, missing int) bool {
	labels := l.labels()
	if at+missing > len(labels) {
		return false
	}
	for _, label := range labels[at : at+missing] {
		switch label {
		case "RuleName", "FileVersion", "Description", "Product", "Company", "OriginalFileName", "SourceHostname", "SourcePortName",
			"DestinationHostname", "DestinationPortName", "ParentUser":
		default:
			return false
		}
	}
	for i := at; i < len(labels); i++ {
		if i+missing < len(labels) {
			l.values[labels[i]] = l.values[labels[i+missing]]
		} else {
			l.values[labels[i]] = fmt.Sprintf("%%%d", i+1)
		}
	}
	return true
}
