package bundle_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/bundle"
)

// splCommands are Splunk's own commands, after the Splunk Enterprise Search Reference:
// those that a hunt may need.
var splCommands = strings.Fields(`abstract addinfo append appendcols bin bucket chart collect convert dedup eval eventstats
	fieldformat fields filldown fillnull format from head inputlookup iplocation join lookup makemv makeresults multisearch
	mvcombine mvexpand outputlookup rare regex rename reverse rex search sendalert sistats sort spath stats streamstats
	table tail timechart top transaction tstats union untable where xyseries`)

// segments cuts a search at its pipes; those in quotes and in [subsearches] are text.
func segments(t *testing.T, spl string) (parts []string) {
	t.Helper()
	quoted, depth, from := false, 0, 0
	for i := 0; i < len(spl); i++ {
		switch c := spl[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[':
			depth++
		case c == ']':
			depth--
		case c == '|' && depth == 0:
			parts = append(parts, strings.TrimSpace(spl[from:i]))
			from = i + 1
		}
	}
	if quoted || depth != 0 {
		t.Errorf("open quotes or brackets in %q", spl)
	}
	return append(parts, strings.TrimSpace(spl[from:]))
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
var dashboardTokens = strings.NewReplacer("$source$", "`schtaskhunt_sysmon`", "$recent$", "1d", "$max_devices$", "5",
	"$internal$", "exclude", "$events$", "`schtaskhunt_sysmon_events`", "$tree|s$", `"0123456789abcdef"`,
	"$device|s$", `"PC1"`, "$needle|s$", `"4711"`)

// TestSearchesCallWhatThereIs checks every search: its commands, macros and lookups.
func TestSearchesCallWhatThereIs(t *testing.T) {
	known := macros(t)
	for name, spl := range searches(t) {
		if !strings.HasPrefix(name, "spl/dashboard/") && strings.Contains(spl, "$") {
			t.Errorf("%s: a token in a search of no dashboard", name)
		}
		spl = dashboardTokens.Replace(spl)
		if strings.Contains(spl, "$") {
			t.Errorf("%s: unknown token in %q", name, spl)
		}
		// A macro that is part of a command is no search of its own.
		if name == "spl/macro/allow.spl" {
			spl = "search | schtaskhunt " + spl
		}
		generates := strings.HasPrefix(name, "spl/macro/cim.")
		base := strings.HasPrefix(name, "spl/dashboard/") && !strings.Contains(name, "hunt") && !strings.Contains(name, "events")
		checkSearch(t, name, expand(t, known, spl), generates || base)
	}
}

// checkSearch checks the commands of an expanded search. Its first words are terms to
// search for unless it begins with a command.
func checkSearch(t *testing.T, name, spl string, begins bool) {
	t.Helper()
	for i, segment := range segments(t, spl) {
		if i == 0 && !begins {
			continue
		}
		word, arguments, _ := strings.Cut(segment, " ")
		if word != bundle.App && !slices.Contains(splCommands, word) {
			t.Errorf("%s: %q is no command, in | %s", name, word, segment)
		}
		if word == "lookup" || word == "inputlookup" || word == "outputlookup" {
			checkLookup(t, name, arguments)
		}
	}
}

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
		defined["lookups/"+name] = true
		header, rows, _ := strings.Cut(text(t, list, "lookups/"+name), "\n")
		column := strings.TrimSuffix(strings.TrimPrefix(name, "schtaskhunt_allow_"), ".csv")
		if header != column+",comment" {
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
// and every search of spl/ is used, once.
func TestNoSearchStandsTwice(t *testing.T) {
	only := regexp.MustCompile(`^@(spl/[a-z_/]+\.spl)@$`)
	used := map[string]int{}
	for file, pattern := range map[string]string{
		"default/macros.conf":                   `(?m)^definition = (.*)$`,
		"default/savedsearches.conf":            `(?m)^search = (.*)$`,
		"default/data/ui/views/schtaskhunt.xml": `<query>([^<]*)</query>`,
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
			used[string(name[1])]++
		}
	}
	for name := range searches(t) {
		if used[name] != 1 {
			t.Errorf("%s is used %d times", name, used[name])
		}
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
				found = found || strings.ReplaceAll(s.values[key], " \n", "\n") == spl
			}
			if !found {
				t.Errorf("%s: [%s] is no search of spl/: %q", file, s.name, s.values[key])
			}
		}
	}
}

// TestMacrosOfSourcesKeepRawAway: each ends in fields, and only the one whose events
// are read from their text asks for it.
func TestMacrosOfSourcesKeepRawAway(t *testing.T) {
	all := macros(t)
	for name, last := range map[string]string{
		"schtaskhunt_sysmon": "fields - _raw", "schtaskhunt_defender": "fields - _raw", "schtaskhunt_cim": "fields - count",
		"schtaskhunt_sysmon_raw": "fields _time, host, source, sourcetype, _raw",
	} {
		parts := segments(t, expand(t, all, all[name]))
		if got := parts[len(parts)-1]; got != last {
			t.Errorf("%s ends in %q, want %q", name, got, last)
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
