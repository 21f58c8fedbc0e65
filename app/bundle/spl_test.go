package bundle_test

import (
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/allow"
	"github.com/schtaskhunt/schtaskhunt/app/bundle"
	"github.com/schtaskhunt/schtaskhunt/app/spl"
)

// segments cuts a search at its pipes.
func segments(t *testing.T, search string) []string {
	t.Helper()
	parts, err := spl.Segments(search)
	if err != nil {
		t.Error(err)
	}
	return parts
}

var macroCall = regexp.MustCompile("`([^`]*)`")

// expand replaces macros by their definitions, as often as there are any.
func expand(t *testing.T, macros map[string]string, spl string) string {
	t.Helper()
	for range 10 {
		if !macroCall.MatchString(spl) {
			return spl
		}
		spl = macroCall.ReplaceAllStringFunc(spl, func(call string) string {
			name := strings.Trim(call, "`")
			definition, known := macros[name]
			if !known {
				t.Fatalf("no macro %q", name)
			}
			return definition
		})
	}
	t.Fatalf("macros without end: %s", spl)
	return ""
}

func macros(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, s := range conf(t, files(t, withoutPrograms(false)), "default/macros.conf") {
		all[s.name] = s.values["definition"]
	}
	return all
}

// dashboardTokens are what stands for $tokens$ in the dashboard's searches.
var dashboardTokens = strings.NewReplacer("$source$", "`schtaskhunt_sysmon`", "$recent$", "1d", "$root$", "schtask,service", "$max_devices$", "5",
	"$min_score$", "10", "$mapper$", "raw=t", "$internal$", "exclude", "$events$", "`schtaskhunt_sysmon_events`", "$tree|s$", `"0123456789abcdef"`,
	"$device|s$", `"PC1"`, "$needle|s$", `"4711"`, "$finding|s$", `"0123456789abcdef"`, "$propose|s$", `"0123456789abcdef"`, "$remote|s$", `"203.0.113.7"`)

// TestSearchesCallWhatThereIs checks every search: its commands, macros and lookups.
func TestSearchesCallWhatThereIs(t *testing.T) {
	known := macros(t)
	for name, spl := range searches(t) {
		if !strings.HasPrefix(name, "spl/dashboard/") && strings.Contains(spl, "$") {
			t.Errorf("%s: a token in a search of no dashboard", name)
		}
		spl = strings.ReplaceAll(dashboardTokens.Replace(spl), "<share>", "1")
		if strings.Contains(spl, "$") {
			t.Errorf("%s: unknown token in %q", name, spl)
		}
		checkSearch(t, name, expand(t, known, asSearch(name, spl)))
	}
}

// asSearch makes a search of what is only a part of one: options, a number, commands that
// follow a pipe.
func asSearch(name, spl string) string {
	switch folder, file := path.Split(name); {
	case folder == "spl/macro/" && (file == "allow.spl" || file == "options.spl"):
		return "index=x | schtaskhunt " + spl
	case folder == "spl/macro/" && (file == "alert_score.spl" || file == "alert_step.spl"):
		return "index=x | where score>" + spl
	case folder == "spl/macro/" && file == "risk_index.spl":
		return "index=x | collect index=" + spl
	case slices.Contains(following, name):
		return "index=x | " + spl
	}
	return spl
}

// following are the searches that follow a pipe, or the base search of the dashboard.
var following = strings.Fields(`spl/macro/cim.spl spl/macro/lean.spl spl/macro/findings.spl spl/macro/news.spl
	spl/macro/told.spl spl/macro/risk.spl spl/macro/risk_rows.spl
	spl/dashboard/findings.spl spl/dashboard/reasons.spl spl/dashboard/facts.spl spl/dashboard/contacts.spl spl/dashboard/devices.spl
	spl/dashboard/destinations.spl spl/dashboard/tree.spl spl/dashboard/ask.spl`)

// checkSearch checks an expanded search: its commands, with their fields, functions and
// options, are those that app/spl knows from Splunk's references, and its lookups are there.
func checkSearch(t *testing.T, name, text string) {
	t.Helper()
	parsed, err := spl.Parse(text)
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	if strings.Contains(parsed.Terms, "`") || parsed.Terms == "" && len(parsed.Commands) == 0 {
		t.Errorf("%s: looks for %q", name, parsed.Terms)
	}
	for _, c := range parsed.Commands {
		if strings.HasSuffix(c.Name, "putlookup") && censusFile.MatchString(c.Text) {
			continue
		}
		if c.Name == "lookup" || c.Name == "inputlookup" || c.Name == "outputlookup" {
			checkLookup(t, name, c.Text)
		}
	}
}

// censusFile is a census as a file, which outputlookup makes without a definition and
// baseline= reads by its name: were it a file of the app, an upgrade would empty it. What
// begins like this goes to no search peer (distsearch.conf).
var censusFile = regexp.MustCompile(`(^|\s)schtaskhunt_census(_[0-9]+)?\.csv(\.gz)?\s*$`)

func checkLookup(t *testing.T, name, arguments string) {
	t.Helper()
	for _, s := range conf(t, files(t, withoutPrograms(false)), "default/transforms.conf") {
		if slices.Contains(strings.Fields(arguments), s.name) {
			return
		}
	}
	t.Errorf("%s: no lookup in %q", name, arguments)
}

// TestLookupsHaveFiles: every lookup is a file of the app and every file a lookup, with
// the column that the program looks for and no entry that hides anything yet.
func TestLookupsHaveFiles(t *testing.T) {
	list := files(t, withoutPrograms(false))
	defined := map[string]bool{}
	for _, s := range conf(t, list, "default/transforms.conf") {
		name := s.values["filename"]
		if s.values["external_type"] == "kvstore" {
			find(t, conf(t, list, "default/collections.conf"), s.values["collection"])
			continue
		}
		defined["lookups/"+name] = true
		header, rows, _ := strings.Cut(text(t, list, "lookups/"+name), "\n")
		column := strings.TrimSuffix(strings.TrimPrefix(name, "schtaskhunt_allow_"), ".csv")
		want := column + ",added,comment"
		if column == "findings" {
			want = strings.Join(allow.Columns, ",") + ",comment"
		}
		if header != want {
			t.Errorf("%s begins with %q", name, header)
		}
		for row := range strings.Lines(rows) {
			if !strings.HasPrefix(row, "# ") {
				t.Errorf("%s: the example %q hides something", name, row)
			}
		}
		if !strings.Contains(macros(t)["schtaskhunt_allow"], `"`+name+`"`) {
			t.Errorf("the macro of allow-lists does not name %s", name)
		}
	}
	for _, f := range list {
		if strings.HasPrefix(f.Name, "lookups/") && !defined[f.Name] {
			t.Errorf("%s is defined nowhere", f.Name)
		}
	}
}

// TestNoSearchStandsTwice: what is a search in default/ is a marker and nothing else,
// and every search of spl/ is used, once; that of a share, once a share.
func TestNoSearchStandsTwice(t *testing.T) {
	only := regexp.MustCompile(`^@(spl/[a-z_/]+\.spl)( [1-4])?@$`)
	used, shares := map[string]int{}, map[string]bool{}
	for file, pattern := range map[string]string{
		"default/macros.conf":                          `(?m)^definition = (.*)$`,
		"default/savedsearches.conf":                   `(?m)^search = (.*)$`,
		"default/data/ui/views/schtaskhunt.xml":        `<query>([^<]*)</query>`,
		"default/data/ui/views/schtaskhunt_health.xml": `<query>([^<]*)</query>`,
	} {
		body, err := os.ReadFile(repository + "/" + file)
		if err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(pattern).FindAllSubmatch(body, -1)
		if len(found) == 0 {
			t.Errorf("%s has no search", file)
		}
		for _, m := range found {
			name := only.FindSubmatch(m[1])
			if name == nil {
				t.Errorf("%s: %s is not taken from spl/", file, m[1])
				continue
			}
			if len(name[2]) > 0 {
				shares[string(name[0])] = true
				used[string(name[1])] = 1
				continue
			}
			used[string(name[1])]++
		}
	}
	for name := range searches(t) {
		if used[name] != 1 {
			t.Errorf("%s is used %d times", name, used[name])
		}
	}
	if len(shares) != 8 {
		t.Errorf("two searches of four shares are %d: %v", len(shares), shares)
	}
}

// TestPackagedSearchesAreThose of spl/, line for line, once Splunk has read the .conf.
func TestPackagedSearchesAreThose(t *testing.T) {
	source := searches(t)
	list := files(t, withoutPrograms(false))
	for file, key := range map[string]string{"default/macros.conf": "definition", "default/savedsearches.conf": "search"} {
		for _, s := range conf(t, list, file) {
			found := false
			for _, spl := range source {
				for _, share := range []string{"1", "2", "3", "4"} {
					found = found || strings.ReplaceAll(s.values[key], " \n", "\n") == strings.ReplaceAll(spl, "<share>", share)
				}
			}
			if !found {
				t.Errorf("%s: [%s] is no search of spl/: %q", file, s.name, s.values[key])
			}
		}
	}
}

// TestMacrosOfSourcesKeepRawAway: each ends in fields, and _raw is among them only where
// the text is what is read, or where it has been taken from all events but those of tasks.
func TestMacrosOfSourcesKeepRawAway(t *testing.T) {
	all := macros(t)
	const whole = "fields _time, host, source, sourcetype, _raw"
	for name, last := range map[string]string{
		"schtaskhunt_sysmon": "", "schtaskhunt_defender": "", "schtaskhunt_falcon": "", "schtaskhunt_cim": "fields - count",
		"schtaskhunt_sysmon_raw": whole, "schtaskhunt_sentinel": whole, "schtaskhunt_ecs": whole,
	} {
		text := expand(t, all, all[name])
		parts := segments(t, text)
		switch got := parts[len(parts)-1]; {
		case !strings.HasPrefix(got, "fields ") || last != "" && got != last:
			t.Errorf("%s ends in %q, want %q", name, got, last)
		case last == "" && strings.Contains(got, "_raw") && !strings.Contains(text, "| eval _raw=if("):
			t.Errorf("%s passes on all of _raw", name)
		}
	}
}

func TestSearchNeedsItsComment(t *testing.T) {
	dir := t.TempDir()
	for name, body := range map[string]string{
		"none": "index=x", "open": "```\nFinds. Costs: much.\nindex=x", "late": "index=x ```Costs: x```", "no cost": "```\nFinds.\n```\nindex=x",
	} {
		if err := os.WriteFile(dir+"/x.spl", []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		if spl, err := bundle.ReadSearch(os.DirFS(dir), "x.spl"); err == nil {
			t.Errorf("%s: taken as %q", name, spl)
		}
	}
}
