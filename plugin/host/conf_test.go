package host

import (
	"errors"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

const sum = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

func TestReadConf(t *testing.T) {
	shipped := "\xef\xbb\xbf# what the app ships\r\n[default]\r\ntimeout = 5s\r\n\r\n[list]\r\n" +
		"program = schtaskhunt-enrich-list\r\nkind=enricher\r\ndisabled = 1\r\nsetting.files = a.csv, \\\r\nb.csv\r\n"
	local := "start_timeout = 1m\n[falcon]\n; no comment\nprogram = schtaskhunt-map-falcon\nkind = mapper\ntimeout = 1m\nsha256 = " + sum +
		"\n[list]\ndisabled = 0\n  sha256 =   " + strings.ToUpper(sum) + "\nsetting.a = b=c\nsetting.A ="
	got, err := ReadConf(strings.NewReader(shipped), strings.NewReader(local))
	if err != nil {
		t.Fatal(err)
	}
	want := Conf{Entries: []Entry{
		{Name: "list", Program: "schtaskhunt-enrich-list", SHA256: sum, Kind: KindEnricher, Timeout: 5 * time.Second,
			StartTimeout: time.Minute, TotalTimeout: DefaultTotalTimeout, Settings: map[string]string{"files": "a.csv, b.csv", "a": "b=c", "A": ""}},
		{Name: "falcon", Program: "schtaskhunt-map-falcon", SHA256: sum, Kind: KindMapper, Timeout: time.Minute,
			StartTimeout: time.Minute, TotalTimeout: DefaultTotalTimeout, Settings: map[string]string{}},
	}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if names := got.Names(); !slices.Equal(names, []string{"list", "falcon"}) {
		t.Errorf("names %v", names)
	}
}

// An empty file is no error: the app may ship without plugins. A plugin that is
// disabled may lack its sum.
func TestReadConfOfNothing(t *testing.T) {
	for _, text := range []string{"", "\n# nothing\n", "[default]\nkind = enricher", "[a]\nprogram = p\nkind = mapper\ndisabled = true"} {
		c, err := ReadConf(strings.NewReader(text))
		if err != nil || len(c.Names()) > 0 {
			t.Errorf("%q: %v, %v", text, c, err)
		}
	}
}

func TestReadConfErrors(t *testing.T) {
	good := "[a]\nprogram = p\nkind = enricher\nsha256 = " + sum + "\n"
	for text, says := range map[string]string{
		"x":                                  "line 1: x is neither [stanza] nor key = value",
		"\n[a":                               "line 2: [a is no stanza",
		"[]":                                 "is no stanza",
		"[a]\n= x":                           "line 2: there is no key",
		"[a]\nprogram = x \\":                "line 2 ends in a backslash",
		"[a]\nkind = enricher":               "[a]: program is missing",
		"[a]\nprogram = p":                   "[a]: kind is missing",
		"[a/b]\nprogram = p":                 "[a/b]: a plugin's name is of letters",
		good + "programm = p":                "programm = p: there is no such key",
		good + "setting. = p":                "setting. = p: there is no such key",
		good + "kind = both":                 "kind = both: want enricher or mapper",
		good + "sha256 = 1234":               "sha256 = 1234: want 64 hex digits",
		good + "sha256 = " + sum + " 12":     "want 64 hex digits, or several such sums",
		good + "sha256 = " + sum + "," + sum: "want 64 hex digits, or several such sums",
		good + "sha256 =":                    "sha256 is missing: it is the SHA-256 of p",
		good + "timeout = 10":                "timeout = 10: want a duration",
		good + "timeout = 0s":                "want a duration",
		good + "timeout = -1s":               "want a duration",
		good + "timeout = 11m":               "at most 10m",
		good + "total_timeout = 61m":         "total_timeout = 61m: want a duration",
		good + "start_timeout = 11m":         "at most 10m",
		good + "disabled = maybe":            "disabled = maybe: want 0 or 1",
		good + "program = ../p":              "program = ../p: want the bare name",
		good + "program = a\x1b[1m":          `program = a\x1b[1m: want a name`,
		good + "x\x1b = 1":                   `[a]: x\x1b = 1: there is no such key`,
	} {
		if _, err := ReadConf(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", text, err, says)
		}
	}
	broken := errors.New("broken")
	if _, err := ReadConf(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Error(err)
	}
	if _, err := ReadConf(io.LimitReader(endless{}, maxConf+1)); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Error(err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '#'
	}
	return len(p), nil
}

// FuzzReadConf reads what is written from what was read: the same again.
func FuzzReadConf(f *testing.F) {
	f.Add("[default]\ntimeout = 5s\n[a]\nprogram = p\nkind = enricher\nsha256 = " + sum + "\nsetting.x = \\\ny\n")
	f.Add("program = p\nkind=mapper\ndisabled = 1\n[a]\n[b]\nsetting.\xff = \x00")
	f.Add("[a")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ReadConf(strings.NewReader(text))
		if err != nil || strings.Contains(text, `\\`) { // a value that ends in a backslash cannot be written
			return
		}
		again, err := ReadConf(strings.NewReader(write(c)))
		if err != nil || !reflect.DeepEqual(c, again) {
			t.Errorf("%+v\n%+v, %v\n%s", c, again, err, write(c))
		}
	})
}

func write(c Conf) string {
	var b strings.Builder
	for _, e := range c.Entries {
		b.WriteString("[" + e.Name + "]\nprogram = " + e.Program + "\nkind = " + string(e.Kind) + "\nsha256 = " + e.SHA256 +
			"\ntimeout = " + e.Timeout.String() + "\nstart_timeout = " + e.StartTimeout.String() + "\n")
		if e.Disabled {
			b.WriteString("disabled = yes\n")
		}
		for _, key := range slices.Sorted(maps.Keys(e.Settings)) {
			b.WriteString("setting." + key + " = " + e.Settings[key] + "\n")
		}
	}
	return b.String()
}
