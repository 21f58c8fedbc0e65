package command

import (
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// Each text is read by somebody whose search has just ended: it names the option,
// the value and the way out.
func TestErrorTexts(t *testing.T) {
	const (
		list = "options are: mode, root, recent, lookback, now, dates, max_devices, max_depth, internal, " +
			"allow_command, allow_path, allow_dest, allow, propose, expires, output, rarity, min_score, top, proxy, baseline, baseline_days, shard, rebuilt, mapper, enrich, max_mem_mb, columns, allow_url, loopback, null_keys, raw"
		roots  = "accepted are schtask, service, wmi, winrm, dcom, office, web, logon, service:NAME for what the host of one service starts, several of them with commas between, or /regex/ to match the parent's command line"
		spans  = "accepted is a whole number with s, m, h, d or w (30m, 24h, 7d, 1w), or all; months vary in length, so count days"
		times  = "accepted are epoch seconds after 1970 (1685628237.71) and ISO 8601 (2023-06-01T14:03:57Z)"
		dests  = "is not a domain, an IP address or a CIDR range: write corel.com, 192.0.2.7 or 192.0.2.0/24, without scheme, port or path"
		covers = "covers every destination and would hide everything: use internal= or output= to choose rows"
		stars  = "matches everything and would hide everything: name what is to be left out"
		bare   = ` is not an option: options are name=value, and a list is quoted: allow_dest="a.com,b.com"`
	)
	const names = " is not the name of a plugin, which is of letters, digits, - and _: schtaskhunt plugins lists those that are installed"
	long := strings.Repeat("x", 1001)
	for _, c := range []struct {
		tokens []string
		want   string
	}{
		{[]string{"max_device=5"}, `unknown option "max_device"; did you mean max_devices? ` + list},
		{[]string{"depth=5"}, `unknown option "depth"; did you mean max_depth? ` + list},
		{[]string{"zebra=5"}, `unknown option "zebra"; ` + list},
		{[]string{"phases=map"}, `unknown option "phases"; ` + list},
		{[]string{"b.com"}, `"b.com"` + bare},
		{[]string{"allow_dest=a.com", "b.com"}, `"b.com"` + bare},
		{[]string{"=", "5"}, `"="` + bare},
		{[]string{"recent"}, `"recent"` + bare},
		{[]string{"mode=kql", "internal=only"}, `option "internal" is for mode=hunt, and mode is kql: leave one of the two out`},
		{[]string{"mode=kql", "mapper=falcon"}, `option "mapper" is for mode=hunt, and mode is kql: leave one of the two out`},
		{[]string{"mode=kql", "enrich=lists"}, `option "enrich" is for mode=hunt, and mode is kql: leave one of the two out`},
		{[]string{"mapper=../falcon"}, `option "mapper": "../falcon"` + names},
		{[]string{"enrich=a,C:x"}, `option "enrich": "C:x"` + names},
		{[]string{"enrich=bin/sh -c x"}, `option "enrich": "bin/sh -c x"` + names},
		{[]string{"columns=all"}, `option "columns" is for mode=kql, and mode is hunt: leave one of the two out`},
		{[]string{"mode=kql", "columns=some"}, `option "columns": "some" is not one of main, all`},
		{[]string{"mode=hunts"}, `option "mode": "hunts" is not one of hunt, kql; did you mean hunt?`},
		{[]string{"root=wmii"}, `option "root": "wmii" is not a root; did you mean wmi? ` + roots},
		{[]string{"root=wmi,task"}, `option "root": "task" is not a root; did you mean schtask? ` + roots},
		{[]string{"root=W3WP.exe"}, `option "root": "W3WP.exe" is not a root; did you mean web? ` + roots},
		{[]string{"root=zebra"}, `option "root": "zebra" is not a root; ` + roots},
		{[]string{"root=service:"}, `option "root": "service:" is not a root; did you mean service? ` + roots},
		{[]string{"root=,"}, `option "root": "," is not a root; ` + roots},
		{[]string{"root=wmi,/x/"}, `option "root": "wmi,/x/": a regular expression stands alone; write the presets' parents into it, or hunt twice`},
		{[]string{"root=powershell"}, `option "root": "powershell" is not a root; ` + roots},
		{[]string{"root=/abc"}, `option "root": "/abc" is not a regular expression between slashes; ` + roots},
		{[]string{"root=//"}, `option "root": "//" is not a regular expression between slashes; ` + roots},
		{[]string{`root=/\d(/`}, `option "root": "/\d(/" is not a regular expression of Go (RE2): missing closing ): "\d("`},
		{[]string{"root=/" + long + "/"}, `option "root": "/` + long[:79] + `..." is longer than 1000 characters`},
		{[]string{"recent=1mon"}, `option "recent": "1mon" is not a span: ` + spans},
		{[]string{"recent="}, `option "recent": "" is not a span: ` + spans},
		{[]string{"lookback=0d"}, `option "lookback": "0d" is an empty span: ` + spans},
		{[]string{"lookback=99999999999w"}, `option "lookback": "99999999999w" is longer than can be counted: write all for no limit`},
		{[]string{"recent=8d", "lookback=7d"}, `option "recent": "8d" is longer than option "lookback", which is "7d": give recent a span of at most lookback`},
		{[]string{"now=-1d@d"}, `option "now": "-1d@d" is not a time: ` + times},
		{[]string{"now=0"}, `option "now": "0" is not a time: ` + times},
		{[]string{"now=16856282377.1.0"}, `option "now": "16856282377.1.0" is not a time: ` + times},
		{[]string{"now=10/11/2026"}, `option "now": "10/11/2026" is not a time: ` + times},
		{[]string{"dates=dmy", "now=10/11/2026 09:00"}, `option "now": "10/11/2026 09:00" is not a time: ` + times},
		{[]string{"now=10-11-2026"}, `option "now": "10-11-2026" is not a time: ` + times},
		{[]string{"now=Nov 20, 2026 9:00:01 AM"}, `option "now": "Nov 20, 2026 9:00:01 AM" is not a time: ` + times},
		{[]string{"now=2026"}, `option "now": "2026" is not a time: ` + times},
		{[]string{"now=20261120"}, `option "now": "20261120" is not a time: ` + times},
		{[]string{"now=46346.375"}, `option "now": "46346.375" is not a time: ` + times},
		{[]string{"max_devices=five"}, `option "max_devices": "five" is not a whole number of 0 or more`},
		{[]string{"max_devices=-1"}, `option "max_devices": "-1" is not a whole number of 0 or more`},
		{[]string{"max_devices=99999999999"}, `option "max_devices": "99999999999" is greater than 2147483647`},
		{[]string{"max_depth=0"}, `option "max_depth": "0" is not a whole number of 1 or more`},
		{[]string{"internal=none"}, `option "internal": "none" is not one of exclude, include, only`},
		{[]string{"output=findings", "rarity=command"}, `option "output": "findings" needs rarity=template: commands are not scored`},
		{[]string{"top=5", "rarity=command"}, `option "top": "5" needs rarity=template: commands are not scored`},
		{[]string{"min_score=-1"}, `option "min_score": "-1" is not a number of bits, 0 or more (12, 8.5)`},
		{[]string{"shard=5/4"}, `option "shard": "5/4" is not a share such as 1/4: i/n with i from 1 to n, and n at most 1000`},
		{[]string{"shard=0/4"}, `option "shard": "0/4" is not a share such as 1/4: i/n with i from 1 to n, and n at most 1000`},
		{[]string{"shard=1"}, `option "shard": "1" is not a share such as 1/4: i/n with i from 1 to n, and n at most 1000`},
		{[]string{"shard=1/4", "rarity=command"}, `option "shard": "1/4" needs rarity=template: commands are not scored`},
		{[]string{"output=census", "rarity=command"}, `option "output": "census" needs rarity=template: commands are not scored`},
		{[]string{"baseline=../../etc/passwd.csv"}, `option "baseline": "../../etc/passwd.csv" is not the bare name of a lookup file that ends in .csv or .csv.gz: letters, digits, _, - and . only; the file is read from the app's lookups folder`},
		{[]string{"baseline=.csv"}, `option "baseline": ".csv" is not the bare name of a lookup file that ends in .csv or .csv.gz: letters, digits, _, - and . only; the file is read from the app's lookups folder`},
		{[]string{"baseline=passwd"}, `option "baseline": "passwd" is not the bare name of a lookup file that ends in .csv or .csv.gz: letters, digits, _, - and . only; the file is read from the app's lookups folder`},
		{[]string{"proxy=nowhere"}, `option "proxy": "nowhere" is not one of auto, none, an IP address, a CIDR range, or an address with its port (10.0.0.8:3128, [fd00::8]:3128)`},
		{[]string{"output=rows"}, `option "output": "rows" is not one of all, nodes, connections, trees, findings, tasks, census`},
		{[]string{"rebuilt=t"}, `option "rebuilt": "t" is not one of connected, all, none`},
		{[]string{"raw=maybe"}, `option "raw": "maybe" is neither t, true, 1, yes nor f, false, 0, no`},
		{[]string{"phase=reduce"}, `option "phase": "reduce" is not one of map`},
		{[]string{"recent=1d", "recent=2d"}, `option "recent" is given twice, as "1d" and as "2d": give it once`},
		{[]string{"allow_command=a*,**"}, `option "allow_command": "**" ` + stars},
		{[]string{"allow_path=" + long}, `option "allow_path": "` + long[:80] + `..." is longer than 1000 characters`},
		{[]string{"allow_dest=a.com,http://x.com/"}, `option "allow_dest": "http://x.com/" ` + dests},
		{[]string{"allow_dest=::/0"}, `option "allow_dest": "::/0" ` + covers},
		{[]string{"allow_dest=a\x00b"}, `option "allow_dest": "a\x00b" ` + dests},
		{[]string{"allow_path=\xff"}, `option "allow_path": "\xff" is not valid UTF-8`},
	} {
		_, err := Parse(c.tokens)
		if err == nil {
			t.Errorf("%.80q: no error, want %s", c.tokens, c.want)
		} else if err.Error() != c.want {
			t.Errorf("%.80q:\n got %s\nwant %s", c.tokens, err, c.want)
		}
	}
}

func TestListIsBounded(t *testing.T) {
	entries := make([]string, 10_001)
	for i := range entries {
		entries[i] = "h" + strconv.Itoa(i) + ".example"
	}
	o := mustParse(t, "allow_dest="+strings.Join(entries[:10_000], ","))
	if i, ok := o.AllowDest.MatchHost("www.h9999.example"); !ok || i != 9999 {
		t.Errorf("the last entry gave %d, %t", i, ok)
	}
	_, err := Parse([]string{"allow_dest=" + strings.Join(entries, ",")})
	want := `option "allow_dest" has more than 10000 entries: shorten it, or filter the events before the command`
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

// A message travels in one line of JSON, however strange the value.
func TestMessagesAreOnePrintableLine(t *testing.T) {
	for _, value := range []string{"\n", "a\x1b[31mb", "\xff\xfe", strings.Repeat("\u00fc", 5000)} {
		for _, token := range []string{value, value + "=1", "raw=" + value, "root=/(" + value + "/"} {
			_, err := Parse([]string{token})
			if err == nil {
				continue // nothing but blanks
			}
			if text := err.Error(); strings.ContainsAny(text, "\n\x1b") || !utf8.ValidString(text) || len(text) > 1200 {
				t.Errorf("%.40q: %.200q", token, text)
			}
		}
	}
}
