package keep

import (
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
		if got := string(AppendTime(nil, at(text))); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	if got := AppendTime(nil, event.NoTime); len(got) != 0 {
		t.Errorf("null is %q", got)
	}
}

func TestNullIsBelowEveryTime(t *testing.T) {
	old := at("1960-01-01T00:00:00Z")
	if CompareTimes(event.NoTime, old) >= 0 || CompareTimes(old, event.NoTime) <= 0 || CompareTimes(old, old) != 0 {
		t.Error("null is not the lowest time")
	}
}

func at(text string) event.Time {
	t, ok := event.ParseTime([]byte(text))
	if !ok {
		panic("no time: " + text)
	}
	return t
}
