package bundle_test

import (
	"encoding/json"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// rule is what Splunk's specification files say of a setting: in which stanzas it may
// stand and what it may be. Patterns match the whole.
type rule struct{ stanza, key, value string }

// Values.
const (
	boolean = `0|1|true|false`
	whole   = `[0-9]+`
	anyText = `(?s).+`
	words   = `[^\n]+`
	pattern = `apps/[a-z0-9_]+/[a-z0-9_/]+(/\.\.\.|\*)`
	when    = `now|[-+][0-9]+(s|m|h|d|w|mon)(@[smhdw])?|@[smhdw]`
	cronAny = `(\*|[0-9]+)(/[0-9]+)?`
)

// spec is Splunk's specification, as far as the app uses it: the .conf.spec files of
// Splunk 9.1 to 10.2, and default.meta.spec. What is not here may be valid, but nobody
// has looked it up.
var spec = map[string][]rule{
	"default/app.conf": {
		{"install", "is_configured", boolean},
		{"install", "state", "enabled|disabled"},
		{"install", "build", whole},
		{"ui", "is_visible", boolean},
		{"ui", "label", `[^\n]{5,80}`},
		{"launcher", "author", words},
		{"launcher", "description", `[^\n]{1,200}`},
		{"launcher|id", "version", `[0-9]+\.[0-9]+\.[0-9]+`},
		{"package", "id", "schtaskhunt"}, // the app's folder
		{"package", "check_for_updates", boolean},
		{"id", "name", "schtaskhunt"},
		{"triggers", `reload\.schtaskhunt_plugins`, "simple"},
	},
	// With chunked = true no other settings are valid.
	"default/server.conf": {
		{"shclustering", `conf_replication_include\.schtaskhunt_plugins`, boolean},
	},
	// The app's own: README/schtaskhunt_plugins.conf.spec says what it may hold. Without
	// programs there are no sums.
	"default/schtaskhunt_plugins.conf": {
		{"[a-z]+", "program", `schtaskhunt-[a-z-]+`},
		{"[a-z]+", "kind", "mapper|enricher"},
		{"[a-z]+", "sha256", ``},
		{"[a-z]+", "disabled", boolean},
	},
	"default/commands.conf": {
		{"[a-z][a-z0-9]*", "filename", `[a-z]+(\.[a-z]+)?`}, // the parser ends a command's name at _
		{"[a-z][a-z0-9]*", "chunked", "true"},
		{"[a-z][a-z0-9]*", "is_risky", boolean},
		{"[a-z][a-z0-9]*", "maxwait|maxchunksize", whole},
		{"[a-z][a-z0-9]*", `command\.arg\.[1-9]`, words},
	},
	// replicationAllowlist and -Denylist hold for all apps: names of our own.
	"default/distsearch.conf": {
		{"replication(Allow|Deny)list", "schtaskhunt_[a-z]+", pattern},
		{"replicationSettings:refineConf", `replicate\.schtaskhunt_plugins`, boolean},
	},
	"default/macros.conf": {
		{`[a-z_]+(\([0-9]+\))?`, "definition", anyText},
		{`[a-z_]+(\([0-9]+\))?`, "args", `[a-zA-Z0-9_-]+(,[a-zA-Z0-9_-]+)*`},
		{`[a-z_]+(\([0-9]+\))?`, "iseval", boolean},
		{`[a-z_]+(\([0-9]+\))?`, "validation|errormsg|description", words},
	},
	"default/savedsearches.conf": {
		{words, "search", anyText},
		{words, "description", words},
		{words, `dispatch\.(earliest|latest)_time`, when},
		{words, "enableSched", boolean},
		{words, "cron_schedule", cronAny + " " + cronAny + " " + cronAny + " " + cronAny + " " + cronAny},
		{words, "schedule_window", whole + "|auto"},
		{words, "counttype", "number of (events|hosts|sources)|always|custom"},
		{words, "relation", "greater than|less than|equal to|not equal to|drops by|rises by"},
		{words, "quantity", whole},
		{words, `alert\.track`, boolean + "|auto"},
		{words, `alert\.severity`, "[1-6]"},
		{words, `alert\.digest_mode`, boolean},
		{words, `alert\.suppress`, boolean},
		{words, `action\.(email|webhook|risk|notable|correlationsearch\.enabled)`, boolean},
		// Enterprise Security's own, as its content (ESCU) has them; without it they say nothing.
		{words, `action\.correlationsearch\.label`, words},
		{words, `action\.correlationsearch\.annotations`, `\{"mitre_attack": \["T[0-9.]+"(, "T[0-9.]+")*\]\}`},
		{words, `action\.risk\.param\._risk_message`, words},
		{words, `action\.risk\.param\.(_risk_score|verbose)`, whole},
		{words, `action\.risk\.param\._risk`, `\[\{.*\}\]`},
		{words, `action\.notable\.param\.(rule_title|rule_description|drilldown_name|drilldown_search)`, words},
		{words, `action\.notable\.param\.nes_fields`, `[a-z_]+(,[a-z_]+)*`},
		{words, `action\.notable\.param\.security_domain`, "access|endpoint|network|threat|identity|audit"},
		{words, `action\.notable\.param\.severity`, "informational|low|medium|high|critical"},
		{words, `action\.notable\.param\.drilldown_(earliest|latest)_offset`, whole},
		{words, `alert\.suppress\.fields`, `[a-z_]+(,[a-z_]+)*`},
		{words, `alert\.suppress\.period`, `[0-9]+[smhd]`},
		{words, `display\.general\.type`, "events|statistics|visualizations"},
		{words, `display\.page\.search\.tab`, "events|statistics|visualizations|patterns"},
		{words, `request\.ui_dispatch_(app|view)`, `[a-z_]+`},
	},
	"default/searchbnf.conf": {
		{"[a-z]+-command", "usage", "public|private|deprecated"},
		{"[a-z]+-command", "syntax|simplesyntax|shortdesc|tags|related|maintainer|appears-in", words},
		{"[a-z]+-command", "(comment|example)[1-9]", words},
		{"[a-z]+-command", "description", anyText},
		{"[a-z]+-options", "syntax", words},
	},
	"default/transforms.conf": {
		{"[a-z_]+", "filename", `[a-z_]+\.csv`},
		{"[a-z_]+", "case_sensitive_match", boolean},
		{"[a-z_]+", "external_type", "kvstore"},
		{"[a-z_]+", "collection", "[a-z_]+"},
		{"[a-z_]+", "fields_list", "_key(, [a-z_]+)+"},
	},
	"default/collections.conf": {
		{"[a-z_]+", "enforceTypes|replicate", boolean},
	},
	"metadata/default.meta": {
		{"|commands|searchbnf|macros|transforms|lookups", "access", `read : \[ [a-z_*, ]+ \], write : \[ [a-z_, ]+ \]`},
		{"|commands|searchbnf|macros|transforms|lookups", "export", "system|none"},
	},
}

// required are settings that a stanza is nothing without.
var required = map[string][]string{
	"default/commands.conf":      {"filename", "chunked"},
	"default/macros.conf":        {"definition"},
	"default/savedsearches.conf": {"search", "description", "dispatch.earliest_time", "dispatch.latest_time"},
}

func wholly(pattern, text string) bool {
	return regexp.MustCompile(`^(?:` + pattern + `)$`).MatchString(text)
}

func allowedBy(rules []rule, s stanza, key string) bool {
	for _, r := range rules {
		if wholly(r.stanza, s.name) && wholly(r.key, key) && wholly(r.value, s.values[key]) {
			return true
		}
	}
	return false
}

func TestEverySettingIsInSplunksSpec(t *testing.T) {
	for _, cloud := range []bool{false, true} {
		seen := map[string]bool{}
		for _, f := range files(t, withoutPrograms(cloud)) {
			if ext := path.Ext(f.Name); ext != ".conf" && ext != ".meta" {
				continue
			}
			rules, known := spec[f.Name]
			if !known {
				t.Errorf("%s: no specification", f.Name)
			}
			seen[f.Name] = true
			checkConf(t, f.Name, parseConf(t, f.Name, string(f.Body)), rules)
		}
		for name := range spec {
			if !seen[name] {
				t.Errorf("the app has no %s", name)
			}
		}
	}
}

func checkConf(t *testing.T, name string, list []stanza, rules []rule) {
	t.Helper()
	stanzas := map[string]bool{}
	for _, s := range list {
		if stanzas[s.name] {
			t.Errorf("%s: [%s] is there twice", name, s.name)
		}
		stanzas[s.name] = true
		keys := map[string]bool{}
		for _, key := range s.keys {
			if keys[key] {
				t.Errorf("%s: [%s] %s is there twice", name, s.name, key)
			}
			keys[key] = true
			if !allowedBy(rules, s, key) {
				t.Errorf("%s: [%s] %s = %s: not in the specification", name, s.name, key, s.values[key])
			}
		}
		for _, key := range required[name] {
			if !keys[key] {
				t.Errorf("%s: [%s] lacks %s", name, s.name, key)
			}
		}
	}
}

// TestSpecCanFail: a table that allows everything would check nothing.
func TestSpecCanFail(t *testing.T) {
	for name, line := range map[string]string{
		"default/commands.conf":      "[schtaskhunt]\nlocal = true",
		"default/savedsearches.conf": "[x]\nenable_sched = 0",
		"default/distsearch.conf":    "[replicationDenylist]\nschtaskhunt_bin = .../bin/...",
		"default/app.conf":           "[package]\nid = other",
		"metadata/default.meta":      "[views]\nexport = global",
	} {
		s := parseConf(t, name, line)[0]
		if allowedBy(spec[name], s, s.keys[0]) {
			t.Errorf("%s takes %q", name, line)
		}
	}
}

// TestNothingRunsByItself: an app that is installed must not start to search.
func TestNothingRunsByItself(t *testing.T) {
	for _, s := range conf(t, files(t, withoutPrograms(false)), "default/savedsearches.conf") {
		if s.values["enableSched"] != "0" || s.values["disabled"] != "" || s.values["cron_schedule"] == "" {
			t.Errorf("[%s] is not one that an admin turns on: enableSched=%q disabled=%q cron_schedule=%q",
				s.name, s.values["enableSched"], s.values["disabled"], s.values["cron_schedule"])
		}
	}
}

func TestManifestAgreesWithAppConf(t *testing.T) {
	list := files(t, withoutPrograms(false))
	var manifest struct {
		SchemaVersion string
		Info          struct {
			Title string
			ID    struct{ Name, Version string }
		}
		TargetWorkloads []string
	}
	if err := json.Unmarshal([]byte(text(t, list, "app.manifest")), &manifest); err != nil {
		t.Fatal(err)
	}
	app := conf(t, list, "default/app.conf")
	id, ui := find(t, app, "id"), find(t, app, "ui")
	if manifest.Info.ID.Name != id.values["name"] || manifest.Info.ID.Version != id.values["version"] || manifest.Info.Title != ui.values["label"] {
		t.Errorf("the manifest has %+v, app.conf %v and %v", manifest.Info, id.values, ui.values)
	}
	if id.values["version"] != testVersion || find(t, app, "launcher").values["version"] != testVersion {
		t.Errorf("the version is %v", id.values)
	}
	if n, _ := strconv.Atoi(find(t, app, "install").values["build"]); n != 10203 {
		t.Errorf("build %d for %s", n, testVersion)
	}
}

// TestExports: the command and what it is used with are there in every app.
func TestExports(t *testing.T) {
	meta := conf(t, files(t, withoutPrograms(false)), "metadata/default.meta")
	for _, name := range []string{"commands", "searchbnf", "macros", "transforms", "lookups"} {
		if find(t, meta, name).values["export"] != "system" {
			t.Errorf("[%s] is not exported", name)
		}
	}
	if access := find(t, meta, "").values["access"]; !strings.Contains(access, "sc_admin") || strings.Contains(strings.SplitAfter(access, "write")[1], "*") {
		t.Errorf("access = %s", access)
	}
}
