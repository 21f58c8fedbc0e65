package bundle_test

import (
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/standin"
)

// cimFields are the columns that schtaskhunt_cim ends with: what its stats groups by.
func cimFields(t *testing.T) []string {
	t.Helper()
	for _, segment := range segments(t, macros(t)["schtaskhunt_cim"]) {
		if list, isStats := strings.CutPrefix(segment, "stats count by "); isStats {
			return strings.Split(list, ", ")
		}
	}
	t.Fatal("schtaskhunt_cim has no stats")
	return nil
}

// TestCIMMacroLosesNoRow: stats drops rows that lack a field of its by, so every field
// of every data model has to be filled, and be one of the by.
func TestCIMMacroLosesNoRow(t *testing.T) {
	by := cimFields(t)
	var filled, models []string
	for _, segment := range segments(t, macros(t)["schtaskhunt_cim"]) {
		if list, isFill := strings.CutPrefix(segment, `fillnull value="-" `); isFill {
			filled = strings.Split(list, ", ")
		}
		if !strings.HasPrefix(segment, "tstats ") {
			continue
		}
		for _, needed := range []string{"prestats=true", `fillnull_value="-"`, " span=1s"} {
			if !strings.Contains(segment, needed) {
				t.Errorf("no %s in %s", needed, segment)
			}
		}
		_, list, _ := strings.Cut(segment, " by _time, ")
		models = append(models, strings.Split(strings.TrimSuffix(list, " span=1s"), ", ")...)
	}
	if !slices.Equal(models, filled) || !slices.Equal(append([]string{"_time"}, filled...), by) {
		t.Errorf("tstats gives %v\nfilled are %v\ngrouped by %v", models, filled, by)
	}
}

// asCIM is what the macro returns for an event of Sysmon, mapped to the data models as
// the Splunk Add-on for Sysmon does, with "-" for all others.
func asCIM(fields map[string]string) map[string]string {
	at, _ := event.ParseTime([]byte(fields["SystemTime"]))
	row := map[string]string{"_time": (at - at%event.Second).Epoch()}
	put := func(model string, pairs ...string) {
		for i := 0; i < len(pairs); i += 2 {
			row[model+"."+pairs[i]] = pairs[i+1]
		}
	}
	name := func(image string) string { return path.Base(strings.ReplaceAll(image, `\`, "/")) }
	switch fields["EventID"] {
	case "1":
		put("Processes", "dest", fields["Computer"], "process_guid", fields["ProcessGuid"], "process_id", fields["ProcessId"],
			"process_name", name(fields["Image"]), "process_path", fields["Image"], "process", fields["CommandLine"], "user", fields["User"],
			"parent_process_guid", fields["ParentProcessGuid"], "parent_process_id", fields["ParentProcessId"],
			"parent_process_name", name(fields["ParentImage"]), "parent_process_path", fields["ParentImage"], "parent_process", fields["ParentCommandLine"])
	case "3":
		put("All_Traffic", "dvc", fields["Computer"], "src", fields["SourceIp"], "src_ip", fields["SourceIp"], "src_port", fields["SourcePort"],
			"dest", fields["DestinationIp"], "dest_ip", fields["DestinationIp"], "dest_port", fields["DestinationPort"],
			"process_id", fields["ProcessId"], "transport", fields["Protocol"])
	default:
		return nil
	}
	return row
}

// TestCIMRowsMakeTheSameTrees: in the form that the macro returns, the hunt finds the
// same processes, and public connections for each tree that has them by addresses.
func TestCIMRowsMakeTheSameTrees(t *testing.T) {
	app := installApp(t, true)
	sysmon := fieldsOf(t, "schtaskhunt_sysmon")
	full := events(t, sysmon)
	header := cimFields(t)
	var rows [][]string
	for _, row := range full {
		fields := map[string]string{}
		for j, name := range sysmon {
			fields[name] = row[j]
		}
		mapped := asCIM(fields)
		if mapped == nil {
			continue
		}
		values := make([]string, len(header))
		for j, name := range header {
			if values[j] = mapped[name]; values[j] == "" {
				values[j] = "-"
			}
		}
		rows = append(rows, values)
	}
	const arguments = "recent=all lookback=all rebuilt=none"
	want, got := app.run(t, arguments, sysmon, full), app.run(t, arguments, header, rows)
	if a, b := commands(want.Header, want.Rows, "node"), commands(got.Header, got.Rows, "node"); !slices.Equal(a, b) {
		t.Errorf("%d processes from Sysmon's fields, %d from the data models'", len(a), len(b))
	}
	// Connections are tied by process id and time there, and lookups are not among them.
	direct, mapped := calls(want), calls(got)
	for call := range mapped {
		if !direct[call] {
			t.Errorf("%s is made up", call)
		}
	}
	if len(mapped)*10 < len(direct)*9 {
		t.Errorf("of %d calls by address, %d are left", len(direct), len(mapped))
	}
}

// commands are the devices and command lines of the rows of one kind, sorted.
func commands(header []string, rows [][]string, kind string) (list []string) {
	device, process, row := slices.Index(header, "device"), slices.Index(header, "process"), slices.Index(header, "row")
	for _, r := range rows {
		if r[row] == kind {
			list = append(list, r[device]+" "+r[process])
		}
	}
	slices.Sort(list)
	return list
}

// calls are who reached which address.
func calls(result standin.Result) map[string]bool {
	at := func(name string) int { return slices.Index(result.Header, name) }
	row, device, process, ip, action := at("row"), at("device"), at("process"), at("remote_ip"), at("action")
	all := map[string]bool{}
	for _, r := range result.Rows {
		if r[row] == "connection" && r[action] != "dns" {
			all[r[device]+" "+r[process]+" "+r[ip]] = true
		}
	}
	return all
}
