package read

import (
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/kql/keep"
)

var clockSeeds = []string{
	"2026-11-21T08:00:00.1234567Z", "2026-11-21 08:00:02.782", "2026-11-21T08:00:00Z", "2026-11-21T23:59:59.9999999Z", "2026-11-21T08:00:00",
	"2026-11-21T08:00:00.", "2026-11-21T08:00:00.Z", "2026-11-21T08:00:00.12345678Z", "2026-11-21T08:00:00.1+01:00", "2026-11-21T08:00:00ZZ",
	"2026-11-21T24:00:00Z", "2026-11-21T08:60:00Z", "2026-11-21T08:00:60Z", "2026-11-21t08:00:00Z", "2026-11-21T8:00:00Z", "2026-02-30T08:00:00Z",
	"1970-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00.0000001Z", "9999-12-31T23:59:59.9999999Z", "1627354345.934",
	"02/17/2022 02:15:47 AM", "10/25/2023, 9:43:21.990 AM", "2026-11-:1T08:00:00Z", "2026-11-21T08:00:0xZ", "", "Z",
}

// One clock reads all: days must not be taken for each other.
func TestClockReadsAsParseTime(t *testing.T) {
	var c clock
	start, _ := event.ParseTime([]byte("2026-11-21T12:00:00Z"))
	list := append([]string(nil), clockSeeds...)
	for day := event.Time(-40); day < 800; day++ { // beyond years and months, with every day twice in the table
		list = append(list, string(keep.AppendTime(nil, start-day*event.Day+day*1_234_567)))
	}
	for range 2 {
		for _, text := range list {
			compareClock(t, &c, text)
		}
	}
}

func compareClock(t *testing.T, c *clock, text string) {
	t.Helper()
	want, wantOK := event.ParseTime([]byte(text))
	if got, ok := c.parse([]byte(text)); got != want || ok != wantOK {
		t.Errorf("%q: %d %v, want %d %v", text, got, ok, want, wantOK)
	}
}

func FuzzClock(f *testing.F) {
	for _, text := range clockSeeds {
		f.Add(text, "2026-11-20T08:00:00Z")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		var c clock
		for _, text := range []string{a, b, a} {
			compareClock(t, &c, text)
		}
	})
}
