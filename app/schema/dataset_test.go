package schema

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// sysmonFiles are the captures whose events have been counted by other means.
var sysmonFiles = []string{
	"gootloader", "merged_theshire2020", "lsass_campaign_04_it01", "schtask_modification",
	"empire_dcom_shellwindows_stager", "empire_run_keys_standard_user", "empire_shell_rubeus_asktgt_createnetonly",
}

func lines(t testing.TB, path string) (all [][]byte) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := bufio.NewScanner(bytes.NewReader(b))
	s.Buffer(nil, 16<<20)
	for s.Scan() {
		if len(bytes.TrimSpace(s.Bytes())) > 0 {
			all = append(all, bytes.Clone(s.Bytes()))
		}
	}
	return all
}

func textRecord(raw []byte) *record.Record {
	rec := record.New(Names())
	rec.Set(Names().Slot(Raw), raw)
	return rec
}

var guidInMessage = regexp.MustCompile(`(?m)^ProcessGuid: \{([-0-9A-Fa-f]{36})\}`)

// oracleAudit is the kind of an event of the audit log that says which process it is about.
func oracleAudit(m map[string]any, id float64) (event.Kind, bool) {
	has := func(name string) bool { return m[name] != nil && m[name] != "" }
	switch {
	case id == 4688 && has("NewProcessId"):
		return event.ProcessStart, true
	case id == 4689 && has("ProcessName") && has("ProcessId"):
		return event.ProcessEnd, true
	case id == 5156 && has("Application") && (has("ProcessID") || has("ProcessId")):
		return event.NetworkConnection, true
	}
	return event.Other, false
}

// oracleKind is the slow obvious reading of one line: by channel and id, malformed when
// neither a GUID nor a process id says which process it is about.
func oracleKind(t *testing.T, line []byte) (event.Kind, string) {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(line, &m); err != nil {
		t.Fatal(err)
	}
	channel, _ := m["Channel"].(string)
	id, _ := m["EventID"].(float64)
	kinds := map[float64]event.Kind{1: event.ProcessStart, 3: event.NetworkConnection, 5: event.ProcessEnd, 22: event.NameLookup}
	if acts[jsonText(id)] != event.NoAct && (channel == "Microsoft-Windows-TaskScheduler/Operational") == (id < 1000) && m["TaskName"] != nil {
		return event.TaskEvent, "TS" + jsonText(id)
	}
	if kind, is := oracleAudit(m, id); is && strings.EqualFold(channel, "Security") {
		return kind, "A" + jsonText(id)
	}
	kind, used := kinds[id]
	if !used || channel != sysmonLog {
		return event.Other, ""
	}
	name := "S" + jsonText(id)
	guid, _ := m["ProcessGuid"].(string)
	pid, _ := m["ProcessId"].(string)
	message, _ := m["Message"].(string)
	if strings.Trim(guid, "{}-0") == "" && strings.Trim(pid, "-0") == "" && !guidInMessage.MatchString(strings.ReplaceAll(message, "\r", "")) {
		return event.Malformed, name
	}
	return kind, name
}

func TestRealCapturesHaveTheCountedEvents(t *testing.T) {
	b, err := os.ReadFile(dataset(t, "sysmon/EXPECTED.json"))
	if err != nil {
		t.Fatal(err)
	}
	var expected map[string]struct {
		Lines int            `json:"lines"`
		Ev    map[string]int `json:"ev"`
	}
	if err := json.Unmarshal(b, &expected); err != nil {
		t.Fatal(err)
	}
	for _, name := range sysmonFiles {
		t.Run(name, func(t *testing.T) {
			r, seen, malformed := newReading(t), map[string]int{}, 0
			all := lines(t, dataset(t, "sysmon/"+name+".jsonl"))
			for i, line := range all {
				want, as := oracleKind(t, line)
				kind, _ := r.readRecord(textRecord(line))
				if kind != want {
					t.Errorf("line %d is read as %q, want %q", i+1, kindNames[kind], kindNames[want])
				}
				if seen[as]++; kind == event.Malformed {
					malformed++
				}
			}
			want := expected[name+".jsonl"]
			if len(all) != want.Lines {
				t.Errorf("%d lines, want %d", len(all), want.Lines)
			}
			for _, as := range []string{"S1", "S3", "S5", "S22"} {
				if seen[as] != want.Ev[as] {
					t.Errorf("%d events %s, want %d", seen[as], as, want.Ev[as])
				}
			}
			t.Logf("%d of %d events malformed", malformed, len(all))
		})
	}
}

// TestXMLAndJSONOfOneCaptureAgree: the same events in two shapes.
func TestXMLAndJSONOfOneCaptureAgree(t *testing.T) {
	xml, json := lines(t, dataset(t, "sysmon/gootloader_xmlwineventlog.log")), lines(t, dataset(t, "sysmon/gootloader.jsonl"))
	if len(xml) != len(json) || len(xml) == 0 {
		t.Fatalf("%d events in XML and %d in JSON", len(xml), len(json))
	}
	r := newReading(t)
	for i := range xml {
		kind, found := r.readRecord(textRecord(xml[i]))
		wantKind, want := r.readRecord(textRecord(json[i]))
		checkKind(t, kind, wantKind)
		checkFacts(t, found.with("writer", ""), want) // which the JSON does not tell
	}
}

func TestRealDefenderProcesses(t *testing.T) {
	all, r := lines(t, dataset(t, "defender/mde_proc_cs1.deviceprocessevents.jsonl")), newReading(t)
	for i, line := range all {
		kind, found := r.readRecord(textRecord(line))
		if kind != event.ProcessStart || found["pid"] == "" || found["created"] == "" || found["device"] == "" {
			t.Fatalf("line %d is read as %q: %v", i+1, kindNames[kind], found)
		}
		if p := found["parent path"]; p != "" && !strings.HasSuffix(strings.ToLower(p), strings.ToLower(`\`+found["parent name"])) {
			t.Errorf("line %d: parent path %q does not end in the name %q", i+1, p, found["parent name"])
		}
		if strings.ContainsAny(found["grandparent name"], `\/`) {
			t.Errorf("line %d: grandparent's name is a path: %q", i+1, found["grandparent name"])
		}
	}
	if len(all) != 1564 {
		t.Errorf("%d rows, want 1564", len(all))
	}
}

// TestRealPortalExport counts what the export's ActionTypes say, row by row.
func TestRealPortalExport(t *testing.T) {
	b, err := os.ReadFile(dataset(t, "defender/advanced_hunting_test.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows, all, r := record.NewRows(), record.NewRows(), newReading(t)
	if err := rows.Reset(b); err != nil {
		t.Fatal(err)
	}
	if err := all.Reset(b); err != nil {
		t.Fatal(err)
	}
	action, pid := slices.Index(rows.Columns(), "ActionType"), slices.Index(rows.Columns(), "InitiatingProcessId")
	rec, seen := record.New(Names()), map[event.Kind]int{}
	for rows.Next(rec) {
		values, _ := all.Values()
		kind, _ := r.readRecord(rec)
		seen[kind]++
		if a := string(values[action]); (kind == event.ProcessStart) != (a == "ProcessCreated") || (kind == event.NameLookup) != (a == "DnsQueryResponse") {
			t.Errorf("row %d, %s, is read as %q", rows.Number(), a, kindNames[kind])
		} else if owner := strings.Trim(string(values[pid]), "0"); slices.Contains(defenderConnections, strings.ToLower(a)) && (kind == event.NetworkConnection) != (owner != "") {
			t.Errorf("row %d, %s of process %q, is read as %q", rows.Number(), a, values[pid], kindNames[kind])
		}
		r.checkReduced(t, rec)
	}
	if rows.Number() != 129 || seen[event.ProcessStart] != 2 || seen[event.NameLookup] != 2 {
		t.Errorf("%d rows, kinds %v", rows.Number(), seen)
	}
	t.Logf("kinds %v", seen)
}

func TestRealEventsReducedToTheirUsedFieldsAreTheSame(t *testing.T) {
	r := newReading(t)
	for _, name := range append(slices.Clone(sysmonFiles), "gootloader_xmlwineventlog.log", "../defender/mde_proc_cs1.deviceprocessevents") {
		if !strings.HasSuffix(name, ".log") {
			name += ".jsonl"
		}
		for i, line := range lines(t, dataset(t, "sysmon/"+name)) {
			if r.checkReduced(t, textRecord(line)); t.Failed() {
				t.Fatalf("%s, line %d", name, i+1)
			}
		}
	}
}
