package command

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

// FuzzParse feeds tokens, one a line. Whatever they are, the answer is a usage
// error or options that survive being written and read again, also through splunkd.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "recent=1d\nmax_devices=5", "recent\n=\n2d", "raw=\nf", "allow_dest=a.com,10.0.0.0/8,::1", "allow_command=*\\x \"y\"*,z",
		"root=/(?i)a|b/", "root=/[/", "now=2023-06-01T00:00:00Z\nlookback=all", "phase=map", "mode=kql", "=\n=", "recent=9w", "lookback=1s",
		"allow_path=\\\n\"", "max_depth=99999999999999999999", "allow_dest=\nraw=t", "allow_command=a = b\n = c",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		o, err := Parse(strings.Split(text, "\n"))
		if err != nil {
			var usageError *UsageError
			if !errors.As(err, &usageError) {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		again, err := Parse(o.Args())
		if err != nil {
			t.Fatalf("%q: %v", o.Args(), err)
		}
		if !reflect.DeepEqual(again, o) {
			t.Fatalf("%q:\n got %+v\nwant %+v", o.Args(), again, o)
		}
		checkPreop(t, o)
	})
}

// FuzzFlags checks that a command line is answered, never more, and that every word
// after -- is a file.
func FuzzFlags(f *testing.F) {
	for _, seed := range []string{"--recent\n1d\na.csv", "--", "-", "--format=csv", "--no-progress=", "---x", "--=\n=", "-h", "--allow-dest\na\n--allow-dest\nb"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		args := strings.Split(text, "\n")
		_, before, err := ParseFlags(args, huntFlags...)
		_, after, errAfter := ParseFlags(append(args, "--", "--zebra"), huntFlags...)
		if err != nil || before.Help || errAfter != nil {
			return
		}
		if n := len(after.Files); n <= len(before.Files) || after.Files[n-1] != "--zebra" {
			t.Fatalf("files %q, then %q", before.Files, after.Files)
		}
	})
}

// FuzzWildcards compares the matcher with a regular expression.
func FuzzWildcards(f *testing.F) {
	f.Add("a*b", "aXb")
	f.Add("*\u00dc*", "x\u00fc")
	f.Add("\u212a", "k") // the Kelvin sign, which folds to a letter of ASCII
	f.Fuzz(func(t *testing.T, entry, value string) {
		w, err := NewWildcards([]string{entry})
		if err != nil {
			return
		}
		_, ok := w.Match(value)
		if _, want := slowMatch([]string{entry}, value); ok != want {
			t.Fatalf("%q on %q: %t", entry, value, ok)
		}
	})
}

// FuzzDestinations checks that what an entry says it is, it matches.
func FuzzDestinations(f *testing.F) {
	for _, seed := range []string{"corel.com", "*.a.b", "10.0.0.1", "::ffff:10.0.0.0/104", "fe80::1%x", "a/b", "\u0130.com"} {
		f.Add(seed, "x")
	}
	f.Fuzz(func(t *testing.T, entry, host string) {
		d, err := NewDestinations([]string{entry})
		if err != nil {
			return
		}
		d.MatchHost(host)
		if prefix, ok := parsePrefix(strings.TrimSpace(entry)); ok {
			if _, ok = d.MatchAddr(prefix.Addr()); !ok {
				t.Fatalf("%q does not cover %s", entry, prefix.Addr())
			}
			return
		}
		domain := strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(entry), "*"), ".")
		for _, name := range []string{domain, "below." + domain, strings.ToUpper("ab.") + domain} {
			if _, ok := d.MatchHost(name); !ok && len(name) <= maxDomain {
				t.Fatalf("%q does not match %q", entry, name)
			}
		}
	})
}
