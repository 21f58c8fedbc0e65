package command

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
)

var huntFlags = []Flag{
	{Name: "format", Value: "table|csv|json", Help: "how rows are written", Check: OneOf("table", "csv", "json")},
	{Name: "chunk-rows", Value: "<n>", Default: "50000", Help: "rows in a chunk", Check: Whole(1)},
	{Name: "log", Value: "<text>", Help: "any text"},
	{Name: "no-progress", Help: "draw no progress line"},
}

func TestParseFlags(t *testing.T) {
	o, rest, err := ParseFlags([]string{
		"a.xml", "--recent", "2d", "--max-devices=3", "--Max_Depth", "9", "-", "--format", "CSV", "--allow-dest", "a.com",
		"--no-progress", "--allow-dest=b.com,c.com", "b.xml", "--now", "1700000000", "--", "--format", "-x",
	}, huntFlags...)
	if err != nil {
		t.Fatal(err)
	}
	want := mustParse(t, "recent=2d", "max_devices=3", "max_depth=9", "allow_dest=a.com,b.com,c.com", "now=1700000000")
	want.flags = true
	if !reflect.DeepEqual(o, want) {
		t.Errorf("got %+v\nwant %+v", o, want)
	}
	if want := []string{"a.xml", "-", "b.xml", "--format", "-x"}; !slices.Equal(rest.Files, want) {
		t.Errorf("files %q, want %q", rest.Files, want)
	}
	if rest.Value("format") != "csv" || !rest.Switch("no-progress") || rest.Int("chunk-rows") != 50000 || rest.Help {
		t.Errorf("rest is %+v", rest)
	}
}

// Every option is a flag of the same name, and means the same.
func TestFlagsMeanWhatArgumentsMean(t *testing.T) {
	values := map[string]string{
		"mode": "hunt", "root": "/x/", "recent": "3h", "lookback": "all", "now": "2023-06-01T00:00:00Z", "max_devices": "0",
		"max_depth": "1", "internal": "only", "allow_command": "a*,b", "allow_path": "c", "allow_dest": "10.0.0.0/8",
		"output": "nodes", "rebuilt": "none", "mapper": "falcon", "enrich": "lists,more", "max_mem_mb": "64", "raw": "no",
		"columns": "all", "allow_url": "a.com,b.com", "loopback": "none", "null_keys": "match", "dates": "dmy",
		"rarity": "template", "min_score": "4.5", "top": "9", "proxy": "10.0.0.8:3128,10.1.0.0/16",
		"baseline": "a.csv,b.csv.gz", "baseline_days": "30", "shard": "2/4", "allow": "a.csv,b.csv", "propose": "0123456789abcdef", "expires": "2w",
	}
	for _, opt := range Table() {
		value, ok := values[opt.Name]
		if opt.Hidden {
			continue
		}
		if !ok {
			t.Errorf("%s is not tested", opt.Name)
			continue
		}
		mode := ModeHunt
		if opt.Only != "" {
			mode = opt.Only
		}
		want := mustParse(t, opt.Name+"="+value, "mode="+string(mode))
		want.flags = true
		for _, args := range [][]string{
			{flagName(opt.Name), value}, {flagName(opt.Name) + "=" + value}, {"--" + opt.Name, value},
		} {
			args = append(args, "--mode", string(mode))
			got, _, err := ParseFlags(args)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%q: %v\n got %+v\nwant %+v", args, err, got, want)
			}
		}
	}
}

func TestFlagErrors(t *testing.T) {
	const hunt = "flags are: --allow, --allow-command, --allow-dest, --allow-path, --allow-url, --baseline, --baseline-days, --chunk-rows, --columns, --dates, --enrich, --expires, --format, --help, --internal, --log, " +
		"--lookback, --loopback, --mapper, --max-depth, --max-devices, --max-mem-mb, --min-score, --mode, --no-progress, --now, --null-keys, --output, --propose, --proxy, --rarity, --raw, --rebuilt, --recent, --root, --shard, --top; " +
		"a file of that name follows --"
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--max-device", "3"}, `unknown flag "--max-device"; did you mean --max-devices? ` + hunt},
		{[]string{"--devces=3"}, `unknown flag "--devces"; did you mean --max-devices? ` + hunt},
		{[]string{"--formt", "csv"}, `unknown flag "--formt"; did you mean --format? ` + hunt},
		{[]string{"-recent", "1d"}, `unknown flag "-recent"; did you mean --recent? ` + hunt},
		{[]string{"--since", "1d"}, `unknown flag "--since"; did you mean --recent SPAN, back from --now TIME? ` + hunt},
		{[]string{"--Until=2026-11-20"}, `unknown flag "--Until"; did you mean --now TIME, from which the hunt looks back? ` + hunt},
		{[]string{"-n", "5"}, `unknown flag "-n"; did you mean --top N? ` + hunt},
		{[]string{"--json"}, `unknown flag "--json"; did you mean --format WORD? ` + hunt},
		{[]string{"--output", "a.csv"}, `flag "--output": "a.csv" is not one of all, nodes, connections, trees, findings, tasks, census`}, // nothing here writes a file
		{[]string{"--zebra"}, `unknown flag "--zebra"; ` + hunt},
		{[]string{"--=1"}, `unknown flag "--"; ` + hunt},
		{[]string{"--phase", "map"}, `flag "--phase" is set by Splunk alone and is not a flag`},
		{[]string{"--max-devices"}, `flag "--max-devices" needs a value`},
		{[]string{"--max-devices", "--recent", "1d"}, `flag "--max-devices" needs a value`},
		{[]string{"--max-devices", "five"}, `flag "--max-devices": "five" is not a whole number of 0 or more`},
		{[]string{"--recent", "1d", "--recent", "2d"}, `flag "--recent" is given twice, as "1d" and as "2d": give it once`},
		{[]string{"--recent", "8d", "--lookback", "7d"}, `flag "--recent": "8d" is longer than flag "--lookback", which is "7d": give recent a span of at most lookback`},
		{[]string{"--format", "xml"}, `flag "--format": "xml" is not one of table, csv, json`},
		{[]string{"--format=csv", "--format=json"}, `flag "--format" is given twice, as "csv" and as "json": give it once`},
		{[]string{"--chunk-rows=0"}, `flag "--chunk-rows": "0" is not a whole number of 1 or more`},
		{[]string{"--no-progress=t"}, `flag "--no-progress" takes no value, not "t"`},
	} {
		_, _, err := ParseFlags(c.args, huntFlags...)
		var usageError *UsageError
		if !errors.As(err, &usageError) {
			t.Errorf("%q: %T %v", c.args, err, err)
		} else if err.Error() != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.args, err, c.want)
		}
	}
}

// Where a file can be written, its name is no kind of rows; where a span has a beginning, it is
// no recent one.
func TestFlagsOfOtherTools(t *testing.T) {
	declared := []Flag{{Name: "out-file", Short: "o", Value: "<file>"}, {Name: "earliest", Value: "<time>"}}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--output", "a.csv"}, `flag "--output" says which rows come back; the file to write is named by -o a.csv`},
		{[]string{"--out", "a.csv"}, `unknown flag "--out"; did you mean -o FILE? flags`},
		{[]string{"--since", "1d"}, `unknown flag "--since"; did you mean --earliest? flags`},
	} {
		if _, _, err := ParseFlags(c.args, declared...); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%q:\n got %v\nwant %s", c.args, err, c.want)
		}
	}
	if _, err := ParseDeclared([]string{"--since", "1d"}); err == nil || strings.Contains(err.Error(), "recent") {
		t.Errorf("where nothing looks back: %v", err)
	}
}

func TestFlagOfAnyText(t *testing.T) {
	_, rest, err := ParseFlags([]string{"--log=--x", "--log", "--x"}, huntFlags...)
	if err == nil || err.Error() != `flag "--log" needs a value` {
		t.Errorf("a value that looks like a flag: %v", err)
	}
	if rest.Value("log") != "--x" {
		t.Errorf("the joined value is %q", rest.Value("log"))
	}
}

func TestHelpIsAskedFor(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"-h"}, {"a.xml", "--help", "--zebra"}} {
		if _, rest, err := ParseFlags(args); err != nil || !rest.Help {
			t.Errorf("%q: help %t, %v", args, rest.Help, err)
		}
	}
	if _, rest, err := ParseFlags([]string{"--", "--help"}); err != nil || rest.Help || len(rest.Files) != 1 {
		t.Errorf("after --: %+v, %v", rest, err)
	}
}

func TestParseDeclared(t *testing.T) {
	rest, err := ParseDeclared([]string{"--chunk-rows", "7", "recent=1d raw=f", "a.csv"}, huntFlags...)
	if err != nil || rest.Int("chunk-rows") != 7 || !slices.Equal(rest.Files, []string{"recent=1d raw=f", "a.csv"}) {
		t.Errorf("got %+v, %v", rest, err)
	}
	_, err = ParseDeclared([]string{"--recent", "1d"}, huntFlags[1])
	if want := `unknown flag "--recent"; flags are: --chunk-rows, --help; a file of that name follows --`; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestLooksLikeOption(t *testing.T) {
	for word, want := range map[string]string{
		"max_devices=5": "--max-devices=5", "Recent=1d": "--recent=1d", "a=b.csv": "", "recent": "", "./recent=1d": "",
	} {
		if flag, ok := LooksLikeOption(word); flag != want || ok != (want != "") {
			t.Errorf("%s: %q, %t", word, flag, ok)
		}
	}
}
