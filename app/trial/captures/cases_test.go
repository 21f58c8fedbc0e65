package captures_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// caseFiles returns the files of a folder of shapes that people carry. They are the
// owner's and no part of the project; it skips where they are not there.
func caseFiles(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(worlds.Beside(t, "cases", "the cases", folder+"-*", "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files of case %s: %v", folder, err)
	}
	return files
}

// story checks that the rows tell the story of the cases: the Schedule service starts
// wscript, wscript powershell, and powershell calls home. They may tell others beside it.
func story(t *testing.T, o doors.Outcome, withTimes bool) {
	t.Helper()
	is := func(kind, depth, pid string) func(row.Row) bool {
		return func(r row.Row) bool {
			return r.Get("row") == kind && r.Get("depth") == depth && r.Get("process_id") == pid
		}
	}
	for _, want := range []func(row.Row) bool{is("node", "1", "5012"), is("node", "2", "5140"), is("connection", "2", "5140")} {
		at := slices.IndexFunc(o.Rows, want)
		if at < 0 {
			t.Errorf("a row of the story is missing:\n%s\n%s", o.Text, strings.Join(o.Messages, "\n"))
			return
		}
		r := o.Rows[at]
		if withTimes && !strings.HasPrefix(r.Get("_time"), "17951") {
			t.Errorf("time %q is not of 2026-11-20", r.Get("_time"))
		}
		if user := r.Get("user"); !strings.EqualFold(user, `lab\mira`) {
			t.Errorf("user %q", user)
		}
		if r.Get("row") == "connection" && (r.Get("remote_ip") != "185.220.44.10" || r.Get("remote_port") != "443") {
			t.Errorf("a call to %s port %s", r.Get("remote_ip"), r.Get("remote_port"))
		}
	}
	if o.Ledger["malformed"] != 0 {
		t.Errorf("%d events are malformed", o.Ledger["malformed"])
	}
}

const asInReadme = "recent=all lookback=all max_devices=0 internal=include"

// TestCasesOfTimesTextHolesAndNames: every file of these folders gives what their README
// says. What a file cannot tell, a warning names.
func TestCasesOfTimesTextHolesAndNames(t *testing.T) {
	warns := map[string]string{ // by file: what a warning must say
		"gb06.csv": "dates=dmy", "minutes.csv": "lack their seconds", "utctime_only.csv": "date and hour are lost",
		"utctime_without_hour.csv": "date and hour are lost", "cell_overflow.csv": "ended too early",
		"one_device_268_days_ahead.xml": "FIN-PC23.lab.example runs ahead",
	}
	for _, folder := range []string{"22", "27", "38", "39", "51", "54", "55", "56"} {
		for _, file := range caseFiles(t, folder) {
			name := filepath.Base(file)
			t.Run(folder+"/"+name, func(t *testing.T) {
				o := doors.HuntedFiles(t, asInReadme, file)
				want := warns[name]
				story(t, o, name != "gb06.csv" && name != "utctime_only.csv")
				warned := o.Warnings()
				if (want == "") != (len(warned) == 0) || want != "" && !slices.ContainsFunc(warned, func(w string) bool { return strings.Contains(w, want) }) {
					t.Errorf("warnings %q, want one of %q", warned, want)
				}
			})
		}
	}
}

func TestCaseFoldersAsAWhole(t *testing.T) {
	dates := caseFiles(t, "38")
	o := doors.HuntedFiles(t, asInReadme, dates...)
	story(t, o, true)
	if len(o.Warnings()) > 0 || len(o.Kind("node")) != 4 {
		t.Errorf("one 20/11 does not settle 06/11: %q\n%s", o.Warnings(), o.Text)
	}
	for _, r := range doors.HuntedFiles(t, asInReadme+" dates=dmy", dates[1]).Kind("node") {
		if !strings.HasPrefix(r.Get("_time"), "17939") { // 2026-11-06
			t.Errorf("dates=dmy reads %s", r.Get("_time"))
		}
	}
	portal := doors.HuntedFiles(t, asInReadme, caseFiles(t, "23")...)
	story(t, portal, true)
	for _, file := range caseFiles(t, "55") {
		forwarded := strings.HasPrefix(filepath.Base(file), "forwarded")
		for _, r := range doors.HuntedFiles(t, asInReadme, file).Kind("node") {
			if devices := r.Get("root_devices"); (devices == "1") == forwarded {
				t.Errorf("%s: %s devices", filepath.Base(file), devices)
			}
		}
	}
	for _, file := range caseFiles(t, "56") {
		story(t, doors.HuntedFiles(t, "max_devices=0", file), true) // with the default spans
	}
}
