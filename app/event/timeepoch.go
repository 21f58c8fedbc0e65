package event

import (
	"bytes"
	"strconv"
)

// plainSeconds is how many digits the seconds since 1970 have from 2001 to 2286.
const plainSeconds = 10

// plainEpoch reads a time in the very form of Splunk's _time, 1627354345.934, which most
// events have. It reports false for any other, also for some that are numbers.
func plainEpoch(b []byte) (Time, bool) {
	if len(b) < plainSeconds || len(b) > plainSeconds+1+tickDigits {
		return NoTime, false
	}
	seconds, rest, ok := digits(b, plainSeconds, plainSeconds)
	if !ok || len(rest) == 0 {
		return Time(seconds) * Second, ok
	}
	if rest[0] != '.' {
		return NoTime, false
	}
	part, rest, ok := fraction(rest)
	return Time(seconds)*Second + part, ok && len(rest) == 0
}

// Widest numbers of a unit since 1970 that are taken for it. The ranges of FILETIME (100 ns
// since 1601) and of .NET's ticks (since the year 1) are those of 1970 to 2100.
const (
	mostMilliseconds = maxSeconds*1000 + 999
	mostMicroseconds = 100_000_000_000_000_000
	filetimeOf1970   = 116_444_736_000_000_000
	filetimeOf2100   = 157_469_184_000_000_000
	ticksOf1970      = 621_355_968_000_000_000
	ticksOf2100      = 662_380_416_000_000_000
)

// epochTime reads a number, of a unit that its size tells.
func epochTime(b []byte) (Time, bool) {
	before1970 := skip(&b, '-')
	n, rest, ok := digits(b, 1, 19)
	if !ok || n < 0 {
		return NoTime, false
	}
	if len(rest) > 0 && rest[0] != '.' && (rest[0] != ',' || n < leastWithComma) {
		return exponentTime(b, before1970)
	}
	unit, t := unitOf(n)
	part, rest, ok := fraction(rest)
	switch {
	case unit >= 1:
		t = t*unit + part/(Second/unit)
	case unit == nanoseconds:
		t /= 100
	}
	if before1970 {
		t = -t
	}
	if !ok {
		return NoTime, false
	}
	if len(rest) > 0 {
		return exponentTime(b, before1970)
	}
	if t < minSeconds*Second || t >= (maxSeconds+1)*Second {
		return NoTime, false
	}
	return t, true
}

// leastWithComma is from where on a comma in a number is a decimal one: before three digits
// it may part thousands.
const leastWithComma = 1000

// nanoseconds stands for the unit that is less than a tick.
const nanoseconds Time = 0

// unitOf returns what unit a number is in, in ticks, and the number from 1970 on.
func unitOf(n int64) (unit, since1970 Time) {
	switch {
	case n <= maxSeconds:
		return Second, Time(n)
	case n <= mostMilliseconds:
		return Second / 1000, Time(n)
	case n <= mostMicroseconds:
		return Second / 1_000_000, Time(n)
	case n >= filetimeOf1970 && n <= filetimeOf2100:
		return 1, Time(n - filetimeOf1970)
	case n >= ticksOf1970 && n <= ticksOf2100:
		return 1, Time(n - ticksOf1970)
	}
	return nanoseconds, Time(n)
}

// exponentTime reads a number with an exponent, as spreadsheets and some JSON writers
// have it: 1.795165201250E12.
func exponentTime(b []byte, before1970 bool) (Time, bool) {
	const longest = 32
	if len(b) > longest || bytes.IndexAny(b, "eE") < 1 || len(bytes.Trim(b, "0123456789.eE+")) > 0 {
		return NoTime, false
	}
	f, err := strconv.ParseFloat(string(b), 64)
	if err != nil || !(f < 1<<63) {
		return NoTime, false
	}
	plain := strconv.AppendFloat(make([]byte, 0, 2*longest), f, 'f', -1, 64)
	t, ok := epochTime(plain)
	if before1970 {
		t = -t
	}
	return t, ok
}
