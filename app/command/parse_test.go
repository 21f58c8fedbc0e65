package command

import (
	"errors"
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

func mustParse(t *testing.T, tokens ...string) Options {
	t.Helper()
	o, err := Parse(tokens)
	if err != nil {
		t.Fatalf("Parse(%q): %v", tokens, err)
	}
	return o
}

func TestDefaults(t *testing.T) {
	want := Options{
		Mode: ModeHunt, Root: Root{Presets: []string{"schtask"}},
		Recent: Span(event.Day), Lookback: Span(7 * event.Day),
		MaxDevices: 5, MaxDepth: 32, MaxMemory: 1024,
		Internal: InternalExclude, Output: OutputAll, Rebuilt: RebuiltConnected, Raw: true,
		Rarity: RarityTemplate, Proxy: Proxy{Auto: true}, BaselineDays: 90, Expires: Span(90 * event.Day),
		Columns: ColumnsMain, NullKeys: NullKeysNoMatch,
		AllowURL: []string{"corel.com", "ocsp.digicert.com", "avast.com"}, Loopback: []string{"::1", "127.0.0.1", "::ffff:127.0.0.1"},
		given: map[string]string{},
	}
	if got := Default(); !reflect.DeepEqual(got, want) {
		t.Errorf("Default() = %+v\nwant %+v", got, want)
	}
	if got := mustParse(t); !reflect.DeepEqual(got, want) {
		t.Errorf("Parse() = %+v\nwant %+v", got, want)
	}
}

// Now is read in the two notations that help names, and their usual forms.
func TestNow(t *testing.T) {
	for _, text := range []string{
		"1795165200", "1795165200.0", "1795165200000", "2026-11-20T09:00:00Z", "2026-11-20 09:00:00", "2026-11-20 09:00", "20261120T090000Z",
		"2026-11-20T10:00:00+01:00",
	} {
		if o := mustParse(t, "now="+text); o.Now != 1795165200*event.Second {
			t.Errorf("now=%s is %s", text, o.Now.Std())
		}
	}
	if o := mustParse(t, "now=2026-11-20"); o.Now != 1795132800*event.Second {
		t.Errorf("a day is %s", o.Now.Std())
	}
}

func TestParseEveryOption(t *testing.T) {
	o := mustParse(t, "mode=hunt", `root=/\\temp\\/`, "recent=24h", "lookback=all", "now=1685628237.71",
		"max_devices=0", "max_depth=9", "internal=only", `allow_command=*\wuauclt.exe *,sc.exe start`,
		`allow_path=C:\Program Files\*`, "allow_dest=corel.com,10.0.0.0/8", "output=trees", "rebuilt=all", "raw=f", "phase=map")
	if o.Recent != Span(event.Day) || o.Lookback != All || o.Now != 16856282377100000 {
		t.Errorf("times: recent %d, lookback %d, now %d", o.Recent, o.Lookback, o.Now)
	}
	if o.MaxDevices != 0 || o.MaxDepth != 9 || o.Raw || !o.Map {
		t.Errorf("numbers and switches: %+v", o)
	}
	if o.Internal != InternalOnly || o.Output != OutputTrees || o.Rebuilt != RebuiltAll {
		t.Errorf("choices: %+v", o)
	}
	if len(o.Root.Presets) != 0 || !o.Root.Pattern.MatchString(`"C:\TEMP\a.exe" -x`) || o.Root.Pattern.MatchString("temp") {
		t.Errorf("root: %+v", o.Root)
	}
	if i, ok := o.AllowCommand.Match("SC.EXE start"); !ok || o.AllowCommand.Entry(i) != "sc.exe start" {
		t.Errorf("allow_command gave entry %d, %t", i, ok)
	}
	if _, ok := o.AllowPath.Match(`c:\program files\a\b.exe`); !ok {
		t.Error("allow_path did not match")
	}
	if i, ok := o.AllowDest.MatchAddr(netip.MustParseAddr("10.9.8.7")); !ok || i != 1 {
		t.Errorf("allow_dest gave entry %d, %t", i, ok)
	}
}

// A list of ways out takes the place of what use shows.
func TestProxy(t *testing.T) {
	if o := mustParse(t, "proxy=none"); o.Proxy.Auto || o.Proxy.Has(netip.MustParseAddr("10.0.0.8"), 8080) {
		t.Errorf("none gave %+v", o.Proxy)
	}
	o := mustParse(t, "proxy=10.0.0.8:3128,10.1.0.0/16,fd00::8")
	for _, c := range []struct {
		address string
		port    uint16
		is      bool
	}{
		{"10.0.0.8", 3128, true}, {"::ffff:10.0.0.8", 3128, true}, {"10.0.0.8", 80, false},
		{"10.1.2.3", 80, true}, {"10.2.2.3", 80, false}, {"fd00::8", 1, true}, {"fd00::9", 1, false},
	} {
		if is := o.Proxy.Has(netip.MustParseAddr(c.address), c.port); is != c.is || o.Proxy.Auto {
			t.Errorf("%s port %d: %t, auto %t", c.address, c.port, is, o.Proxy.Auto)
		}
	}
}

// splunkd splits a = b at its blanks; the meaning must not change.
func TestBlanksAroundEquals(t *testing.T) {
	want := mustParse(t, "recent=2d", "raw=f")
	for _, line := range []string{
		"recent = 2d raw = f", "recent= 2d raw= f", "recent =2d raw =f", "recent=2d raw = f", "recent = 2d raw=f",
	} {
		if got := mustParse(t, strings.Fields(line)...); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v", line, got)
		}
	}
}

func TestSpellingsDoNotMatter(t *testing.T) {
	want := mustParse(t, "max_devices=3", "internal=include", "recent=12h", "raw=f")
	got := mustParse(t, " Max-Devices = 3 ", "INTERNAL=Include", "recent=12 HOURS", "raw=False", "", " ")
	got.given, want.given = nil, nil
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

func TestListsGrow(t *testing.T) {
	one := mustParse(t, "allow_dest=a.com,b.com,10.0.0.1")
	for _, tokens := range [][]string{
		{"allow_dest=a.com", "allow_dest=b.com", "allow_dest=10.0.0.1"},
		{"allow_dest=a.com, b.com ,,", "allow_dest=", "allow_dest=10.0.0.1,"},
	} {
		if got := mustParse(t, tokens...); !reflect.DeepEqual(got, one) {
			t.Errorf("%q: got %+v", tokens, got.AllowDest)
		}
	}
}

// A dashboard hands an empty list as name="", which arrives as name=.
func TestEmptyListTakesNothingFromTheNextOption(t *testing.T) {
	o := mustParse(t, "allow_dest=", "recent=2d", "allow_path=", "raw", "=", "f")
	if o.AllowDest.Len() != 0 || o.Given("allow_dest") || o.AllowPath.Len() != 0 || o.Raw || o.Recent != Span(2*event.Day) {
		t.Errorf("got %+v", o)
	}
	if o = mustParse(t, "allow_dest", "=", "", "recent=2d"); o.AllowDest.Len() != 0 || !o.Given("recent") {
		t.Errorf("three tokens: got %+v", o)
	}
}

func TestValueMayHoldEquals(t *testing.T) {
	o := mustParse(t, "allow_command=app.exe --a=b", "allow_path", "=", "recent=x*")
	if o.AllowCommand.Entry(0) != "app.exe --a=b" || o.AllowPath.Entry(0) != "recent=x*" {
		t.Errorf("got %q and %q", o.AllowCommand.Entry(0), o.AllowPath.Entry(0))
	}
}

func TestGivenTwiceWithTheSameValue(t *testing.T) {
	if o := mustParse(t, "max_depth=4", "max-depth=4"); o.MaxDepth != 4 {
		t.Errorf("max_depth is %d", o.MaxDepth)
	}
}

func TestBooleans(t *testing.T) {
	for text, want := range map[string]bool{
		"t": true, "true": true, "1": true, "yes": true, "TRUE": true, "f": false, "false": false, "0": false, "no": false,
	} {
		if o := mustParse(t, "raw="+text); o.Raw != want {
			t.Errorf("raw=%s is %t", text, o.Raw)
		}
	}
}

func TestRecentAndLookbackFollowEachOther(t *testing.T) {
	o := mustParse(t, "recent=30d")
	if o.Lookback != Span(30*event.Day) || len(o.Notes) != 1 || o.Notes[0] != "lookback is widened to 30d, to cover recent=30d" {
		t.Errorf("recent=30d: lookback %d, notes %q", o.Lookback, o.Notes)
	}
	if o = mustParse(t, "recent=all"); o.Lookback != All || len(o.Notes) != 1 {
		t.Errorf("recent=all: lookback %d, notes %q", o.Lookback, o.Notes)
	}
	o = mustParse(t, "lookback=6h")
	if o.Recent != Span(6*3600*event.Second) || len(o.Notes) != 1 || o.Notes[0] != "recent is narrowed to 6h, to stay within lookback=6h" {
		t.Errorf("lookback=6h: recent %d, notes %q", o.Recent, o.Notes)
	}
	for _, tokens := range [][]string{{"recent=7d"}, {"recent=2w", "lookback=14d"}, {"recent=all", "lookback=all"}, {"lookback=1d"}} {
		if o = mustParse(t, tokens...); len(o.Notes) != 0 {
			t.Errorf("%q: notes %q", tokens, o.Notes)
		}
	}
}

func TestRootPatternCase(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"/Schedule/", "-s schedule", true},
		{"/a|Bcd/", "xbCD", true}, // ignoring case reaches every branch
		{"/(?-i)Schedule/", "-s schedule", false},
		{"/(?s:Schedule)/", "-s schedule", false},
		{"/(?:Schedule)/", "-s schedule", true},
		{`/\bx\/y/`, "a X/Y", true},
	} {
		if got := mustParse(t, "root="+c.pattern).Root.Pattern.MatchString(c.text); got != c.want {
			t.Errorf("root=%s on %q: %t", c.pattern, c.text, got)
		}
	}
}

func TestArgsAreOrderedAndComplete(t *testing.T) {
	got := mustParse(t, "raw=0", "allow_dest= b.com, a.com", "Recent=1D").Args()
	if want := []string{"recent=1D", "allow_dest=b.com,a.com", "raw=0"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := Default().Args(); got != nil {
		t.Errorf("the default has arguments %q", got)
	}
}

func TestUsageErrorIsRecognised(t *testing.T) {
	for _, tokens := range [][]string{{"x"}, {"x=1"}, {"raw=maybe"}, {"recent=2d", "lookback=1d"}} {
		_, err := Parse(tokens)
		var usageError *UsageError
		if !errors.As(err, &usageError) {
			t.Errorf("%q: %T %v", tokens, err, err)
		}
	}
}
