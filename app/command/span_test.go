package command

import (
	"math"
	"math/big"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

func TestSpans(t *testing.T) {
	units := map[time.Duration][]string{
		time.Second:        {"s", "sec", "secs", "second", "seconds"},
		time.Minute:        {"m", "min", "mins", "minute", "minutes"},
		time.Hour:          {"h", "hr", "hrs", "hour", "hours", "H", "Hours"},
		24 * time.Hour:     {"d", "day", "days", "D"},
		7 * 24 * time.Hour: {"w", "week", "weeks", " weeks "},
	}
	for length, spellings := range units {
		for _, unit := range spellings {
			got, err := ParseSpan(" 13" + unit)
			if want := 13 * length; err != nil || time.Duration(got)*100 != want {
				t.Errorf("13%s: %d ticks, %v; want %v", unit, got, err, want)
			}
		}
	}
	if got, err := ParseSpan("ALL"); err != nil || got != All {
		t.Errorf("ALL: %d, %v", got, err)
	}
	if got, err := ParseSpan("007d"); err != nil || got != Span(7*event.Day) {
		t.Errorf("007d: %d, %v", got, err)
	}
}

func TestNotSpans(t *testing.T) {
	for _, text := range []string{
		"", "d", "7", "-7d", "+7d", "1.5d", "7dd", "1d2h", "1M", "1mon", "1months", "1q", "1y", "1 d d", "٣d", "1d@d", "alll", "0s", "00w",
	} {
		if got, err := ParseSpan(text); err == nil {
			t.Errorf("%q: %d ticks", text, got)
		}
	}
}

// The longest span of each unit is the last that fits; never one that wraps.
func TestSpansDoNotOverflow(t *testing.T) {
	for unit, length := range map[string]int64{"s": 1e7, "d": 864e9, "w": 7 * 864e9} {
		most := big.NewInt(math.MaxInt64 / length)
		got, err := ParseSpan(most.String() + unit)
		if err != nil || int64(got) != most.Int64()*length || got == All {
			t.Errorf("%s%s: %d, %v", most, unit, got, err)
		}
		more := new(big.Int).Add(most, big.NewInt(1))
		if got, err = ParseSpan(more.String() + unit); err == nil {
			t.Errorf("%s%s: %d", more, unit, got)
		}
	}
}

func TestBefore(t *testing.T) {
	now := event.Time(1_700_000_000) * event.Second
	for _, c := range []struct {
		span Span
		now  event.Time
		want event.Time
	}{
		{Span(event.Day), now, now - event.Day},
		{All, now, math.MinInt64},
		{All, -now, math.MinInt64},
		{All - 1, -now, math.MinInt64},
		{All - 1, now, now - math.MaxInt64 + 1},
		{Span(event.Day), event.NoTime, -event.Day},
	} {
		if got := c.span.Before(c.now); got != c.want {
			t.Errorf("%d before %d is %d, want %d", c.span, c.now, got, c.want)
		}
	}
}
