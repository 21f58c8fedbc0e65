package bundle_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/allow"
	"github.com/schtaskhunt/schtaskhunt/app/bundle"
	"github.com/schtaskhunt/schtaskhunt/app/spl"
)

// screen is a dashboard whose hunts run on the demo's events through the stand-in.
type screen struct {
	t      *testing.T
	app    installed
	header []string
	events [][]string
	world  *spl.World
	tokens map[string]string
	base   []spl.Row
}

func newScreen(t *testing.T) *screen {
	s := &screen{t: t, app: installApp(t, true), header: fieldsOf(t, "schtaskhunt_sysmon"), tokens: map[string]string{}}
	s.events = events(t, s.header)
	s.world = &spl.World{
		Now: time.Unix(1_800_000_000, 0), Commands: map[string]func(string, []spl.Row) ([]spl.Row, error){bundle.App: s.hunt},
		Lookups: map[string][]spl.Row{
			"schtaskhunt_told":           {{"finding_id": {"f"}, "told_score": {"31"}, "told_device": {"a", "b"}, "told_time": {"1799990000"}}},
			"schtaskhunt_allow_command":  {{"command": {"# an example"}, "added": {"2026-01-01"}}, {"command": {"a.exe"}, "added": {"2026-11-01"}}},
			"schtaskhunt_allow_path":     {{"path": {`C:\a.exe`}}},
			"schtaskhunt_allow_dest":     {{"dest": {"a.example"}, "added": {"2026-12-01"}, "comment": {"ours"}}},
			"schtaskhunt_allow_findings": {{"entry": {"00"}, "finding_id": {"f"}, "process": {"a.exe||a"}, "added": {"2026-11-20"}, "expires": {"2027-02-18"}}},
		},
	}
	return s
}

func (s *screen) hunt(arguments string, _ []spl.Row) ([]spl.Row, error) {
	result := s.app.run(s.t, arguments, s.header, s.events)
	if result.Error != "" {
		return nil, fmt.Errorf("the hunt says: %s", result.Error)
	}
	return rowsOf(result), nil
}

// run runs a panel's search, with the tokens filled in as Splunk Web does.
func (s *screen) run(p panel) []spl.Row {
	s.t.Helper()
	text := p.Search.Query
	for name, value := range s.tokens {
		text = strings.ReplaceAll(text, "$"+name+"$", value)
		text = strings.ReplaceAll(text, "$"+name+"|s$", `"`+strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value)+`"`)
	}
	if strings.Contains(text, "$") {
		s.t.Errorf("%s: a token is left in %s", p.Title, text)
	}
	var rows []spl.Row
	text = expand(s.t, macros(s.t), text)
	if p.Search.Base != "" {
		text, rows = "| "+text, s.base
	}
	search, err := spl.Parse(text)
	if err != nil {
		s.t.Fatalf("%s: %v", p.Title, err)
	}
	if strings.HasPrefix(search.Terms, "index=_internal") {
		rows = schedulerLog
	}
	out, err := search.Run(s.world, rows)
	if err != nil {
		s.t.Fatalf("%s: %v", p.Title, err)
	}
	return out
}

// schedulerLog is what the scheduler writes of runs, in the fields of its log.
var schedulerLog = []spl.Row{
	{"_time": {"1799990000"}, "savedsearch_name": {alert}, "status": {"success"}, "run_time": {"12.5"}, "result_count": {"1"}},
	{"_time": {"1799995000"}, "savedsearch_name": {alert}, "status": {"skipped"}, "run_time": {"0"}, "result_count": {"0"}},
}

// print writes a panel as a person would see it: go test -v.
func (s *screen) print(p panel, rows []spl.Row) {
	names := p.shown()
	if len(names) == 0 && len(rows) > 0 {
		for name := range rows[0] {
			names = append(names, name)
		}
		slices.Sort(names)
	}
	var b strings.Builder
	for i, row := range rows {
		for _, name := range names {
			fmt.Fprintf(&b, "%s=%.60s  ", name, strings.Join(row[name], " ⏎ "))
		}
		b.WriteByte('\n')
		if i == 5 {
			break
		}
	}
	s.t.Logf("%s: %d rows\n%s", p.Title, len(rows), b.String())
}

// TestPanels clicks through the dashboard: the first finding, its first destination and
// device, a process of its tree. Every panel has rows then, and each field that it shows is
// in one of them at least. What the panels say is then held to the hunt itself.
func TestPanels(t *testing.T) {
	s := newScreen(t)
	for _, name := range views {
		v, _ := readView(t, name)
		for _, in := range v.Inputs {
			s.tokens[in.Token] = in.Default
		}
		s.tokens["recent"], s.tokens["min_score"], s.tokens["mapper"], s.tokens["events"] = "all", "0", "raw=t", "`schtaskhunt_sysmon_events`"
		if v.Search.Query != "" {
			p := panel{Title: "the hunt"}
			p.Search.Query = v.Search.Query
			s.base = s.run(p)
		}
		for _, p := range panels(t, name) {
			rows := s.run(p)
			if name == dashboard {
				s.click(rows)
			}
			s.print(p, rows)
			s.check(p, rows)
		}
	}
	s.reasonsAddUp()
	s.proposalsHide()
}

// click sets what a click on the first row that has it would.
func (s *screen) click(rows []spl.Row) {
	for token, field := range map[string]string{"finding": "finding_id", "propose": "finding_id", "tree": "tree_id", "task": "task", "remote": "remote", "device": "device", "needle": "needle"} {
		for _, row := range rows {
			if len(row[field]) == 1 && s.tokens[token] == "" {
				s.tokens[token] = row[field][0]
			}
		}
	}
}

// mayBeEmpty are fields that this demo does not have: no task events, no beacon, nothing known;
// and those of an entry, which a finding that is refused has not (see proposalsHide).
var mayBeEmpty = []string{"every", "known", "beacon_score", "not_known", "process", "process_slots", "remote", "departs", "expires"}

func (s *screen) check(p panel, rows []spl.Row) {
	s.t.Helper()
	if len(rows) == 0 && !strings.HasPrefix(p.Title, "Raw events") { // there is no index here
		s.t.Errorf("%s is empty", p.Title)
		return
	}
	for _, name := range p.shown() {
		has := slices.ContainsFunc(rows, func(r spl.Row) bool { return len(r[name]) > 0 && r[name][0] != "" })
		if !has && !slices.Contains(mayBeEmpty, name) {
			s.t.Errorf("%s: no row has %s", p.Title, name)
		}
	}
}

// titled returns the panel whose title begins so.
func (s *screen) titled(beginning string) panel {
	s.t.Helper()
	for _, p := range panels(s.t, dashboard) {
		if strings.HasPrefix(p.Title, beginning) {
			return p
		}
	}
	s.t.Fatalf("no panel is titled %s", beginning)
	return panel{}
}

// reasonsAddUp: the panel of reasons shows parts that add up to the finding's score.
func (s *screen) reasonsAddUp() {
	reasons, checked := s.titled("Why "), map[string]bool{}
	for _, row := range s.base {
		id := row["finding_id"][0]
		if checked[id] {
			continue
		}
		checked[id], s.tokens["finding"] = true, id
		sum := 0.0
		for _, part := range s.run(reasons) {
			bits, err := strconv.ParseFloat(part["bits"][0], 64)
			if err != nil {
				s.t.Error(err)
			}
			sum += bits
		}
		if got := fmt.Sprintf("%.1f", sum); got != row["score"][0] {
			s.t.Errorf("finding %s scores %s, its reasons %s", id, row["score"][0], got)
		}
	}
	if len(checked) < 2 {
		s.t.Errorf("%d findings checked", len(checked))
	}
}

// proposalsHide: the entry that is proposed for a finding, kept in a list, hides the finding and
// no other; and where there is none, the panel says why.
func (s *screen) proposalsHide() {
	proposed, refused := 0, 0
	for _, id := range s.findings() {
		s.tokens["propose"] = id
		rows := s.run(s.titled("Allow-list proposal"))
		if why := valueOf(rows[0], "refused"); why != "" {
			refused++
			if valueOf(rows[0], "verdict") != "none: "+why {
				s.t.Errorf("finding %s: %q is refused with %q", id, valueOf(rows[0], "verdict"), why)
			}
			continue
		}
		if proposed++; proposed > 1 {
			break
		}
		for _, name := range s.titled("Allow-list proposal").shown() {
			if valueOf(rows[0], name) == "" {
				s.t.Errorf("the proposal for finding %s has no %s", id, name)
			}
		}
		s.hides(id, rows)
	}
	if proposed == 0 {
		s.t.Errorf("of %d findings none has an entry", refused)
	}
}

func valueOf(row spl.Row, field string) string {
	if len(row[field]) == 0 {
		return ""
	}
	return row[field][0]
}

// findings are the ids of the first few findings on the screen.
func (s *screen) findings() (ids []string) {
	for _, row := range s.base {
		if id := valueOf(row, "finding_id"); id != "" && !slices.Contains(ids, id) && len(ids) < 6 {
			ids = append(ids, id)
		}
	}
	return ids
}

// hides keeps entries in a list, and hunts with it and without.
func (s *screen) hides(id string, entries []spl.Row) {
	var list bytes.Buffer
	w := csv.NewWriter(&list)
	lines := [][]string{allow.Columns}
	for _, row := range entries {
		var line []string
		for _, column := range allow.Columns {
			line = append(line, strings.Join(row[column], "\n"))
		}
		lines = append(lines, line)
	}
	if err := w.WriteAll(lines); err != nil {
		s.t.Fatal(err)
	}
	app := strings.TrimSuffix(filepath.ToSlash(s.app.program), "/"+here(s.t).Path())
	if err := os.WriteFile(filepath.Join(app, "lookups", "proposed.csv"), list.Bytes(), 0o600); err != nil {
		s.t.Fatal(err)
	}
	rows, err := s.hunt(`recent=all lookback=all output=findings allow="proposed.csv"`, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	before, err := s.hunt("recent=all lookback=all output=findings", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	hidden := !slices.ContainsFunc(rows, func(r spl.Row) bool { return valueOf(r, "finding_id") == id })
	if !hidden || len(rows) != len(before)-1 {
		s.t.Errorf("finding %s is hidden: %t; of %d findings %d are left with\n%s", id, hidden, len(before), len(rows), list.String())
	}
}
