package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
)

// Where all events are of kinds that the hunt knows and makes no tree of, the error says which.
func TestNothingNamesWhatOnlyHelps(t *testing.T) {
	for want, l := range map[string]account.Ledger{
		"they are of scheduled tasks;":                        {Events: 3, Other: 3, Tasks: 3},
		"they are ends of processes;":                         {Events: 2, End: 2},
		"they are of scheduled tasks, and ends of processes;": {Events: 3, Other: 1, Tasks: 1, End: 2},
	} {
		if err := new(seen).nothing(l, nil, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q in it", l, err, want)
		}
	}
}

// An event of Sysmon that the mode has no use for is no loss; one that it would read, and of
// which nothing is left, is.
func TestLossesAreTheModes(t *testing.T) {
	for id, want := range map[string]map[command.Mode]int{
		"1": {command.ModeHunt: 1, command.ModeKQL: 1}, "3": {command.ModeHunt: 1, command.ModeKQL: 1},
		"5": {command.ModeHunt: 1, command.ModeKQL: 0}, "22": {command.ModeHunt: 1, command.ModeKQL: 0},
	} {
		s := newSeen()
		s.sights[schema.SightOf([]byte(`{"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":`+id+`,"Computer":"a"}`))]++
		for mode, n := range want {
			if told := s.losses(mode); len(told) != n {
				t.Errorf("event id %s, mode %s: %q", id, mode, told)
			}
		}
	}
}

// Which events of no use are looked at, and so what is said of them, is the same whichever lane
// reads what: a few of each stretch of the file.
func TestLossesDoNotDependOnLanes(t *testing.T) {
	var log bytes.Buffer
	for i := range 30_000 {
		data := fmt.Sprintf(`,"UtcTime":"2026-11-20 10:00:00.%03d","ProcessGuid":"{00000000-0000-0000-0000-%012d}","ProcessId":%d,"Image":"C:\\a.exe","ParentImage":"C:\\b.exe"`, i%1000, i, i)
		id := []int{1, 5, 22}[i/700%3]
		if i%3 == 0 {
			data = "" // lost
		}
		fmt.Fprintf(&log, `{"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":%d,"Computer":"a"%s}`+"\n", id, data)
	}
	file := filepath.Join(t.TempDir(), "log.json")
	if err := os.WriteFile(file, log.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	said := ""
	for range 6 {
		var out, errs bytes.Buffer
		Main([]string{"hunt", "--recent", "all", file}, Streams{In: strings.NewReader(""), Out: &out, Err: &errs})
		warnings := ""
		for line := range strings.Lines(errs.String()) {
			if strings.Contains(line, "of no use") {
				warnings += line
			}
		}
		if said == "" {
			said = warnings
		}
		if warnings != said || strings.Count(said, "event id") < 2 {
			t.Fatalf("now:\n%s\nbefore:\n%s", warnings, said)
		}
	}
}

// A name that a character turns around is told as such, however an event has the character.
func TestTurnedNames(t *testing.T) {
	const header = "EventID,Channel,Computer,UtcTime,ProcessGuid,ProcessId,Image,CommandLine,ParentProcessGuid,ParentProcessId,ParentImage,ParentCommandLine\n"
	row := `1,Microsoft-Windows-Sysmon/Operational,pc1,2026-02-03 04:05:06.000,{00000001-1111-2222-3333-444444444444},4242,C:\Jobs\a` + "\u202e" + `fdp.exe,a.exe,` +
		`{00000002-1111-2222-3333-444444444444},900,C:\Windows\System32\svchost.exe,C:\Windows\System32\svchost.exe -k netsvcs -p -s Schedule` + "\n"
	names, values := strings.Split(strings.TrimSpace(header), ","), strings.Split(strings.TrimSpace(row), ",")
	escaped, data := "{", ""
	for i, name := range names {
		escaped += `"` + name + `":` + strconv.QuoteToASCII(values[i]) + ","
		data += `<Data Name="` + name + `">` + strings.ReplaceAll(values[i], "\u202e", "&#x202E;") + "</Data>"
	}
	var wide []byte
	for _, unit := range utf16.Encode([]rune(header + row)) {
		wide = append(wide, byte(unit), byte(unit>>8))
	}
	for name, text := range map[string]string{
		"csv": header + row, "wide csv": "\xff\xfe" + string(wide), "json": strings.TrimSuffix(escaped, ",") + "}\n",
		"xml": `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><EventID>1</EventID><Channel>Microsoft-Windows-Sysmon/Operational</Channel>` +
			"<Computer>pc1</Computer></System><EventData>" + data + "</EventData></Event>\n",
	} {
		file := filepath.Join(t.TempDir(), "events")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, stderr, _ := cli("hunt", "--format", "csv", "--output", "findings", file); !strings.Contains(out, "right_to_left") {
			t.Errorf("%s: %s%s", name, out, stderr)
		}
	}
}
