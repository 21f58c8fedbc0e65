package indicator

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/plugin"
)

var bad = note{score: 80, label: "bad", source: "test"}

func TestLookup(t *testing.T) {
	set := setOf(t,
		item{address, "203.0.113.7", bad}, item{address, "198.51.100.0/24", bad}, item{address, "2001:db8::/32", bad},
		item{domain, "evil.example", bad}, item{domain, "srv1.x9", bad},
		item{sha256, strings.Repeat("ab", 32), bad},
		item{commandLine, `cmd.exe /c "evil"`, bad}, item{commandLine, "*evil*.ps1", bad},
	)
	for _, c := range []struct {
		kind  plugin.IndicatorKind
		value string
		found bool
	}{
		{plugin.IP, "203.0.113.7", true}, {plugin.IP, "203.0.113.8", false}, {plugin.IP, "::ffff:203.0.113.7", true},
		{plugin.IP, " 203.0.113.7 ", true}, {plugin.IP, "203.0.113.7:443", false}, {plugin.IP, "", false},
		{plugin.IP, "198.51.100.255", true}, {plugin.IP, "198.51.101.0", false},
		{plugin.IP, "2001:db8:0:0:0:0:0:1", true}, {plugin.IP, "2001:db8::1%eth0", true}, {plugin.IP, "2001:db9::1", false},
		{plugin.Domain, "evil.example", true}, {plugin.Domain, "a.b.EVIL.Example.", true}, {plugin.Domain, "notevil.example", false},
		{plugin.Domain, "example", false}, {plugin.Domain, "evil.example.org", false}, {plugin.Domain, ".", false},
		{plugin.Domain, "203.0.113.7", true}, {plugin.Domain, "2001:db8::5", true}, {plugin.Domain, "www.srv1.x9", true},
		{plugin.Domain, strings.Repeat("a.", 200) + "evil.example", false},
		{plugin.SHA256, strings.Repeat("AB", 32), true}, {plugin.SHA256, strings.Repeat("ab", 31), false},
		{plugin.SHA256, strings.Repeat("xy", 32), false}, {plugin.SHA256, strings.Repeat("ac", 32), false},
		{plugin.CommandLine, "CMD.EXE   /C\t\"Evil\" ", true}, {plugin.CommandLine, `cmd.exe /c evil`, false},
		{plugin.CommandLine, `powershell -file C:\x\EVIL-2.ps1`, true}, {plugin.CommandLine, "evil.ps1 -x", false},
		{plugin.CommandLine, strings.Repeat("evil", maxCommand) + ".ps1", false},
		{"mutex", "evil", false},
	} {
		got := set.Lookup(plugin.Indicator{Kind: c.kind, Value: c.value})
		want := plugin.Verdict{}
		if c.found {
			want = plugin.Verdict{Score: 80, Label: "bad", Source: "test"}
		}
		if got != want {
			t.Errorf("%s %.80q is %+v, want found %t", c.kind, c.value, got, c.found)
		}
	}
}

func TestEmptySetKnowsNothing(t *testing.T) {
	set := setOf(t)
	for _, kind := range []plugin.IndicatorKind{plugin.IP, plugin.Domain, plugin.SHA256, plugin.CommandLine} {
		for _, value := range []string{"", "203.0.113.7", "evil.example", "::1", strings.Repeat("ab", 32)} {
			if got := set.Lookup(plugin.Indicator{Kind: kind, Value: value}); got != (plugin.Verdict{}) {
				t.Errorf("%s %q is %+v", kind, value, got)
			}
		}
	}
	if set.Len() != 0 {
		t.Errorf("%d entries", set.Len())
	}
}

func TestEntriesThatAreRefused(t *testing.T) {
	for _, c := range []struct {
		kind        kind
		value, says string
	}{
		{guessed, "hello", "without a dot"}, {guessed, "hello world.x", "no address, network, domain, URL or SHA-256"},
		{guessed, "203.0.113.0/33", "no address, network"}, {guessed, "0.0.0.0/0", "every address"}, {address, "::/0", "every address"},
		{address, "evil.example", "no address, network or range"}, {address, "203.0.113.256", "no address, network or range"},
		{domain, "com", "top-level domain"}, {domain, "*.com", "top-level domain"}, {domain, "a..b", "no host name"}, {domain, "a b.c", "no host name"},
		{domain, strings.Repeat("a.", 140) + "example", "no host name"}, {domain, "", "no host name"},
		{url, "http:///x", "URL"}, {url, "https://localhost/x", "without a dot"},
		{sha256, "abcd", "64 digits"}, {sha256, strings.Repeat("z", 64), "no SHA-256"},
		{commandLine, " \t", "empty"}, {commandLine, "*", "too much"}, {commandLine, "***", "too much"}, {commandLine, "*a b*", "too much"},
		{commandLine, strings.Repeat("x", maxCommand+1), "too long"},
	} {
		err := NewBuilder(Options{}).add(c.kind, c.value, bad)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%.60q: error %v, want %q", c.value, err, c.says)
		}
		if err != nil && len(err.Error()) > 300 {
			t.Errorf("%.60q: error of %d bytes", c.value, len(err.Error()))
		}
	}
}

func TestURLsGiveTheirHosts(t *testing.T) {
	for value, host := range map[string]string{
		"https://evil.example/a?b#c": "evil.example", "http://user:pass@evil.example:8080/": "evil.example", "evil.example:443": "evil.example",
		"http://203.0.113.7:80/x": "203.0.113.7", "https://[2001:db8::1]:443/": "2001:db8::1", "ftp://evil.example": "evil.example",
		`https://evil.example\@good.example/`: "evil.example", "https://good.example@evil.example/x": "evil.example", "2001:db8::1": "2001:db8::1",
	} {
		if got := hostOf(value); got != host {
			t.Errorf("%s has host %q, want %q", value, got, host)
		}
	}
}

func TestEnrichStopsWithItsContext(t *testing.T) {
	set := setOf(t, item{domain, "evil.example", bad})
	ctx, cancel := context.WithCancel(context.Background())
	batch := []plugin.Indicator{{Kind: plugin.Domain, Value: "good.example"}, {Kind: plugin.Domain, Value: "evil.example"}}
	verdicts, err := set.Enrich(ctx, batch)
	if err != nil || len(verdicts) != 2 || verdicts[0] != (plugin.Verdict{}) || verdicts[1].Score != 80 {
		t.Errorf("verdicts %+v, error %v", verdicts, err)
	}
	cancel()
	if _, err := set.Enrich(ctx, batch); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v after the context ended", err)
	}
}

func TestVerdictsAreFitForAHost(t *testing.T) {
	b := NewBuilder(Options{TTL: time.Hour})
	long := note{score: 100, label: strings.Repeat("ä", 200) + "\x00", source: "a\nb\xff"}
	if err := b.add(domain, "evil.example", long); err != nil {
		t.Fatal(err)
	}
	v := b.Build().Lookup(plugin.Indicator{Kind: plugin.Domain, Value: "evil.example"})
	want := plugin.Verdict{Score: 100, Label: strings.Repeat("ä", 128), Source: "a b�", TTL: time.Hour}
	if v != want {
		t.Errorf("verdict %+v, want %+v", v, want)
	}
}

// Two names with the same hash must still be told apart: with one slot for all, every
// name collides.
func TestNamesCollide(t *testing.T) {
	var entries textEntries
	ids := make([]uint32, 100)
	for i := range ids {
		ids[i] = uint32(i)
		entries.add([]byte{byte('a' + i%26), byte('0' + i/26)}, uint32(i))
	}
	n := newNames(&entries, ids, 1)
	crowded := names{text: n.text, ends: n.ends, notes: n.notes, slots: make([]uint32, 128)}
	for i := range n.ends {
		crowded.slots[crowded.slot(0, n.at(uint32(i)))] = uint32(i) + 1
	}
	for i := range n.ends {
		if note, found := crowded.get(0, n.at(uint32(i))); !found || note != uint32(i) {
			t.Errorf("entry %d has note %d, %t", i, note, found)
		}
	}
	if _, found := crowded.get(0, []byte("zz")); found {
		t.Error("a name that is not there was found")
	}
}
