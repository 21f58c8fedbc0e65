package indicator

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/plugin"
)

// item is an entry of a list as a test writes it.
type item struct {
	kind  kind
	value string
	note
}

// setOf builds a set of items.
func setOf(t testing.TB, items ...item) *Set {
	t.Helper()
	b := NewBuilder(Options{})
	for _, i := range items {
		if err := b.add(i.kind, i.value, i.note); err != nil {
			t.Fatalf("%q: %v", i.value, err)
		}
	}
	return b.Build()
}

// matchesSlowly says whether an entry matches, and how specific it is, in the plainest
// way there is.
func (i *item) matchesSlowly(of plugin.Indicator) (specific int, matches bool) {
	switch {
	case of.Kind == plugin.IP && i.kind == address:
		addr, err := netip.ParseAddr(of.Value)
		prefix, perr := netip.ParsePrefix(i.value)
		if perr != nil {
			a := netip.MustParseAddr(i.value)
			prefix = netip.PrefixFrom(a, a.BitLen())
		}
		return prefix.Bits(), err == nil && prefix.Contains(addr)
	case of.Kind == plugin.Domain && i.kind == domain:
		name := strings.ToLower(of.Value)
		return len(i.value), name == i.value || strings.HasSuffix(name, "."+i.value)
	case of.Kind == plugin.SHA256 && i.kind == sha256:
		return 0, strings.EqualFold(of.Value, i.value)
	case of.Kind == plugin.CommandLine && i.kind == commandLine:
		return i.matchesCommand(of.Value)
	}
	return 0, false
}

func (i *item) matchesCommand(value string) (specific int, matches bool) {
	squeeze := func(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }
	pattern := squeeze(i.value)
	if !strings.Contains(pattern, "*") {
		return 1 << 20, squeeze(value) == pattern
	}
	expression := "(?s)^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".*") + "$"
	return len(strings.ReplaceAll(pattern, "*", "")), regexp.MustCompile(expression).MatchString(squeeze(value))
}

// findSlowly looks at every entry.
func findSlowly(items []item, of plugin.Indicator) plugin.Verdict {
	var best *item
	bestSpecific := 0
	for k := range items {
		i := &items[k]
		specific, matches := i.matchesSlowly(of)
		if !matches {
			continue
		}
		if best == nil || cmp.Or(cmp.Compare(best.score, i.score), cmp.Compare(i.source, best.source),
			cmp.Compare(bestSpecific, specific), cmp.Compare(i.label, best.label)) < 0 {
			best, bestSpecific = i, specific
		}
	}
	if best == nil {
		return plugin.Verdict{}
	}
	return plugin.Verdict{Score: best.score, Label: best.label, Source: best.source}
}

// The comparison above puts what is better first in each term; it reads as one.
func TestSlowMatcherPrefers(t *testing.T) {
	of := plugin.Indicator{Kind: plugin.IP, Value: "203.0.113.7"}
	wide, narrow := item{address, "203.0.113.0/24", note{50, "net", "a"}}, item{address, "203.0.113.7", note{50, "host", "a"}}
	high, first := item{address, "203.0.0.0/16", note{60, "high", "z"}}, item{address, "203.0.0.0/8", note{50, "first", "A"}}
	for _, c := range []struct {
		items []item
		label string
	}{
		{[]item{wide, narrow}, "host"}, {[]item{wide, narrow, high}, "high"}, {[]item{narrow, first}, "first"},
	} {
		for range 2 {
			if got := findSlowly(c.items, of); got.Label != c.label {
				t.Errorf("%v gives %q, want %q", c.items, got.Label, c.label)
			}
			if got := setOf(t, c.items...).Lookup(of); got.Label != c.label {
				t.Errorf("set of %v gives %q, want %q", c.items, got.Label, c.label)
			}
			slices.Reverse(c.items)
		}
	}
}

// world makes entries and questions out of so small a stock that they often meet.
type world struct{ *rand.Rand }

func (w world) note() note {
	return note{float64(w.IntN(4) * 25), fmt.Sprint("label", w.IntN(3)), fmt.Sprint("source", w.IntN(3))}
}

func (w world) pick(list ...string) string { return list[w.IntN(len(list))] }

func (w world) address() netip.Addr {
	if w.IntN(3) == 0 {
		return netip.AddrFrom16([16]byte{0: 0x20, 1: 1, 2: 0xd, 3: 0xb8, 7: byte(w.IntN(2)), 8: byte(w.IntN(3)), 15: byte(w.IntN(4))})
	}
	return netip.AddrFrom4([4]byte{203, 0, byte(w.IntN(3)), byte(w.IntN(256))})
}

func (w world) domain() string {
	name := w.pick("evil.example", "notevil.example", "cdn.test", "example.org")
	for range w.IntN(3) {
		name = w.pick("a", "b", "www", "evil") + "." + name
	}
	return name
}

func (w world) digest() string { return strings.Repeat(w.pick("0a", "B1", "c2"), 32) }

func (w world) command() string {
	return w.pick("cmd.exe", "CMD.exe", "powershell") + w.pick(" ", "  ", "\t") + w.pick("/c whoami", "-enc AAAA", "/C  WHOAMI", "-enc BBBB")
}

func (w world) item() item {
	switch w.IntN(4) {
	case 0:
		a := w.address()
		if w.IntN(2) == 0 {
			prefix, _ := a.Prefix(1 + w.IntN(a.BitLen()))
			return item{address, prefix.String(), w.note()}
		}
		return item{address, a.String(), w.note()}
	case 1:
		return item{domain, w.domain(), w.note()}
	case 2:
		return item{sha256, w.digest(), w.note()}
	}
	command := w.command()
	if w.IntN(2) == 0 {
		command = w.pick("*whoami*", "cmd*who*", "power*-enc*", "*enc a*", "*/c  whoami", "cmd.exe*")
	}
	return item{commandLine, command, w.note()}
}

func (w world) question() plugin.Indicator {
	switch w.IntN(4) {
	case 0:
		return plugin.Indicator{Kind: plugin.IP, Value: w.address().String()}
	case 1:
		return plugin.Indicator{Kind: plugin.Domain, Value: w.pick("", "x.", "WWW.") + w.domain()}
	case 2:
		return plugin.Indicator{Kind: plugin.SHA256, Value: w.digest()}
	}
	return plugin.Indicator{Kind: plugin.CommandLine, Value: w.command()}
}

// The set answers as a walk over every entry does, whatever the order of the entries.
func TestSetAgreesWithSlowMatcher(t *testing.T) {
	hits := map[plugin.IndicatorKind]int{}
	for seed := range uint64(300) {
		w := world{rand.New(rand.NewPCG(seed, 1))}
		items := make([]item, w.IntN(40))
		for i := range items {
			items[i] = w.item()
		}
		set := setOf(t, items...)
		w.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
		shuffled := setOf(t, items...)
		for range 60 {
			of := w.question()
			want := findSlowly(items, of)
			if got := set.Lookup(of); got != want {
				t.Fatalf("seed %d: %v is %+v, want %+v of %v", seed, of, got, want, items)
			}
			if got := shuffled.Lookup(of); got != want {
				t.Fatalf("seed %d: in another order %v is %+v, want %+v", seed, of, got, want)
			}
			if want != (plugin.Verdict{}) {
				hits[of.Kind]++
			}
		}
	}
	for _, kind := range []plugin.IndicatorKind{plugin.IP, plugin.Domain, plugin.SHA256, plugin.CommandLine} {
		if hits[kind] < 100 {
			t.Errorf("%d questions of kind %s had an answer: too few to tell anything", hits[kind], kind)
		}
	}
}
