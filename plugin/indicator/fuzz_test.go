package indicator

import (
	"encoding/csv"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/schtaskhunt/schtaskhunt/plugin"
)

// Whatever a list is, reading it ends, counts what it took, and what it made can be
// asked anything.
func FuzzAddList(f *testing.F) {
	for _, seed := range []string{
		"203.0.113.7\nevil.example # x\n", "indicator,type,score\n\"a\"\"b\",command,5\n", "\xef\xbb\xbfvalue;kind\nx.example;domain",
		misp(), stixBundle, `{"response":[{"Event":{"Attribute":[{"type":"ip-dst|port","value":"|"}]}}]}`, `[{"objects":[{"type":"indicator","pattern":"["}]}]`, "{", "[[[",
		"indicator,type\n*a*b*c*d*,command\n",
	} {
		f.Add(seed, "evil.example")
	}
	f.Fuzz(func(t *testing.T, text, value string) {
		set, report := read(t, "fuzz", text)
		if set.Len() > report.Entries {
			t.Errorf("%d entries of %d", set.Len(), report.Entries)
		}
		for _, kind := range []plugin.IndicatorKind{plugin.IP, plugin.Domain, plugin.SHA256, plugin.CommandLine} {
			v := set.Lookup(plugin.Indicator{Kind: kind, Value: value})
			if !(v.Score >= 0 && v.Score <= 100) || len(v.Label) > maxText || len(v.Source) > maxText || !utf8.ValidString(v.Label) || !utf8.ValidString(v.Source) {
				t.Errorf("verdict %+v", v)
			}
		}
	})
}

func FuzzParsePattern(f *testing.F) {
	for _, seed := range []string{
		"[ipv4-addr:value = '203.0.113.7' OR ipv4-addr:value ISSUBSET '198.51.100.0/24']", "[a:b IN ('c', 'd') AND NOT e:f != t'g'] FOLLOWEDBY [h:i = 1]",
		`[file:hashes.'SHA-256' = '\'\\']`, "([a:b='c'] OR [EXISTS d:e[*].f])",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, pattern string) {
		found, _, err := parsePattern(pattern)
		if err != nil && len(found) > 0 {
			t.Errorf("%v and %v", found, err)
		}
		for _, c := range found {
			for _, v := range c.values {
				if len(v) > len(pattern) {
					t.Errorf("value %q is longer than its pattern", v)
				}
			}
		}
	})
}

// A row that encoding/csv can read is cut the same way.
func FuzzSplit(f *testing.F) {
	for _, seed := range []string{"a,b,c", `"a","b ""c""",,`, "", ",", `"`, `""`, `"a"b`, `a"b`, `"a,b",c`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if strings.ContainsAny(line, "\r\n") {
			return // the lines are cut before
		}
		want, err := csv.NewReader(strings.NewReader(line)).Read()
		if err != nil {
			return
		}
		r := rows{comma: ','}
		if err := r.split([]byte(line)); err != nil {
			t.Fatalf("%q: %v, want %q", line, err, want)
		}
		got := make([]string, len(r.fields))
		for i := range got {
			got[i] = string(r.fields[i])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q is cut into %q, want %q", line, got, want)
		}
	})
}

// An asterisk stands for any text, as .* does.
func FuzzCommandPattern(f *testing.F) {
	for _, seed := range [][2]string{{"a*b", "axxb"}, {"*evil*", "an evil one"}, {"aa*aa", "aaa"}, {"a**b*", "ab"}, {"*ab*ab", "abab"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, text, command string) {
		if !strings.Contains(text, "*") || strings.Trim(text, "*") == "" || !utf8.ValidString(text) || !utf8.ValidString(command) {
			return
		}
		expression := "(?s)^" + strings.ReplaceAll(regexp.QuoteMeta(text), `\*`, ".*") + "$"
		p := newPattern([]byte(text), 0)
		if got, want := p.matches([]byte(command)), regexp.MustCompile(expression).MatchString(command); got != want {
			t.Errorf("%q matches %q: %t, want %t", text, command, got, want)
		}
	})
}

// Letter case and the amount of blanks of a command line do not matter.
func FuzzAppendCommand(f *testing.F) {
	f.Add(" Cmd.EXE  /c\tx ")
	f.Add("\xff \u00a0ÄB")
	f.Fuzz(func(t *testing.T, command string) {
		once := string(appendCommand(nil, command))
		if twice := string(appendCommand(nil, once)); twice != once {
			t.Errorf("%q becomes %q, that %q", command, once, twice)
		}
		if spread := string(appendCommand(nil, "\t"+strings.ReplaceAll(command, " ", " \t ")+"\n")); spread != once {
			t.Errorf("%q becomes %q, with more blanks %q", command, once, spread)
		}
	})
}
