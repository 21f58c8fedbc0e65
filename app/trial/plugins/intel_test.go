package plugins_test

import (
	"encoding/csv"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/engine"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sample"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/rounds"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// readList returns the labels of a list's indicators.
func readList(t testing.TB, list string) map[string]string {
	t.Helper()
	f, err := os.Open(list)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) < 20 {
		t.Fatalf("%d lines, %v", len(rows), err)
	}
	labels := map[string]string{}
	for _, r := range rows[1:] {
		labels[r[0]] = r[3]
	}
	return labels
}

// shown are what a row shows that a list may know.
func shown(r row.Row) (values []string) {
	if r.Get("row") == "node" {
		return []string{strings.ToLower(r.Get("process_hash"))}
	}
	host := strings.TrimPrefix(r.Get("remote_url"), "https://")
	host, _, _ = strings.Cut(host, "/")
	return []string{r.Get("remote_ip"), strings.ToLower(r.Get("remote_host")), strings.ToLower(host)}
}

// Every row that shows something planted says so, and no other does; and everything
// that is planted is on some row.
func TestEveryPlantedIndicatorIsLabelled(t *testing.T) {
	for _, format := range sample.AllFormats() {
		t.Run(format, func(t *testing.T) {
			events, list := worlds.Planted(t, format)
			labels := readList(t, list)
			o := doors.HuntedWith(t, worlds.WithMapper(doors.Everything, format)+" enrich=lists", list, events)
			seen, labelled := map[string]bool{}, 0
			for _, r := range o.Rows {
				var want []string
				for _, value := range shown(r) {
					if label, planted := labels[value]; planted {
						want, seen[value] = append(want, label), true
					}
				}
				if len(want) > 0 {
					labelled++
					slices.Sort(want) // scores and sources are all the same
					want = []string{"90", want[0], "planted"}
				} else {
					want = []string{"", "", ""}
				}
				if got := []string{r.Get("intel_score"), r.Get("intel_label"), r.Get("intel_source")}; !slices.Equal(got, want) {
					t.Fatalf("says %q, want %q: %v", got, want, r)
				}
			}
			for _, r := range o.Rows { // what a lookup returned besides stands on its row
				for answer := range strings.FieldsSeq(r.Get("dns_answers")) {
					seen[answer] = seen[answer] || r.Get("intel_score") != ""
				}
			}
			for value, label := range labels {
				if !seen[value] {
					t.Errorf("%s of %s is on no row", value, label)
				}
			}
			if labelled < 50 || labelled == len(o.Rows) {
				t.Errorf("%d of %d rows are labelled: too few to test anything", labelled, len(o.Rows))
			}
		})
	}
}

// Verdicts change nothing but their own columns, and a run without them has the columns
// too.
func TestVerdictsChangeNothingElse(t *testing.T) {
	events, list := worlds.Planted(t, sample.FormatFalcon)
	for _, output := range []string{"all", "trees", "findings"} {
		args := worlds.WithMapper(doors.Everything, sample.FormatFalcon) + " output=" + output
		plain, judged := doors.HuntedWith(t, args, "", events), doors.HuntedWith(t, args+" enrich=lists", list, events)
		if len(plain.Rows) == 0 || len(plain.Rows) != len(judged.Rows) || !slices.Equal(plain.Columns, judged.Columns) {
			t.Fatalf("%d rows, and %d with verdicts", len(plain.Rows), len(judged.Rows))
		}
		first := slices.Index(plain.Columns, "intel_score")
		if first < 0 || !slices.Equal(plain.Columns[first:first+3], []string{"intel_score", "intel_label", "intel_source"}) {
			t.Fatalf("the columns are %q", plain.Columns)
		}
		different := 0
		for i := range plain.Rows {
			if plain.Rows[i].Get("intel_score") != "" {
				t.Fatalf("a verdict without a source: %v", plain.Rows[i])
			}
			before, after := plain.Rows[i].Values, slices.Clone(judged.Rows[i].Values)
			if at := slices.Index(plain.Columns, "tree"); at >= 0 {
				after[at] = withoutIntel(after[at])
			}
			different += len(strings.Join(after[first:first+3], ""))
			copy(after[first:], before[first:first+3])
			if !slices.Equal(before, after) {
				t.Fatalf("was\n%q, is\n%q", before, after)
			}
		}
		if different == 0 {
			t.Error("there are no verdicts")
		}
	}
}

// A finding has the best of what is known of its trees, and nothing where nothing is known.
func TestFindingsHaveTheBestVerdict(t *testing.T) {
	events, list := worlds.Planted(t, sample.FormatSysmon)
	args := doors.Everything + " enrich=lists output="
	best := map[string]string{} // all have one score and one source, so labels decide
	for _, r := range doors.HuntedWith(t, args+"trees", list, events).Rows {
		id, label := r.Get("finding_id"), r.Get("intel_label")
		if before := best[id]; before == "" || label != "" && label < before {
			best[id] = label
		}
	}
	known := 0
	findings := doors.HuntedWith(t, args+"findings", list, events).Rows
	for _, r := range findings {
		if got, want := r.Get("intel_label"), best[r.Get("finding_id")]; got != want {
			t.Errorf("%s: %q, want %q", r.Get("root_template"), got, want)
		}
		if r.Get("intel_label") != "" {
			known++
		}
	}
	if known < 3 || known == len(findings) || len(findings) != len(best) {
		t.Errorf("%d of %d findings are known, and there are trees of %d: too few to test anything", known, len(findings), len(best))
	}
}

// withoutIntel takes the verdicts out of a drawn tree.
func withoutIntel(tree string) string {
	lines := strings.Split(tree, "\n")
	for i, line := range lines {
		lines[i], _, _ = strings.Cut(line, "  [intel ")
	}
	return strings.Join(lines, "\n")
}

// The same through Splunk's protocol, whether or not the map half has run.
func TestPluginsInSplunk(t *testing.T) {
	events, list := worlds.Planted(t, sample.FormatFalcon)
	args := worlds.WithMapper(doors.Everything, sample.FormatFalcon) + " enrich=lists"
	want := doors.HuntedWith(t, args, list, events)
	for _, fields := range rounds.Some([]string{doors.RawFields, doors.ExtractedFields, doors.BothFields}, 1) {
		table := doors.Indexed(t, fields, events)
		doors.SameRows(t, fields, servedRows(t, args, list, table.Chunks(t, 900)...), want.Text)
		var bodies [][]byte
		for _, part := range doors.Mapped(t, args, table, 700) {
			bodies = append(bodies, part.Body(t))
		}
		doors.SameRows(t, fields+" mapped", servedRows(t, args, list, bodies...), want.Text)
	}
}

func servedRows(t *testing.T, args, list string, bodies ...[]byte) string {
	t.Helper()
	return doors.Serve(t, strings.Fields(args), doors.WithBodies(bodies...), func(s *doors.Session) { s.List = list }).Outcome(t).Text
}

// A mapper that reads rows itself gives what one gives that describes them.
func TestRowsReadByAPluginAreTheSame(t *testing.T) {
	events := worlds.Small(t, sample.FormatFalcon)
	want := doors.Hunted(t, doors.Everything+" mapper=falcon", events)
	args := doors.Everything + " mapper=rows"
	got := doors.Hunted(t, args, events)
	doors.SameRows(t, "by rows", got.Text, want.Text)
	for name, n := range want.Ledger {
		if got.Ledger[name] != n {
			t.Errorf("ledger: %s=%d, want %d", name, got.Ledger[name], n)
		}
	}
	table := doors.Indexed(t, doors.ExtractedFields, events)
	doors.SameRows(t, "by rows, in Splunk", doors.Serve(t, strings.Fields(args), doors.WithBodies(table.Chunks(t, 300)...)).Outcome(t).Text, want.Text)
	doors.SameRows(t, "by rows, mapped", doors.Searched(t, args, doors.Mapped(t, args, table, 300)...).Text, want.Text)
}

// An indexer that has no such plugin, or one that does not work, passes on what it got.
func TestMapHalfWithoutItsMapper(t *testing.T) {
	events := doors.Indexed(t, doors.BothFields, worlds.Small(t, sample.FormatFalcon))
	args := doors.Everything + " mapper=falcon"
	want := doors.Searched(t, args, events).Text
	for name, says := range map[string]string{"absent": `there is no plugin "absent"`, "gone": "plugin gone: it ended before the handshake"} {
		run := doors.Serve(t, []string{"phase=map", "mapper=" + name}, doors.WithBodies(events.Chunks(t, 500)...))
		if run.Info.Type != "streaming" || run.Info.Error != "" || !slices.Equal(run.Info.RequiredFields, []string{"*"}) {
			t.Fatalf("%s: %+v", name, run.Info)
		}
		var bodies [][]byte
		for i, r := range run.Replies {
			if string(r.Body) != string(run.Bodies[i]) {
				t.Fatalf("%s: chunk %d was changed", name, i)
			}
			bodies = append(bodies, r.Body)
		}
		last := run.Replies[len(run.Replies)-1].Inspector.Messages
		if len(last) != 1 || last[0][0] != "WARN" || !strings.Contains(last[0][1], says) {
			t.Errorf("%s: messages %q", name, last)
		}
		doors.SameRows(t, name, doors.Serve(t, strings.Fields(args), doors.WithBodies(bodies...)).Outcome(t).Text, want)
	}
}

// What fails costs what it would have told, and a warning.
func TestPluginsThatFail(t *testing.T) {
	events := worlds.Small(t, sample.FormatSysmon)
	want := doors.Hunted(t, doors.Everything, events)
	for args, says := range map[string]string{
		"enrich=broken": "WARN plugin broken: the feed is away: nothing is known through it of ",
		"enrich=lists":  "WARN setting files is missing", // nobody named a list
		"mapper=gone":   "WARN plugin gone: it ended before the handshake: events that only it reads are counted as other",
	} {
		got := doors.Hunted(t, doors.Everything+" "+args, events)
		doors.SameRows(t, args, got.Text, want.Text)
		if !slices.ContainsFunc(got.Messages, func(m string) bool { return strings.HasPrefix(m, says) }) {
			t.Errorf("%s: messages %q", args, got.Messages)
		}
	}
}

func TestPluginsThatAreNotInstalledEndTheSearchAtGetInfo(t *testing.T) {
	for option, says := range map[string]string{
		"mapper=falcn":   `mapper: there is no plugin "falcn"; did you mean falcon?`,
		"enrich=nothing": `enrich: there is no plugin "nothing"; installed are: `,
		"enrich=falcon":  `enrich: plugin "falcon" is of the other kind`,
		"mapper=../x":    `option "mapper": "../x" is not the name of a plugin`,
	} {
		run := doors.Serve(t, []string{option}, doors.WithBodies([]byte("_raw\nx\n")))
		if !strings.HasPrefix(run.Info.Error, says) || !run.Info.Finished || len(run.Replies) != 0 {
			t.Errorf("%s: %+v", option, run.Info)
		}
	}
	asked := doors.Serve(t, []string{"mapper=falcon"}).Info
	if !slices.Contains(asked.RequiredFields, "TargetProcessId") || !strings.Contains(asked.StreamingPreop, `mapper="falcon"`) {
		t.Errorf("info is %+v", asked)
	}
	if _, err := engine.Start(engine.Config{Options: doors.Parse(t, "mapper=falcon")}); err == nil {
		t.Error("a mapper that was not opened was left out silently")
	}
}
