package kql

import (
	"strconv"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// tostring(datetime) always has seven digits, and nothing for null.
func TestAppendTime(t *testing.T) {
	for text, want := range map[string]string{
		"2026-11-21T08:00:00.1Z":            "2026-11-21T08:00:00.1000000Z",
		"2026-11-21T08:00:00Z":              "2026-11-21T08:00:00.0000000Z",
		"2026-11-21 08:00:02.2345678":       "2026-11-21T08:00:02.2345678Z",
		"2026-11-21T08:00:02.234567899Z":    "2026-11-21T08:00:02.2345678Z",
		"2026-11-21T10:30:02.2345678+02:30": "2026-11-21T08:00:02.2345678Z",
		"1969-12-31T23:59:59.9999999Z":      "1969-12-31T23:59:59.9999999Z",
		"0001-01-01T00:00:00.0000001Z":      "0001-01-01T00:00:00.0000001Z",
		"9999-12-31T23:59:59.9999999Z":      "9999-12-31T23:59:59.9999999Z",
	} {
		if got := string(appendTime(nil, instant(text))); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	if got := appendTime(nil, event.NoTime); len(got) != 0 {
		t.Errorf("null is %q", got)
	}
}

func FuzzParseLong(f *testing.F) {
	for _, text := range []string{"", "0", "443", "-1", "+1", "0443", "4 ", "x", "999999999999999999", "9223372036854775807", "9223372036854775808", "00000000000000000000007", "1_000", "\x3a"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		want, err := strconv.ParseInt(text, 10, 64)
		if got, ok := parseLong([]byte(text)); ok != (err == nil) || ok && got != want {
			t.Errorf("%q: %d %v, want %d, %v", text, got, ok, want, err)
		}
	})
}

func TestAppendTyped(t *testing.T) {
	for _, c := range []struct {
		text string
		kind columnType
		want string
	}{
		{"443", typeLong, "443"}, {"-1", typeLong, "-1"}, {"0443", typeLong, "443"}, {"x", typeLong, ""}, {"", typeLong, ""},
		{"2026-11-21T08:00:00Z", typeDatetime, "2026-11-21T08:00:00.0000000Z"}, {"x", typeDatetime, ""}, {"", typeDatetime, ""},
		{"True", typeBool, "true"}, {"1", typeBool, "true"}, {"0", typeBool, "false"}, {"", typeBool, ""},
		{" text ", typeString, " text "},
	} {
		if got := string(appendTyped(nil, []byte(c.text), c.kind)); got != c.want {
			t.Errorf("%q as type %d: %q, want %q", c.text, c.kind, got, c.want)
		}
	}
}

func TestNullIsBelowEveryTime(t *testing.T) {
	old := instant("1960-01-01T00:00:00Z")
	if compareTimes(event.NoTime, old) >= 0 || compareTimes(old, event.NoTime) <= 0 || compareTimes(old, old) != 0 {
		t.Error("null is not the lowest time")
	}
}
