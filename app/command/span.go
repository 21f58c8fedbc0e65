package command

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Span is a length of time in ticks of 100 ns, as event.Time counts them.
type Span event.Time

// All is the span without limit.
const All Span = math.MaxInt64

// Before returns the instant that lies s before now: the earliest one inside the
// span. For All it lies before every event.
func (s Span) Before(now event.Time) event.Time {
	cut := now - event.Time(s)
	if s == All || cut > now {
		return math.MinInt64
	}
	return cut
}

const spanAccepts = "a whole number with s, m, h, d or w (30m, 24h, 7d, 1w), or all; months vary in length, so count days"

// unitLength knows the spellings of Splunk's relative time units, as far as the
// unit has one length; 0 stands for an unknown one. M is refused because it could
// be meant for months.
func unitLength(unit string) event.Time {
	if unit == "M" {
		return 0
	}
	switch strings.ToLower(unit) {
	case "s", "sec", "secs", "second", "seconds":
		return event.Second
	case "m", "min", "mins", "minute", "minutes":
		return 60 * event.Second
	case "h", "hr", "hrs", "hour", "hours":
		return 3_600 * event.Second
	case "d", "day", "days":
		return event.Day
	case "w", "week", "weeks":
		return 7 * event.Day
	}
	return 0
}

// ParseSpan reads a span as Splunk writes them: a whole number above 0 and a unit,
// in any case and with or without a blank between; or all. Months, quarters and
// years are refused because they have no fixed length.
func ParseSpan(text string) (Span, error) {
	text = strings.TrimSpace(text)
	if strings.EqualFold(text, "all") {
		return All, nil
	}
	digits := 0
	for digits < len(text) && text[digits] >= '0' && text[digits] <= '9' {
		digits++
	}
	length := unitLength(strings.TrimSpace(text[digits:]))
	if digits == 0 || length == 0 {
		return 0, fmt.Errorf("%s is not a span: accepted is %s%s", show(text), spanAccepts, Suggestion(text, "all"))
	}
	n, err := strconv.ParseInt(text[:digits], 10, 64)
	switch {
	case err != nil || n > math.MaxInt64/int64(length):
		return 0, fmt.Errorf("%s is longer than can be counted: write all for no limit", show(text))
	case n == 0:
		return 0, fmt.Errorf("%s is an empty span: accepted is %s", show(text), spanAccepts)
	}
	return Span(n) * Span(length), nil
}

func spanOf(field func(*Options) *Span) func(*Options, string) error {
	return func(o *Options, text string) (err error) {
		*field(o), err = ParseSpan(text)
		return err
	}
}
