package bundle_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/score"
	"github.com/schtaskhunt/schtaskhunt/app/spl"
	"github.com/schtaskhunt/schtaskhunt/app/standin"
)

// saved returns a saved search of the app, its macros filled in.
func saved(t *testing.T, name string) (s stanza, search spl.Search) {
	t.Helper()
	s = find(t, conf(t, files(t, withoutPrograms(false)), "default/savedsearches.conf"), name)
	search, err := spl.Parse(expand(t, macros(t), s.values["search"]))
	if err != nil {
		t.Fatal(err)
	}
	return s, search
}

const (
	alert        = "Scheduled Task Hunt - alert each 4 hours"
	alertCounted = "Scheduled Task Hunt - alert each 4 hours, with the census"
)

// splunk is a world in which schtaskhunt returns the given rows.
func splunk(t *testing.T, rows []spl.Row) *spl.World {
	t.Helper()
	columns := map[string][]string{}
	for _, s := range conf(t, files(t, withoutPrograms(false)), "default/transforms.conf") {
		if list := s.values["fields_list"]; list != "" {
			columns[s.name] = strings.Split(list, ", ")
		}
	}
	return &spl.World{
		Now: time.Unix(1_800_000_000, 0), Columns: columns, Lookups: map[string][]spl.Row{"schtaskhunt_told": nil},
		Commands: map[string]func(string, []spl.Row) ([]spl.Row, error){
			"schtaskhunt": func(string, []spl.Row) ([]spl.Row, error) { return rows, nil },
		},
	}
}

// calls are the rows of a finding as a hunt returns them: a process and a connection on
// each device. What is empty is an empty text, as in the CSV that the command writes.
func huntRows(finding string, score float64, devices ...string) (rows []spl.Row) {
	for i, device := range devices {
		for _, kind := range []string{"node", "connection"} {
			row := spl.Row{
				"row": {kind}, "_time": {"1799990000"}, "finding_id": {finding}, "score": {fmt.Sprintf("%.1f", score)}, "device": {device}, "tree_id": {fmt.Sprintf("t%d", i)},
				"why":       {"rare +5.5 task on 1 of 300 devices", "hidden +2.0 a window that is hidden by its command line (T1564.003); 1 of 9 rare findings do"},
				"task_name": {`\Updates\sync`}, "root_template": {"wscript.exe <user>.js"}, "root_process": {"wscript.exe anna.js"}, "parent_process": {"svchost.exe -k netsvcs -p -s Schedule"},
				"user": {`CORP\anna`}, "process_name": {"wscript.exe"}, "process": {"wscript.exe anna.js"}, "process_path": {`C:\Windows\System32\wscript.exe`}, "process_hash": {"aa"},
				"known": {""}, "coverage": {""}, "task_edge": {"task_pid"}, "task_created": {""}, "task_author": {""}, "task_trigger": {""},
				"remote_host": {""}, "remote_ip": {""}, "remote_port": {""}, "remote_url": {""}, "connection_count": {"3"}, "first_seen": {"1799990001"}, "last_seen": {"1799990100"}, "beacon_score": {""}, "beacon_period": {""},
			}
			if kind == "connection" {
				row["remote_host"], row["remote_ip"], row["remote_port"] = []string{"sync.example"}, []string{"203.0.113.7"}, []string{"443"}
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func alerts(t *testing.T, w *spl.World, rows []spl.Row) []spl.Row {
	t.Helper()
	_, search := saved(t, alert)
	w.Commands["schtaskhunt"] = func(string, []spl.Row) ([]spl.Row, error) { return rows, nil }
	out, err := search.Run(w, nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestOneAlertAFinding tells what is news, run after run: each step has the score, the
// devices, and whether an alert is due.
func TestOneAlertAFinding(t *testing.T) {
	w := splunk(t, nil)
	keys := map[string]bool{}
	for i, step := range []struct {
		score   float64
		devices string
		news    string
	}{
		{score.Alert + 1, "a", "new"},
		{score.Alert + 1, "a", ""},
		{score.Alert - 0.1, "a", ""}, // below the alert's score the hunt would not return it
		{score.Alert + 8.9, "a", ""}, // risen by less than the step
		{score.Alert + 9, "a", "score"},
		{score.Alert + 1, "a", ""}, // fallen
		{score.Alert + 9, "a", ""}, // and back
		{score.Alert + 9, "a b", "device"},
		{score.Alert + 9, "b", ""}, // one went quiet
		{score.Alert + 9, "a", ""},
		{score.Alert + 9, "c", "device"}, // as many devices as before, and one that is new
		{score.Alert + 17, "a b c", "score"},
	} {
		rows := alerts(t, w, huntRows("f1", step.score, strings.Fields(step.devices)...))
		var news string
		for _, row := range rows {
			news = row["news"][0]
			if key := row["alert_key"][0]; keys[key] {
				t.Errorf("step %d: the throttle holds back %s", i, key)
			} else {
				keys[key] = true
			}
		}
		if news != step.news || len(rows) > 1 {
			t.Errorf("step %d, %v on %s: %d alerts, news %q, want %q", i, step.score, step.devices, len(rows), news, step.news)
		}
	}
	if n := len(w.Lookups["schtaskhunt_told"]); n != 1 {
		t.Errorf("%d records of one finding", n)
	}
}

// TestBothAlertsAreOne: with a census the alert reads a day and not a week, and is the same in
// all else: its rows, its throttle, its actions.
func TestBothAlertsAreOne(t *testing.T) {
	week, _ := saved(t, alert)
	day, _ := saved(t, alertCounted)
	differ := map[string]bool{"description": true, "search": true, "dispatch.earliest_time": true}
	if !slices.Equal(week.keys, day.keys) {
		t.Errorf("one has %v, the other %v", week.keys, day.keys)
	}
	for _, key := range week.keys {
		if same := week.values[key] == day.values[key]; same == differ[key] {
			t.Errorf("%s: %q and %q", key, week.values[key], day.values[key])
		}
	}
	behind := func(search string) string {
		_, hunt, _ := strings.Cut(search, "| schtaskhunt ")
		options, rest, _ := strings.Cut(hunt, "\n")
		return strings.Replace(options, ` baseline="schtaskhunt_census.csv"`, "", 1) + "\n" + rest
	}
	if a, b := behind(week.values["search"]), behind(day.values["search"]); a != b || !strings.Contains(a, "schtaskhunt_told") {
		t.Errorf("behind the baseline one is\n%s\nand the other\n%s", a, b)
	}
}

// TestAlertsRows: a row a finding, and what Enterprise Security's actions name is in it.
func TestAlertsRows(t *testing.T) {
	w := splunk(t, nil)
	rows := alerts(t, w, append(huntRows("f1", score.Alert, "pc1", "pc2"), huntRows("f2", 2*score.Alert, "pc3")...))
	if len(rows) != 2 || rows[0]["finding_id"][0] != "f2" {
		t.Fatalf("%d rows: %v", len(rows), rows)
	}
	row := rows[1]
	for field, want := range map[string]string{
		"risk_score": "50", "dest": "pc1 pc2", "devices": "2", "runs": "2", "contacts": "6", "task": `\Updates\sync`,
		"annotations.mitre_attack": "T1053.005 T1071 T1564.003", "remote_host": "sync.example", "remote_ip": "203.0.113.7", "dest_port": "443", "user": `CORP\anna`,
		"risk_message": `Scheduled task \Updates\sync on 2 device(s), pc1, pc2: 19.2 bits, 6 contacts with sync.example`,
	} {
		if got := strings.Join(row[field], " "); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
	if got := rows[0]["risk_score"][0]; got != "75" {
		t.Errorf("twice the alert's score is a risk of %s, want 75", got)
	}
	s, _ := saved(t, alert)
	var modifiers []struct {
		Risk   string `json:"risk_object_field"`
		Threat string `json:"threat_object_field"`
		Type   string `json:"risk_object_type"`
		Kind   string `json:"threat_object_type"`
	}
	if err := json.Unmarshal([]byte(s.values["action.risk.param._risk"]), &modifiers); err != nil || len(modifiers) == 0 {
		t.Fatalf("%d modifiers, %v", len(modifiers), err)
	}
	for _, m := range modifiers {
		if field := m.Risk + m.Threat; len(row[field]) == 0 {
			t.Errorf("the risk action names %s, which the row does not have", field)
		}
		if m.Risk != "" && !slices.Contains(riskTypes, m.Type) || m.Threat != "" && !slices.Contains(threatTypes, m.Kind) {
			t.Errorf("%+v is of no type that Splunk's content has", m)
		}
	}
	for _, field := range strings.Split(s.values["action.notable.param.nes_fields"], ",") {
		if len(row[field]) == 0 {
			t.Errorf("the notable names %s, which the row does not have", field)
		}
	}
	for _, field := range strings.Split(s.values["alert.suppress.fields"], ",") {
		if len(row[field]) != 1 || s.values["alert.digest_mode"] != "0" || s.values["alert.suppress"] != "1" {
			t.Errorf("throttled by %s, which is %q", field, row[field])
		}
	}
	for _, action := range []string{"email", "webhook", "risk", "notable", "correlationsearch.enabled"} {
		if s.values["action."+action] != "0" {
			t.Errorf("action.%s is %q: the admin turns it on", action, s.values["action."+action])
		}
	}
}

// Types of Splunk's own content: contentctl's list for ESCU (its RBA types), of which the
// app uses these. `task` is ours, for the rows that collect writes; it is not among them.
var (
	riskTypes   = []string{"system", "user", "other"}
	threatTypes = []string{"command", "domain", "file_hash", "file_name", "file_path", "ip_address", "parent_process", "parent_process_name", "process", "process_name", "service", "url"}
)

// TestRiskCurve: it never falls, and never reaches 100.
func TestRiskCurve(t *testing.T) {
	last := -1.0
	for bits := 0.0; bits <= 90; bits += 5 {
		w := splunk(t, nil)
		rows := alerts(t, w, huntRows("f", bits, "pc"))
		risk, err := strconv.ParseFloat(rows[0]["risk_score"][0], 64)
		if err != nil || risk < last || risk >= 100 || math.Abs(risk-100*(1-math.Pow(2, -bits/score.Alert))) > 0.5 {
			t.Errorf("%v bits are a risk of %v after %v (%v)", bits, risk, last, err)
		}
		last = risk
	}
}

// TestRiskWithoutEnterpriseSecurity: one event a device and person of what was told in the
// last day, none for Windows' own accounts, none twice for what was told before.
func TestRiskWithoutEnterpriseSecurity(t *testing.T) {
	rows := huntRows("f1", score.Alert+10, "pc1", "pc2")
	rows[0]["user"] = []string{`NT AUTHORITY\SYSTEM`}
	rows[1]["user"] = []string{`CORP\PC1$`}
	w := splunk(t, nil)
	w.Lookups["schtaskhunt_told"] = []spl.Row{
		{"finding_id": {"f1"}, "told_time": {"1799990000"}}, {"finding_id": {"f2"}, "told_time": {"1799000000"}},
	}
	_, search := saved(t, "Scheduled Task Hunt - risk without Enterprise Security")
	w.Commands["schtaskhunt"] = func(string, []spl.Row) ([]spl.Row, error) {
		return append(rows, append(huntRows("f2", 40, "pc9"), huntRows("f3", 40, "pc8")...)...), nil
	}
	if _, err := search.Run(w, nil); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range w.Collected["risk"] {
		got = append(got, row["risk_object_type"][0]+" "+row["risk_object"][0]+" "+row["risk_score"][0])
		if a, b := len(row["threat_object"]), len(row["threat_object_type"]); a != b || a != 4 {
			t.Errorf("%d threat objects of %d types", a, b)
		}
	}
	if want := []string{"system pc1 65", "system pc2 65", `user CORP\anna 65`}; !slices.Equal(got, want) {
		t.Errorf("collected %q, want %q", got, want)
	}
}

// TestEmptyIsNull: whether Splunk takes the command's empty cells for empty texts or for
// nothing, the alerts are the same.
func TestEmptyIsNull(t *testing.T) {
	rows := huntRows("f1", 30, "pc1", "pc2")
	var without []spl.Row
	for _, row := range rows {
		bare := spl.Row{}
		for name, values := range row {
			if values[0] != "" {
				bare[name] = values
			}
		}
		without = append(without, bare)
	}
	if a, b := fmt.Sprint(alerts(t, splunk(t, nil), rows)), fmt.Sprint(alerts(t, splunk(t, nil), without)); a != b {
		t.Errorf("with empty texts\n%s\nwithout\n%s", a, b)
	}
}

// rowsOf makes rows of what the command returned, with the values of its __mv_ columns.
func rowsOf(result standin.Result) (rows []spl.Row) {
	for _, cells := range result.Rows {
		row := spl.Row{}
		for i, name := range result.Header {
			if multi := slices.Index(result.Header, "__mv_"+name); multi >= 0 && cells[multi] != "" {
				row[name] = severals(cells[multi])
			} else if !strings.HasPrefix(name, "__mv_") && cells[i] != "" {
				row[name] = []string{cells[i]}
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// severals reads $a$;$b$, in which $$ is a dollar sign.
func severals(s string) (values []string) {
	for _, part := range strings.Split(strings.TrimSuffix(strings.TrimPrefix(s, "$"), "$"), "$;$") {
		values = append(values, strings.ReplaceAll(part, "$$", "$"))
	}
	return values
}

// The macro's number is the program's: what docs/scoring.md says of it holds for the alert.
func TestAlertScoreIsTheScores(t *testing.T) {
	if text := expand(t, macros(t), "`schtaskhunt_alert_score`"); strings.TrimSpace(text) != fmt.Sprint(score.Alert) {
		t.Errorf("the macro is %q, the score's constant %v", text, score.Alert)
	}
}
