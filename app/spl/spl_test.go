package spl_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/spl"
)

func run(t *testing.T, w *spl.World, text string, rows ...spl.Row) []spl.Row {
	t.Helper()
	s, err := spl.ParsePipeline(text)
	if err != nil {
		t.Fatal(err)
	}
	out, err := s.Run(w, rows)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestExpressions holds functions to what the Search Reference says of them, with its
// examples or ones like them.
func TestExpressions(t *testing.T) {
	row := spl.Row{"n": {"7"}, "name": {"WS-1"}, "empty": nil, "ips": {"10.0.0.1", "8.8.8.8", "8.8.8.8"}, "a.b": {"dotted"}}
	for expression, want := range map[string][]string{
		`n+1`:                            {"8"},
		`n*2-1`:                          {"13"},
		`1+2*3`:                          {"7"},
		`(1+2)*3`:                        {"9"},
		`n/2`:                            {"3.5"},
		`n%4`:                            {"3"},
		`name." on ".n`:                  {"WS-1 on 7"},
		`name.empty`:                     nil, // null swallows
		`'a.b'`:                          {"dotted"},
		`if(n>6, "big", "small")`:        {"big"},
		`if(empty=1, "x", "y")`:          {"y"},
		`case(n<5, "a", n<10, "b")`:      {"b"},
		`case(n<5, "a")`:                 nil,
		`case(n<5, "a", true(), "rest")`: {"rest"},
		`coalesce(empty, name)`:          {"WS-1"},
		`if(isnull(empty) AND NOT isnull(n), 1, 0)`:   {"1"},
		`if("10">"9", "number", "text")`:              {"number"},
		`if("b10">"b9", "number", "text")`:            {"text"},
		`if(ips="8.8.8.8", "in", "out")`:              {"in"},
		`len(name)`:                                   {"4"},
		`lower(name)`:                                 {"ws-1"},
		`substr("splunk", 1, 3)`:                      {"spl"},
		`substr("splunk", -3)`:                        {"unk"},
		`round(3.456, 1)`:                             {"3.5"},
		`round(2.4)`:                                  {"2"},
		`floor(7.9)`:                                  {"7"},
		`pow(2, 10)`:                                  {"1024"},
		`max(n, 9)`:                                   {"9"},
		`min(n, 9)`:                                   {"7"},
		`mvcount(ips)`:                                {"3"},
		`mvcount(empty)`:                              nil,
		`mvjoin(ips, ";")`:                            {"10.0.0.1;8.8.8.8;8.8.8.8"},
		`mvindex(ips, 0)`:                             {"10.0.0.1"},
		`mvindex(ips, -1)`:                            {"8.8.8.8"},
		`mvindex(ips, 0, 1)`:                          {"10.0.0.1", "8.8.8.8"},
		`mvindex(ips, 9)`:                             nil,
		`mvappend(name, empty, ips)`:                  {"WS-1", "10.0.0.1", "8.8.8.8", "8.8.8.8"},
		`mvdedup(ips)`:                                {"10.0.0.1", "8.8.8.8"},
		`mvsort(mvappend("b", "a"))`:                  {"a", "b"},
		`mvfilter(match(ips, "^8"))`:                  {"8.8.8.8", "8.8.8.8"},
		`mvmap(ips, "ip ".ips." of ".name)`:           {"ip 10.0.0.1 of WS-1", "ip 8.8.8.8 of WS-1", "ip 8.8.8.8 of WS-1"},
		`split("a,b", ",")`:                           {"a", "b"},
		`trim("{x}", "{}")`:                           {"x"},
		`replace("ab12", "([a-z]+)([0-9]+)", "\2\1")`: {"12ab"},
		`strftime(1600000000, "%Y-%m-%d %H:%M:%S")`:   {"2020-09-13 12:26:40"},
		`strptime("2020-09-13", "%Y-%m-%d")`:          {"1599955200"},
		`strptime("x", "%Y-%m-%d")`:                   nil,
		`relative_time(now(), "-1d")`:                 {"1599913600"},
		`-n`:                                          {"-7"},
	} {
		w := &spl.World{Now: time.Unix(1600000000, 0)}
		if got := run(t, w, "eval got="+expression, row)[0]["got"]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %q, want %q", expression, got, want)
		}
	}
}

func TestStats(t *testing.T) {
	rows := []spl.Row{
		{"id": {"a"}, "score": {"9"}, "device": {"x"}, "why": {"p", "q"}},
		{"id": {"a"}, "score": {"10"}, "device": {"y", "x"}},
		{"id": {"b"}, "score": {"3"}},
		{"score": {"99"}}, // no id: in no group
	}
	got := run(t, &spl.World{}, `stats count, dc(device) as devices, values(device) as device, max(score) as score, sum(score) as sum, first(why) as why, list(score) by id`, rows...)
	want := []spl.Row{
		{"id": {"a"}, "count": {"2"}, "devices": {"2"}, "device": {"x", "y"}, "score": {"10"}, "sum": {"19"}, "why": {"p"}, "list(score)": {"9", "10"}},
		{"id": {"b"}, "count": {"1"}, "devices": {"0"}, "score": {"3"}, "sum": {"3"}, "list(score)": {"3"}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if got := run(t, &spl.World{}, "stats count"); !reflect.DeepEqual(got, []spl.Row{{"count": {"0"}}}) {
		t.Errorf("of nothing: %v", got)
	}
	if got := run(t, &spl.World{}, "eventstats dc(device) as all | stats max(all) as all", rows...); got[0]["all"][0] != "2" {
		t.Errorf("eventstats: %v", got)
	}
}

func TestRows(t *testing.T) {
	rows := []spl.Row{{"n": {"10"}, "m": {"a", "b"}}, {"n": {"9"}}, {"m": {"c"}}}
	for text, want := range map[string]string{
		"sort 0 n | table n":                           "9 10 -",
		"sort 0 -n | table n":                          "10 9 -",
		"sort 1 n | table n":                           "9",
		"head 2 | table n":                             "10 9",
		"where n>9 | table n":                          "10",
		"mvexpand m | table m":                         "a b - c",
		`rename n AS "count.of" | table count.of`:      "10 9 -",
		`fillnull value="0" n | table n`:               "10 9 0",
		"fields - m | table n, m":                      "10 9 -",
		"fields m | table m":                           "a,b - c",
		"eval k=1 | dedup k | table n":                 "10",
		"dedup n | table n":                            "10 9",
		`eval n=null() | where isnotnull(n) | table n`: "",
	} {
		var words []string
		for _, row := range run(t, &spl.World{}, text, rows...) {
			word := "-"
			for _, values := range row {
				word = strings.Join(values, ",")
			}
			words = append(words, word)
		}
		if got := strings.Join(words, " "); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	if rows[0]["n"][0] != "10" || len(rows[0]) != 2 {
		t.Errorf("the rows given were changed: %v", rows)
	}
}

// TestTables: what is written is read again, and a key stands once.
func TestShapes(t *testing.T) {
	rows := []spl.Row{{"_time": {"3700"}, "to": {"a"}, "n": {"2"}, "why": {"x (T1, T2)", "y (T3)"}}, {"_time": {"7300"}, "to": {"b"}, "n": {"1"}}, {"_time": {"3900"}, "to": {"b"}, "n": {"5"}}}
	got := run(t, &spl.World{}, `bin _time span=1h | stats sum(n) as n by _time, to | xyseries _time to n`, rows...)
	if want := []spl.Row{{"_time": {"3600"}, "a": {"2"}, "b": {"5"}}, {"_time": {"7200"}, "b": {"1"}}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
	for text, want := range map[string][]string{
		`rex field=why max_match=0 "(?<t>T[0-9])"`: {"T1", "T2", "T3"},
		`rex field=why "(?<t>T[0-9])"`:             {"T1", "T3"}, // once in each value
		`rex field=why "(?<t>U)"`:                  nil,
	} {
		if got := run(t, &spl.World{}, text, rows...)[0]["t"]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestTables(t *testing.T) {
	w := &spl.World{}
	run(t, w, "outputlookup append=true key_field=id told", spl.Row{"id": {"a"}, "score": {"1"}}, spl.Row{"id": {"b"}, "score": {"2"}})
	run(t, w, "outputlookup append=true key_field=id told", spl.Row{"id": {"a"}, "score": {"3"}})
	if got := run(t, w, "lookup told id OUTPUT score AS before | table id, before", spl.Row{"id": {"a"}, "before": {"9"}}, spl.Row{"id": {"c"}, "before": {"9"}}); !reflect.DeepEqual(got, []spl.Row{{"id": {"a"}, "before": {"3"}}, {"id": {"c"}}}) {
		t.Errorf("got %v", got)
	}
	if got := run(t, w, "inputlookup append=t told | stats count", spl.Row{}); got[0]["count"][0] != "3" {
		t.Errorf("got %v", got)
	}
	w.Columns = map[string][]string{"told": {"id"}}
	run(t, w, "where id=\"a\" | outputlookup told", spl.Row{"id": {"a"}, "more": {"b"}})
	if !reflect.DeepEqual(w.Lookups["told"], []spl.Row{{"id": {"a"}}}) {
		t.Errorf("not replaced: %v", w.Lookups)
	}
	if run(t, w, "outputlookup override_if_empty=false told"); len(w.Lookups["told"]) != 1 {
		t.Errorf("nothing took its place: %v", w.Lookups)
	}
	if run(t, w, "outputlookup told"); len(w.Lookups["told"]) != 0 {
		t.Errorf("not emptied: %v", w.Lookups)
	}
	run(t, w, "collect index=risk", spl.Row{"id": {"a"}})
	if len(w.Collected["risk"]) != 1 {
		t.Errorf("nothing collected: %v", w.Collected)
	}
}

// TestWrongSearches: each is refused with words that name the place.
func TestWrongSearches(t *testing.T) {
	for text, want := range map[string]string{
		"index=x | evl a=1":                 `no command "evl"`,
		"index=x | eval a=frob(1)":          "no function frob",
		"index=x | eval a=if(b, 1)":         "if takes 3 to 3 arguments",
		"index=x | eval a=1+":               "a value is missing",
		"index=x | eval a=1 2":              "behind a whole expression",
		`index=x | eval a="open`:            "open",
		"index=x | where (a=1":              `")" is missing`,
		"index=x | stats frob(a) by b":      "no function of stats",
		"index=x | stats dc by b":           "no function of stats",
		"index=x | sort -score":             "10,000",
		"index=x | rename a b":              "is not: field AS name",
		"index=x | lookup t f":              "is not: table",
		"index=x | outputlookup create=t t": "no option create",
		"index=x | collect source=x":        "index=name",
		"index=x | head many":               "many",
		"index=x | eval a=mvfilter(b=c)":    "values of one field",
		"index=x | where 1=1 | | table a":   `no command ""`,
		"index=x [search y | eval a=1":      "open",
		"index=x | eval a=b;c":              `";" is no part`,
		"index=x | bin _time":               "span=1h",
		`index=x | rex "(?<a>b)"`:           "field=name",
		`index=x | rex field=a "(b"`:        "compiling",
		"index=x | fields - ":               "fields are missing",
	} {
		if _, err := spl.Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	for text, want := range map[string]string{
		"eval a=(1=1)":             "cannot be a condition",
		`where "x"`:                "no condition",
		"eval a=if(1, 2, 3)":       "not a condition",
		"lookup gone f OUTPUT g":   "no lookup gone",
		"inputlookup gone":         "no lookup gone",
		`eval a=match("x", "(")`:   "compiling",
		"timechart count":          "not run",
		"eval a=if(1 AND 2, 1, 2)": "take conditions",
	} {
		s, err := spl.ParsePipeline(text)
		if err == nil {
			_, err = s.Run(&spl.World{}, []spl.Row{{}})
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestOwnCommands(t *testing.T) {
	s, err := spl.Parse("index=x\n| schtaskhunt a=\"b | c\"\n| table n")
	if err != nil {
		t.Fatal(err)
	}
	if s.Terms != "index=x" || s.Runs() || !s.Runs("schtaskhunt") {
		t.Errorf("read as %q", s.Terms)
	}
	w := &spl.World{Commands: map[string]func(string, []spl.Row) ([]spl.Row, error){
		"schtaskhunt": func(text string, rows []spl.Row) ([]spl.Row, error) { return []spl.Row{{"n": {text}}}, nil },
	}}
	if got, err := s.Run(w, nil); err != nil || got[0]["n"][0] != `a="b | c"` {
		t.Errorf("%v, %v", got, err)
	}
}

// FuzzParse: whatever is written, it is read or refused.
func FuzzParse(f *testing.F) {
	for _, text := range []string{`index=x | eval a=if(b>1, "c", 'd.e') | stats count by a`, `| where a="\"" AND NOT (b`, "|eval a=-", "| eval a=mvmap()"} {
		f.Add(text)
	}
	f.Fuzz(func(_ *testing.T, text string) {
		if s, err := spl.Parse(text); err == nil && s.Runs() {
			_, _ = s.Run(&spl.World{}, []spl.Row{{"a": {"1", "2"}, "b": {""}}})
		}
	})
}
