package schema

import (
	"encoding/json"
	"strings"
	"testing"
)

// recased writes the names of an object in another letter case.
func recased(to func(string) string, raw string) map[string]any {
	var m, out map[string]any
	d := json.NewDecoder(strings.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&m); err != nil {
		panic(err)
	}
	out = map[string]any{}
	for name, v := range m {
		if name[0] != '@' {
			name = to(name)
		}
		out[name] = v
	}
	return out
}

func init() {
	for name, to := range map[string]func(string) string{"lower": strings.ToLower, "upper": strings.ToUpper} {
		shapes = append(shapes,
			shape{name: "an object in " + name + " case", write: func(e sysmonEvent) fields { return text(jsonText(recased(to, inFlat(e)[Raw]))) }},
		)
	}
}

// TestDefendersColumnsInOneLetterCase has a row as a table and as an object.
func TestDefendersColumnsInOneLetterCase(t *testing.T) {
	row := map[string]string{
		"Timestamp": "2026-03-04T05:06:07.6Z", "DeviceId": "d1", "DeviceName": computer, "ActionType": "ProcessCreated", "FileName": "updater.exe", "FolderPath": updater,
		"SHA1": strings.Repeat("ab", 20), "SHA256": sha256, "MD5": strings.Repeat("cd", 16), "ProcessId": "4321", "ProcessCommandLine": updaterRun, "ProcessCreationTime": "2026-03-04T05:06:07.4980566Z",
		"AccountDomain": "corp", "AccountName": "maja", "InitiatingProcessId": "1200", "InitiatingProcessFileName": "svchost.exe", "InitiatingProcessCommandLine": "svchost.exe -k netsvcs -p -s Schedule",
		"InitiatingProcessCreationTime": "2026-03-04T04:00:00Z", "ReportId": "77",
	}
	r := newReading(t)
	kind, want := r.readRecord(csvRow(t, row))
	for _, to := range []func(string) string{strings.ToLower, strings.ToUpper} {
		other := map[string]string{}
		for name, v := range row {
			other[to(name)] = v
		}
		got, facts := newReading(t).readRecord(csvRow(t, other))
		checkKind(t, got, kind)
		checkFacts(t, facts, want)
		checkEvent(t, text(jsonText(other)), kind, want)
	}
}

// TestFewNamesInOneLetterCaseAreOthers: a name that means something as it stands, and names
// that are no Windows log's, are not taken for others.
func TestFewNamesInOneLetterCaseAreOthers(t *testing.T) {
	for _, raw := range []string{
		`{"eventid":1,"channel":"Microsoft-Windows-Sysmon/Operational","processid":5,"processguid":"{8f2a3c00-0000-0000-0000-000000000001}","utctime":"2026-03-04 05:06:07","computer":"x"}`,
		`{"timestamp":"2026-03-04T05:06:07Z","user":"a","image":"x","host":"h","process_id":7}`,
	} {
		if kind, got := newReading(t).read(text(raw)); inUse(kind) {
			t.Errorf("%s is %v", raw, got)
		}
	}
}
