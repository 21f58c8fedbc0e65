package trial_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/engine"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sample"
	"github.com/schtaskhunt/schtaskhunt/app/trial/rounds"
)

// plantedFleet is a generated fleet on disk, with the list of what is planted in it.
func plantedFleet(t testing.TB, format string) (events [][]byte, list string) {
	t.Helper()
	cfg := wholeFleet(format)
	cfg.Devices, cfg.Days, cfg.Plants = 12, 1, 16
	dir := t.TempDir()
	sum, err := sample.Generate(cfg, dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range sum.Files {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, linesOf(text)...)
	}
	return events, filepath.Join(dir, sample.IndicatorsFile)
}

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

// huntedWith hunts with a list of indicators.
func huntedWith(t testing.TB, args, list string, events [][]byte) outcome {
	t.Helper()
	h := newHuntWith(t, args, list)
	for _, e := range events {
		_, _ = h.lane().AddText(e)
	}
	return finished(t, h, len(events))
}

// Every row that shows something planted says so, and no other does; and everything
// that is planted is on some row.
func TestEveryPlantedIndicatorIsLabelled(t *testing.T) {
	for _, format := range sample.AllFormats() {
		t.Run(format, func(t *testing.T) {
			events, list := plantedFleet(t, format)
			labels := readList(t, list)
			o := huntedWith(t, withMapper(everything, format)+" enrich=lists", list, events)
			seen, labelled := map[string]bool{}, 0
			for _, r := range o.rows {
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
			for _, r := range o.rows { // what a lookup returned besides stands on its row
				for answer := range strings.FieldsSeq(r.Get("dns_answers")) {
					seen[answer] = seen[answer] || r.Get("intel_score") != ""
				}
			}
			for value, label := range labels {
				if !seen[value] {
					t.Errorf("%s of %s is on no row", value, label)
				}
			}
			if labelled < 50 || labelled == len(o.rows) {
				t.Errorf("%d of %d rows are labelled: too few to test anything", labelled, len(o.rows))
			}
		})
	}
}

// Verdicts change nothing but their own columns, and a run without them has the columns
// too.
func TestVerdictsChangeNothingElse(t *testing.T) {
	events, list := plantedFleet(t, sample.FormatFalcon)
	for _, output := range []string{"all", "trees"} {
		args := withMapper(everything, sample.FormatFalcon) + " output=" + output
		plain, judged := huntedWith(t, args, "", events), huntedWith(t, args+" enrich=lists", list, events)
		if len(plain.rows) == 0 || len(plain.rows) != len(judged.rows) || !slices.Equal(plain.columns, judged.columns) {
			t.Fatalf("%d rows, and %d with verdicts", len(plain.rows), len(judged.rows))
		}
		first := slices.Index(plain.columns, "intel_score")
		if first < 0 || !slices.Equal(plain.columns[first:first+3], []string{"intel_score", "intel_label", "intel_source"}) {
			t.Fatalf("the columns are %q", plain.columns)
		}
		different := 0
		for i := range plain.rows {
			if plain.rows[i].Get("intel_score") != "" {
				t.Fatalf("a verdict without a source: %v", plain.rows[i])
			}
			before, after := plain.rows[i].Values, slices.Clone(judged.rows[i].Values)
			if at := slices.Index(plain.columns, "tree"); at >= 0 {
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
	events, list := plantedFleet(t, sample.FormatFalcon)
	args := withMapper(everything, sample.FormatFalcon) + " enrich=lists"
	want := huntedWith(t, args, list, events)
	for _, fields := range rounds.Some([]string{rawFields, extractedFields, bothFields}, 1) {
		table := indexed(t, fields, events)
		sameRows(t, fields, servedRows(t, args, list, table.chunks(t, 900)...), want.text)
		var bodies [][]byte
		for _, part := range mapped(t, args, table, 700) {
			bodies = append(bodies, part.body(t))
		}
		sameRows(t, fields+" mapped", servedRows(t, args, list, bodies...), want.text)
	}
}

func servedRows(t *testing.T, args, list string, bodies ...[]byte) string {
	t.Helper()
	return serve(t, strings.Fields(args), withBodies(bodies...), func(s *session) { s.list = list }).outcome(t).text
}

// A mapper that reads rows itself gives what one gives that describes them.
func TestRowsReadByAPluginAreTheSame(t *testing.T) {
	events := smallFleet(t, sample.FormatFalcon)
	want := hunted(t, everything+" mapper=falcon", events)
	args := everything + " mapper=rows"
	got := hunted(t, args, events)
	sameRows(t, "by rows", got.text, want.text)
	for name, n := range want.ledger {
		if got.ledger[name] != n {
			t.Errorf("ledger: %s=%d, want %d", name, got.ledger[name], n)
		}
	}
	table := indexed(t, extractedFields, events)
	sameRows(t, "by rows, in Splunk", serve(t, strings.Fields(args), withBodies(table.chunks(t, 300)...)).outcome(t).text, want.text)
	sameRows(t, "by rows, mapped", searched(t, args, mapped(t, args, table, 300)...).text, want.text)
}

// An indexer that has no such plugin, or one that does not work, passes on what it got.
func TestMapHalfWithoutItsMapper(t *testing.T) {
	events := indexed(t, bothFields, smallFleet(t, sample.FormatFalcon))
	args := everything + " mapper=falcon"
	want := searched(t, args, events).text
	for name, says := range map[string]string{"absent": `there is no plugin "absent"`, "gone": "plugin gone: it ended before the handshake"} {
		run := serve(t, []string{"phase=map", "mapper=" + name}, withBodies(events.chunks(t, 500)...))
		if run.info.Type != "streaming" || run.info.Error != "" || !slices.Equal(run.info.RequiredFields, []string{"*"}) {
			t.Fatalf("%s: %+v", name, run.info)
		}
		var bodies [][]byte
		for i, r := range run.replies {
			if string(r.body) != string(run.bodies[i]) {
				t.Fatalf("%s: chunk %d was changed", name, i)
			}
			bodies = append(bodies, r.body)
		}
		last := run.replies[len(run.replies)-1].Inspector.Messages
		if len(last) != 1 || last[0][0] != "WARN" || !strings.Contains(last[0][1], says) {
			t.Errorf("%s: messages %q", name, last)
		}
		sameRows(t, name, serve(t, strings.Fields(args), withBodies(bodies...)).outcome(t).text, want)
	}
}

// What fails costs what it would have told, and a warning.
func TestPluginsThatFail(t *testing.T) {
	events := smallFleet(t, sample.FormatSysmon)
	want := hunted(t, everything, events)
	for args, says := range map[string]string{
		"enrich=broken": "WARN plugin broken: the feed is away: nothing is known through it of ",
		"enrich=lists":  "WARN setting files is missing", // nobody named a list
		"mapper=gone":   "WARN plugin gone: it ended before the handshake: events that only it reads are counted as other",
	} {
		got := hunted(t, everything+" "+args, events)
		sameRows(t, args, got.text, want.text)
		if !slices.ContainsFunc(got.messages, func(m string) bool { return strings.HasPrefix(m, says) }) {
			t.Errorf("%s: messages %q", args, got.messages)
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
		run := serve(t, []string{option}, withBodies([]byte("_raw\nx\n")))
		if !strings.HasPrefix(run.info.Error, says) || !run.info.Finished || len(run.replies) != 0 {
			t.Errorf("%s: %+v", option, run.info)
		}
	}
	asked := serve(t, []string{"mapper=falcon"}).info
	if !slices.Contains(asked.RequiredFields, "TargetProcessId") || !strings.Contains(asked.StreamingPreop, `mapper="falcon"`) {
		t.Errorf("info is %+v", asked)
	}
	if _, err := engine.Start(engine.Config{Options: parse(t, "mapper=falcon")}); err == nil {
		t.Error("a mapper that was not opened was left out silently")
	}
}
