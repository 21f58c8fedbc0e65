package bundle_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/bundle"
	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
	"github.com/schtaskhunt/schtaskhunt/app/score"
	"github.com/schtaskhunt/schtaskhunt/app/source"
	"github.com/schtaskhunt/schtaskhunt/app/spl"
	"github.com/schtaskhunt/schtaskhunt/app/standin"
)

// demo is the generated fleet in the repository.
const demo = repository + "/testdata/demo/events.xml.gz"

// demoEnds is the end of a search's time range behind all of its events.
const demoEnds = "2026-11-20T19:00:00Z"

// events are the demo's events as an add-on extracts them, with the given fields only.
func events(t *testing.T, fields []string) [][]string {
	t.Helper()
	return eventsOf(t, demo, fields)
}

// eventsOf is events of another file.
func eventsOf(t *testing.T, file string, fields []string) (rows [][]string) {
	t.Helper()
	rec, asked := record.New(schema.Names()), schema.RequiredFields(true)
	extracted := make([]bool, len(fields))
	for i, name := range fields {
		extracted[i] = slices.Contains(asked, name)
	}
	_, err := source.Each(file, func(e source.Event) error {
		if err := e.Fill(rec); err != nil {
			return err
		}
		row := make([]string, len(fields))
		for i, name := range fields {
			switch {
			case name == "_raw":
				row[i] = string(e.Text)
			case extracted[i]:
				row[i] = string(rec.Get(schema.Names().Slot(name)))
			}
		}
		rows = append(rows, row)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// beneathOthers are starts of processes beneath WMI and an office program, which the demo's
// fleet has none of: its newest start, by another parent.
func beneathOthers(t *testing.T, fields []string, rows [][]string) (more [][]string) {
	t.Helper()
	at := func(name string) int {
		i := slices.Index(fields, name)
		if i < 0 {
			t.Fatalf("the macro passes on no %s", name)
		}
		return i
	}
	var newest []string
	for _, row := range rows {
		if row[at("ParentImage")] != "" && (newest == nil || row[at("UtcTime")] > newest[at("UtcTime")]) {
			newest = row
		}
	}
	for i, parent := range []string{`C:\Windows\System32\wbem\WmiPrvSE.exe`, `C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE`} {
		row := slices.Clone(newest)
		row[at("ParentImage")], row[at("ParentCommandLine")], row[at("ParentProcessGuid")] = parent, parent, ""
		row[at("_raw")], row[at("EventRecordID")] = "", fmt.Sprint(990_001+i) // an event of its own
		row[at("ProcessGuid")], row[at("ProcessId")] = fmt.Sprintf("{0f00ba11-0001-6720-0%03d-000000000300}", i), fmt.Sprint(70004+4*i)
		more = append(more, row)
	}
	return more
}

// fieldsOf are the fields that a macro passes on.
func fieldsOf(t *testing.T, name string) (fields []string) {
	t.Helper()
	for _, segment := range segments(t, macros(t)[name]) {
		word, list, _ := strings.Cut(segment, " ")
		if word == "fields" && !strings.HasPrefix(list, "-") {
			fields = strings.Split(list, ", ")
		}
	}
	if len(fields) == 0 {
		t.Fatalf("%s has no fields", name)
	}
	return fields
}

// run runs | schtaskhunt with the given arguments over events, as splunkd would.
func (app installed) run(t *testing.T, arguments string, header []string, rows [][]string) standin.Result {
	t.Helper()
	return app.runAs(t, arguments, standin.Config{Header: header, Rows: rows, ChunkRows: 1000, Indexers: 2})
}

// runAs is run for a search whose events, chunks and time range are given.
func (app installed) runAs(t *testing.T, arguments string, search standin.Config) standin.Result {
	t.Helper()
	var err error
	if search.Args, search.RawArgs, err = standin.Tokenize(arguments); err != nil {
		t.Fatal(err)
	}
	search.Binary, search.BinaryArgs, search.Command = app.program, app.args, bundle.App
	result, err := standin.Run(context.Background(), search)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// TestSavedSearchesReturnRows runs the hunt of each saved search with the program that
// was unpacked from the package, on the fields that the macro for Sysmon passes on.
func TestSavedSearchesReturnRows(t *testing.T) {
	if testing.Short() {
		t.Skip("see installApp")
	}
	header := fieldsOf(t, "schtaskhunt_sysmon")
	rows := events(t, header)
	rows = append(rows, beneathOthers(t, header, rows)...)
	for _, cloud := range []bool{false, true} {
		app := installApp(t, cloud)
		for _, s := range conf(t, files(t, withoutPrograms(cloud)), "default/savedsearches.conf") {
			search := expand(t, macros(t), s.values["search"])
			// In so small a fleet nothing scores as an alert does; its other options are asked for.
			arguments := strings.ReplaceAll(clause(t, search), fmt.Sprintf("min_score=%g", score.Alert), "min_score=0")
			result := app.run(t, arguments+" now="+demoEnds, header, rows)
			if result.Error != "" || len(result.Rows) == 0 {
				t.Errorf("[%s]: %d rows, error %q", s.name, len(result.Rows), result.Error)
			}
			if announced := result.Preop != ""; announced == cloud {
				t.Errorf("[%s], cloud %t: the streaming half is announced: %t", s.name, cloud, announced)
			}
			if at := censusFile.FindString(search); at != "" {
				app.writeLookup(t, strings.TrimSpace(at), result)
			}
			checkColumns(t, s.name, s.values["search"], result.Header)
		}
	}
}

// TestSharesOfTheApp: the four searches of the second pass, after those of the first, have the
// rows of the morning's.
func TestSharesOfTheApp(t *testing.T) {
	app, header := installApp(t, false), fieldsOf(t, "schtaskhunt_sysmon")
	rows := events(t, header)
	find := func(name string) []spl.Row {
		s, _ := saved(t, name)
		search := expand(t, macros(t), s.values["search"])
		result := app.run(t, clause(t, search)+" now="+demoEnds, header, rows)
		if result.Error != "" {
			t.Fatalf("%s: %s", name, result.Error)
		}
		if at := censusFile.FindString(search); at != "" {
			app.writeLookup(t, strings.TrimSpace(at), result)
		}
		return rowsOf(result)
	}
	var got []spl.Row
	for _, pass := range []string{"census", "hunt"} {
		got = nil
		for share := range 4 {
			got = append(got, find(fmt.Sprintf("Scheduled Task Hunt - share %d of 4, %s", share+1, pass))...)
		}
	}
	want := find("Scheduled Task Hunt - each morning")
	for _, rows := range [][]spl.Row{got, want} {
		slices.SortFunc(rows, func(a, b spl.Row) int { return strings.Compare(first(a, "finding_id"), first(b, "finding_id")) })
	}
	if len(want) < 4 || !reflect.DeepEqual(got, want) {
		t.Errorf("of four shares\n%v\nof one hunt\n%v", got, want)
	}
}

// TestPreviewsChangeNothing: a search that was previewed, and one preview of which was
// cancelled, gives the rows of one that was not, and leaves nothing in its directory.
func TestPreviewsChangeNothing(t *testing.T) {
	app, header := installApp(t, false), fieldsOf(t, "schtaskhunt_sysmon")
	search := standin.Config{Header: header, Rows: events(t, header), ChunkRows: 1000}
	without := app.runAs(t, "recent=all lookback=all", search)
	search.Previews = 3
	with := app.runAs(t, "recent=all lookback=all", search)
	if len(without.Rows) == 0 || !slices.EqualFunc(without.Rows, with.Rows, slices.Equal) || len(with.Left) > 0 || with.Stderr != "" {
		t.Errorf("%d rows without previews, %d with, left %q, stderr %q", len(without.Rows), len(with.Rows), with.Left, with.Stderr)
	}
	if n := len(with.PreviewRows); n != 3 || slices.Max(with.PreviewRows) == 0 {
		t.Errorf("previews gave %v rows", with.PreviewRows)
	}
}

// TestChunksMayBeAnything: however splunkd cuts the events, with empty chunks among them and
// at the end, the rows are the same, with the streaming half on indexers and without.
func TestChunksMayBeAnything(t *testing.T) {
	app, header := installApp(t, false), fieldsOf(t, "schtaskhunt_sysmon")
	search := standin.Config{Header: header, Rows: events(t, header)}
	want := app.runAs(t, "recent=all lookback=all", search)
	if len(want.Rows) == 0 {
		t.Fatal("no rows")
	}
	for seed := range uint64(4) {
		search.Ragged, search.ChunkRows, search.Indexers = 1+seed, []int{50_000, 700, 40, 9}[seed], int(seed)
		got := app.runAs(t, "recent=all lookback=all", search)
		if got.Error != "" || got.Stderr != "" || !slices.EqualFunc(got.Rows, want.Rows, slices.Equal) {
			t.Errorf("seed %d: %d rows, want %d; error %q, stderr %q", search.Ragged, len(got.Rows), len(want.Rows), got.Error, got.Stderr)
		}
	}
}

// checkColumns checks that the fields a search ends in, or groups by, are columns of
// the hunt or made on the way.
func checkColumns(t *testing.T, name, spl string, columns []string) {
	t.Helper()
	for _, segment := range segments(t, spl) {
		if list, isTable := strings.CutPrefix(segment, "table "); isTable {
			for field := range strings.SplitSeq(list, ", ") {
				if !slices.Contains(columns, field) {
					t.Errorf("[%s] shows %s, which is no column of the hunt", name, field)
				}
			}
		}
	}
}

// TestFieldsOfTheMacroAreEnough: the macro for Sysmon drops _raw, and the rows are
// those that the events' text gives.
func TestFieldsOfTheMacroAreEnough(t *testing.T) {
	app := installApp(t, false)
	const arguments = "recent=all lookback=all"
	lean := fieldsOf(t, "schtaskhunt_sysmon")
	raw := fieldsOf(t, "schtaskhunt_sysmon_raw")
	a, b := app.run(t, arguments, lean, events(t, lean)), app.run(t, arguments, raw, events(t, raw))
	if len(a.Rows) == 0 || len(a.Rows) != len(b.Rows) {
		t.Fatalf("%d rows from fields, %d from texts", len(a.Rows), len(b.Rows))
	}
	for i := range a.Rows {
		if !slices.Equal(a.Rows[i], b.Rows[i]) {
			t.Fatalf("row %d is\n%q from fields, and\n%q from texts", i, a.Rows[i], b.Rows[i])
		}
	}
}

// TestMacrosPassOnWhatTheProgramReads: a field that it does not read is dead weight,
// or misspelt.
func TestMacrosPassOnWhatTheProgramReads(t *testing.T) {
	reads := schema.RequiredFields(true)
	for _, name := range []string{"schtaskhunt_sysmon", "schtaskhunt_sysmon_raw", "schtaskhunt_defender", "schtaskhunt_sentinel", "schtaskhunt_ecs"} {
		for _, field := range fieldsOf(t, name) {
			if !slices.Contains(reads, field) {
				t.Errorf("%s passes on %s, which the program does not read", name, field)
			}
		}
	}
	for _, field := range cimFields(t) {
		if !slices.Contains(reads, field) {
			t.Errorf("schtaskhunt_cim passes on %s, which the program does not read", field)
		}
	}
}

// TestDefenderMacroHasEveryColumn: all that the program reads of the Event Hub's form.
func TestDefenderMacroHasEveryColumn(t *testing.T) {
	fields := fieldsOf(t, "schtaskhunt_defender")
	for _, name := range schema.RequiredFields(false) {
		if strings.HasPrefix(name, "properties.") && !slices.Contains(fields, name) && name != "properties.TimeGenerated" { // Sentinel's
			t.Errorf("the macro lacks %s", name)
		}
	}
}

// TestDryRunReadsNoLookup: a process that splunkd's parser starts gets no error for a
// file that is not there; the search does, and it names the place.
func TestDryRunReadsNoLookup(t *testing.T) {
	app := installApp(t, false)
	result := app.run(t, `allow_dest="gone.csv"`, []string{"_raw"}, nil)
	if want := `"gone.csv" is not in etc/apps/schtaskhunt/lookups`; !strings.Contains(filepath.ToSlash(result.Error), want) {
		t.Errorf("error %q, want %q", result.Error, want)
	}
	if result.RequiredFields == nil {
		t.Error("the search was refused before it had events")
	}
	result = app.run(t, `allow_dest="../gone.csv"`, []string{"_raw"}, nil)
	if result.RequiredFields != nil || !strings.Contains(result.Error, "bare file name") {
		t.Errorf("a path was not refused at once: %q", result.Error)
	}
}

// TestLookupOfTheAppIsRead: entries that an admin puts into the app's lookup hide what
// they name.
func TestLookupOfTheAppIsRead(t *testing.T) {
	app := installApp(t, true)
	header := fieldsOf(t, "schtaskhunt_sysmon")
	rows := events(t, header)
	const arguments = `recent=all lookback=all output=connections `
	before := app.run(t, arguments, header, rows)
	host := slices.Index(before.Header, "remote_host")
	name := ""
	for _, row := range before.Rows {
		if name = row[host]; name != "" {
			break
		}
	}
	appFolder := strings.TrimSuffix(filepath.ToSlash(app.program), "/"+here(t).Path())
	lookup := filepath.Join(appFolder, "lookups", "my_allow_dest.csv")
	if err := os.WriteFile(lookup, []byte("comment,dest\nours,"+name+"\nnobody's,nobody.example\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	after := app.run(t, arguments+`allow_dest="my_allow_dest.csv"`, header, rows)
	for _, row := range after.Rows {
		if row[host] == name {
			t.Fatalf("%s is still there", name)
		}
	}
	hidden := len(before.Rows) - len(after.Rows)
	told := false
	for _, m := range after.Messages {
		told = told || strings.HasPrefix(m.Text, `allow_dest: 1 of 2 entries hid something: "`+name+`" `) &&
			strings.HasSuffix(m.Text, `; hid nothing: "nobody.example"`)
	}
	if hidden == 0 || !told {
		t.Errorf("%d rows hidden, messages %v", hidden, after.Messages)
	}
}
