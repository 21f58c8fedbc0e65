package definition

import (
	"math"
	"time"
)

// What a letter of a duration stands for, before and after its T. A year is 365 days and
// a month 30: no trigger depends on more.
var (
	dateUnits = map[byte]time.Duration{'Y': 365 * 24 * time.Hour, 'M': 30 * 24 * time.Hour, 'W': 7 * 24 * time.Hour, 'D': 24 * time.Hour}
	timeUnits = map[byte]time.Duration{'H': time.Hour, 'M': time.Minute, 'S': time.Second}
)

// ParseDuration reads an ISO 8601 duration, P[nY][nM][nD][T[nH][nM][nS]], whether it is
// normal or not (PT248M). One that is too long for time.Duration is the longest there is.
// ok is false for any other text, and for a negative one.
func ParseDuration(text string) (d time.Duration, ok bool) {
	if len(text) < 3 || text[0] != 'P' {
		return 0, false
	}
	units, number, digits := dateUnits, 0.0, 0
	scale := 0.0 // of the next decimal, 0 before the point
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == 'T' && digits == 0:
			units = timeUnits
		case c >= '0' && c <= '9' && scale > 0:
			number, scale, digits = number+float64(c-'0')*scale, scale/10, digits+1
		case c >= '0' && c <= '9':
			number, digits = number*10+float64(c-'0'), digits+1
		case (c == '.' || c == ',') && digits > 0 && scale == 0:
			scale = 0.1
		case digits > 0 && units[c] > 0 && text[i-1] >= '0':
			d = longer(d, number*float64(units[c]))
			number, digits, scale = 0, 0, 0
		default:
			return 0, false
		}
	}
	last := text[len(text)-1]
	return d, digits == 0 && last != 'T' && last != 'P'
}

// longer adds a span, up to the longest.
func longer(d time.Duration, span float64) time.Duration {
	if span >= float64(math.MaxInt64-d) {
		return math.MaxInt64
	}
	return d + time.Duration(span)
}
