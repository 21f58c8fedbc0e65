package roots_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/rounds"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// start is what an event of a process start says, read with nothing of the program.
type start struct {
	parent, child, parentCommand string
	at, parentAt                 time.Time // parentAt is zero where nothing tells
}

// countedRoots are, by preset, the parents that a person would look for in a capture, with
// the mark that their command line needs.
var countedRoots = map[string]map[string]string{
	"service": {"services.exe": ""},
	"wmi":     {"wmiprvse.exe": "", "scrcons.exe": ""},
	"winrm":   {"wsmprovhost.exe": "", "winrshost.exe": ""},
	"dcom":    {"dllhost.exe": "/processid:", "mmc.exe": "-embedding"},
	"office":  {"winword.exe": "", "excel.exe": "", "powerpnt.exe": "", "outlook.exe": "", "onenote.exe": "", "msaccess.exe": ""},
	"web":     {"w3wp.exe": "", "httpd.exe": "", "nginx.exe": "", "php-cgi.exe": "", "java.exe": "catalina", "sqlservr.exe": ""},
	"logon":   {"userinit.exe": "", "runonce.exe": "", "gpscript.exe": "", "explorer.exe": ""},
}

// isRoot is the slow rule of a preset: the parent's name and mark, not the parent once more,
// and of the shell's only what came with the logon.
func (s start) isRoot(preset string) bool {
	mark, is := countedRoots[preset][s.parent]
	command := strings.ToLower(s.parentCommand)
	if !is || !strings.Contains(command, mark) || preset == "office" && s.child == s.parent {
		return false
	}
	if s.parent != "explorer.exe" {
		return true
	}
	age := s.at.Sub(s.parentAt)
	return !strings.Contains(command, "/nouaccheck") && !strings.Contains(command, "/factory") && !s.parentAt.IsZero() && age >= -2*time.Second && age <= 2*time.Minute
}

// starts reads a capture: JSON lines of Sysmon or Defender, and a binary log by its dump as
// XML. An event that is there twice is one.
func starts(t *testing.T, path string) (list []start) {
	t.Helper()
	if strings.HasSuffix(path, ".evtx") {
		path = worlds.Dumped(t, path)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var fields []map[string]string
	lines := bufio.NewScanner(bytes.NewReader(whole))
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		if f := fieldsOf(lines.Bytes()); f != nil {
			fields = append(fields, f)
		}
	}
	began, seen := map[string]time.Time{}, map[string]bool{}
	for _, f := range fields {
		began[strings.ToLower(f["ProcessGuid"])] = worlds.Moment(f["UtcTime"])
	}
	for _, f := range fields {
		if s, id := startIn(f, began); id != "" && !seen[id] {
			seen[id] = true
			list = append(list, s)
		}
	}
	return list
}

// fieldsOf are an event's fields as texts, nil where it is no process start.
func fieldsOf(line []byte) map[string]string {
	f := map[string]string{}
	var event struct {
		EventID string `xml:"System>EventID"`
		Data    []struct {
			Name  string `xml:",attr"`
			Value string `xml:",chardata"`
		} `xml:"EventData>Data"`
	}
	if xml.Unmarshal(line, &event) == nil {
		for _, d := range event.Data {
			f[d.Name] = d.Value
		}
		f["EventID"] = event.EventID
	} else {
		var object map[string]any
		if json.Unmarshal(line, &object) != nil {
			return nil
		}
		if inner, is := object["properties"].(map[string]any); is {
			object = inner
		}
		for name, value := range object {
			if n, is := value.(float64); is {
				value = int64(n)
			}
			f[name] = fmt.Sprint(value)
		}
	}
	if f["ParentImage"] != "" && f["EventID"] == "1" || f["ActionType"] == "ProcessCreated" {
		return f
	}
	return nil
}

// startIn reads Sysmon's fields or Defender's.
func startIn(f map[string]string, began map[string]time.Time) (start, string) {
	if f["ActionType"] != "" {
		return start{strings.ToLower(f["InitiatingProcessFileName"]), strings.ToLower(f["FileName"]), f["InitiatingProcessCommandLine"],
			worlds.Moment(f["ProcessCreationTime"]), worlds.Moment(f["InitiatingProcessCreationTime"])}, f["ProcessId"] + " " + f["ProcessCreationTime"]
	}
	over := strings.ToLower(f["ParentProcessGuid"])
	at, known := began[over]
	if !known {
		at = inGUID(over)
	}
	return start{worlds.LastName(f["ParentImage"]), worlds.LastName(f["Image"]), f["ParentCommandLine"], worlds.Moment(f["UtcTime"]), at}, strings.ToLower(f["ProcessGuid"])
}

// inGUID is the second within Sysmon's GUID: its second and third group, the low half first.
func inGUID(guid string) time.Time {
	groups := strings.Split(strings.Trim(guid, "{}"), "-")
	if len(groups) != 5 {
		return time.Time{}
	}
	seconds, err := strconv.ParseInt(groups[2]+groups[1], 16, 64)
	if err != nil || seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// captures are all that hold process starts.
var captures = []string{
	"sysmon/gootloader.jsonl", "sysmon/merged_theshire2020.jsonl", "sysmon/empire_dcom_shellwindows_stager.jsonl", "sysmon/empire_run_keys_standard_user.jsonl",
	"sysmon/empire_shell_rubeus_asktgt_createnetonly.jsonl", "sysmon/schtask_modification.jsonl", "sysmon/lsass_campaign_04_it01.jsonl",
	"defender/" + worlds.DefenderCapture, "evtx/sysmon.evtx",
}

// Each preset has the roots of a slow reading of the same capture, child by child. Of its
// findings none that is usual, or not labelled, stands before one that is odd; and there are
// odd ones where the captures have attacks.
func TestPresetsFindWhatASlowReadingFinds(t *testing.T) {
	if testing.Short() {
		t.Skip("it reads much, and in one way only")
	}
	found, odd := map[string]int{}, map[string]int{}
	for _, capture := range captures {
		path := worlds.Capture(t, filepath.FromSlash(capture))
		list := starts(t, path)
		for preset := range countedRoots {
			want := map[string]int{}
			for _, s := range list {
				if s.isRoot(preset) {
					want[s.parent+" > "+s.child]++
					found[preset]++
				}
			}
			roots := rootsIn(t, path, preset)
			if got := byName(roots); !maps.Equal(got, want) {
				t.Errorf("%s, %s: roots %v, want %v", capture, preset, got, want)
			}
			odd[preset] += oddFirst(t, capture+", "+preset, roots)
		}
	}
	t.Logf("%v, odd of them %v", found, odd)
	for preset, n := range found {
		if n == 0 { // web is not among them: no capture has a server's child
			t.Errorf("%s: no roots in all captures", preset)
		}
	}
	for _, preset := range []string{"service", "wmi", "winrm", "dcom", "logon"} {
		if odd[preset] == 0 {
			t.Errorf("%s: nothing odd in the captures", preset)
		}
	}
}

// rootsIn hunts for the roots of a preset, in the order of their findings.
func rootsIn(t *testing.T, path, preset string) (roots []row.Row) {
	t.Helper()
	for _, r := range doors.HuntedFiles(t, "max_devices=0 recent=all lookback=all internal=include rebuilt=none output=nodes root="+preset, path).Rows {
		if r.Get("depth") == "1" {
			roots = append(roots, r)
		}
	}
	return roots
}

// byName counts roots by their parent and name.
func byName(roots []row.Row) map[string]int {
	got := map[string]int{}
	for _, r := range roots {
		got[strings.ToLower(r.Get("parent_process_name")+" > "+r.Get("process_name"))]++
	}
	return got
}

// oddFirst counts the odd ones, none of which may stand behind one of another label.
func oddFirst(t *testing.T, where string, roots []row.Row) (odd int) {
	t.Helper()
	before := ""
	for _, r := range roots {
		switch {
		case r.Get("root_label") != "odd":
			before = r.Get("root_process")
		case before != "":
			t.Errorf("%s: %s stands behind %s", where, r.Get("root_process"), before)
		default:
			odd++
		}
	}
	return odd
}

// What others counted in the same captures by hand.
func TestPresetsCountAsOthersCounted(t *testing.T) {
	type count struct {
		capture, preset string
		want            map[string]int
	}
	for _, c := range rounds.Some([]count{
		{"defender/" + worlds.DefenderCapture, "service", map[string]int{"svchost.exe": 12, "trustedinstaller.exe": 3, "googleupdate.exe": 3, "upfc.exe": 3, "sppsvc.exe": 2}},
		{"defender/" + worlds.DefenderCapture, "logon", map[string]int{"explorer.exe": 2, "runonce.exe": 2, "securityhealthsystray.exe": 2, "rtkauduservice64.exe": 2, "wavessvc64.exe": 2, "agcinvokerutility.exe": 2, "onedrive.exe": 2, "adobecollabsync.exe": 2}},
		{"defender/" + worlds.DefenderCapture, "office", map[string]int{"excel.exe": 1}}, // Outlook's; Excel's own three are no roots
		{"sysmon/merged_theshire2020.jsonl", "service", map[string]int{"cmd.exe": 3, "wudfhost.exe": 2, "wmiapsrv.exe": 1}},
		{"sysmon/merged_theshire2020.jsonl", "wmi", map[string]int{"net.exe": 1, "whoami.exe": 1, "grunthttp2.exe": 1, "notepad.exe": 1, "cmd.exe": 1, "powershell.exe": 1}},
		{"sysmon/merged_theshire2020.jsonl", "winrm", map[string]int{"powershell.exe": 4}},
		{"sysmon/merged_theshire2020.jsonl", "office", map[string]int{"appvdllsurrogate64.exe": 2}},
	}, 4) {
		got := map[string]int{}
		for pair, n := range byName(rootsIn(t, worlds.Capture(t, filepath.FromSlash(c.capture)), c.preset)) {
			_, child, _ := strings.Cut(pair, " > ")
			got[child] += n
		}
		for child, n := range c.want {
			if got[child] != n {
				t.Errorf("%s, %s: %d of %s, want %d: %v", c.capture, c.preset, got[child], child, n, got)
			}
		}
	}
}
