package event

import (
	"bytes"
	"strconv"
)

// Spans of time that a Time can hold without overflowing in a difference: the
// years 1 to 9999.
const (
	minSeconds = -62_135_596_800
	maxSeconds = 253_402_300_799
)

// ParseTime reads an instant in any of the notations the sources use:
//
//	1627354345.934                      Splunk's _time, epoch seconds; negative before 1970
//	1627354345934                       the same in milliseconds, microseconds, nanoseconds
//	2023-06-01T14:03:57.7104652Z        Windows XML, Defender
//	2020-09-18 17:05:52.782             Sysmon's UtcTime
//	2014-06-11T08:19:59.000-0700        Splunk after table or inputlookup
//	2021-06-23 03:08:14.159814200+00:00 data frames
//	02/17/2022 02:15:47 AM              Windows' classic text, month first
//	10/25/2023, 9:43:21.990 AM          Defender's portal export
//
// and what DateOrder.Read reads besides. A time without a zone is read as UTC: the
// machine's own zone never matters. Fractions beyond 100 ns are cut off. Where day and
// month cannot be told apart, the month stands first.
func ParseTime(b []byte) (Time, bool) {
	t, _, ok := AnyOrder.Read(b)
	return t, ok
}

// DateOrder is whether day or month stands first in a date of numbers only that ends in
// the year.
type DateOrder uint8

// The orders. AnyOrder takes what can be told from the date itself, and the month first
// where nothing can.
const (
	AnyOrder DateOrder = iota
	DayFirst
	MonthFirst
)

// Doubt is what the notation of a time leaves open, or settles for other times of its
// column.
type Doubt uint8

// What there is to say of a notation.
const (
	DayOrMonth   Doubt = 1 << iota // which is which: both are at most 12, and differ
	IsDayFirst                     // the day stands before the month for sure
	IsMonthFirst                   // the month stands before the day for sure
	NoSeconds                      // no seconds are there, or no time of day at all
	NoZone                         // it may be of any zone
)

// Read reads an instant. Besides what ParseTime lists, these notations are read:
//
//	20.11.2026, 09:00:01.250            a German browser's; dots always have the day first
//	20/11/2026 09:00                    British; 20-11-2026 likewise
//	Nov 20, 2026 @ 09:00:01.250         Kibana
//	Nov 20, 2026 9:00:01 AM             the portal
//	Fri Nov 20 09:00:01 2026 +0100      and other mail and shell forms
//	20 nov. 2026 09:00:01               other languages' months
//	/Date(1795165201250)/               .NET's JSON
//	133764840012500000                  FILETIME; .NET's ticks
//	20261120T090001.250Z                ISO 8601's basic format; WMI's 20261120090001.250000+000
//	46346.375014468                     days, as a spreadsheet counts them
func (o DateOrder) Read(b []byte) (Time, Doubt, bool) {
	if len(b) < 5 {
		t, ok := epochTime(b)
		return t, 0, ok
	}
	if b[4] == '-' {
		if t, doubt, ok := isoTime(b); ok {
			return t, doubt, true
		}
		return o.written(b)
	}
	if t, doubt, ok := serialTime(b); ok {
		return t, doubt, true
	}
	if t, doubt, ok := compactTime(b); ok {
		return t, doubt, true
	}
	if t, ok := epochTime(b); ok {
		return t, 0, true
	}
	return o.written(b)
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

func isoTime(b []byte) (Time, Doubt, bool) {
	var c civil
	var ok bool
	if c.fixed(b) {
		t, ok := c.at(0)
		return t, NoZone, ok
	}
	if c.year, b, ok = digits(b, 4, 4); !ok || !skip(&b, '-') {
		return NoTime, 0, false
	}
	if c.month, b, ok = digits(b, 2, 2); !ok || !skip(&b, '-') {
		return NoTime, 0, false
	}
	if c.day, b, ok = digits(b, 2, 2); !ok {
		return NoTime, 0, false
	}
	if len(b) == 0 {
		t, ok := c.at(0)
		return t, NoZone | NoSeconds, ok
	}
	if !skip(&b, 'T') && !skip(&b, ' ') {
		return NoTime, 0, false
	}
	if b, ok = c.clock(b); !ok {
		return NoTime, 0, false
	}
	if at := bytes.IndexByte(b, '['); at > 0 && b[len(b)-1] == ']' {
		b = b[:at] // the zone once more, by name, as Java writes it
	}
	offset, ok := zone(b)
	if !ok {
		return NoTime, 0, false
	}
	t, ok := c.at(offset)
	doubt := c.doubt
	if len(b) == 0 {
		doubt |= NoZone
	}
	return t, doubt, ok
}

// civil is a date and a time of day as written.
type civil struct {
	year, month, day     int64
	hour, minute, second int64
	ticks                Time
	doubt                Doubt
}

// fixed reads a time in the very form of Sysmon's UtcTime, 2020-09-18 17:05:52.782,
// which most events have. It reports false for any other.
func (c *civil) fixed(b []byte) bool {
	if len(b) != 23 || b[4] != '-' || b[7] != '-' || b[10] != ' ' || b[13] != ':' || b[16] != ':' || b[19] != '.' {
		return false
	}
	var d decimals
	c.year, c.month, c.day = d.two(b[0], b[1])*100+d.two(b[2], b[3]), d.two(b[5], b[6]), d.two(b[8], b[9])
	c.hour, c.minute, c.second = d.two(b[11], b[12]), d.two(b[14], b[15]), d.two(b[17], b[18])
	c.ticks = Time(d.two(b[20], b[21])*10+d.two('0', b[22])) * (Second / 1000)
	return !d.bad
}

// decimals reads decimal digits.
type decimals struct{ bad bool } // some byte was none

func (d *decimals) two(tens, ones byte) int64 {
	tens, ones = tens-'0', ones-'0'
	d.bad = d.bad || tens > 9 || ones > 9
	return int64(tens)*10 + int64(ones)
}

// clock reads h:mm[:ss[.fraction]] and returns what follows.
func (c *civil) clock(b []byte) (rest []byte, ok bool) {
	if c.hour, b, ok = digits(b, 1, 2); !ok || !skip(&b, ':') {
		return nil, false
	}
	if c.minute, b, ok = digits(b, 2, 2); !ok {
		return nil, false
	}
	if !skip(&b, ':') {
		c.doubt |= NoSeconds
		return b, true
	}
	if c.second, b, ok = digits(b, 2, 2); !ok {
		return nil, false
	}
	c.ticks, b, ok = fraction(b)
	return b, ok
}

// at returns the instant, offset seconds east of UTC. 24:00 and second 60 are
// refused, as are days the month does not have.
func (c *civil) at(offset int64) (Time, bool) {
	if c.year < 1 || c.month < 1 || c.month > 12 || c.day < 1 || c.day > daysIn(c.year, c.month) || c.hour > 23 || c.minute > 59 || c.second > 59 {
		return NoTime, false
	}
	sec := days(c.year, c.month, c.day)*86_400 + c.hour*3_600 + c.minute*60 + c.second - offset
	if sec < minSeconds || sec > maxSeconds {
		return NoTime, false
	}
	return Time(sec)*Second + c.ticks, true
}

// beforeMonth is how many days of a common year lie before each month.
var beforeMonth = [...]int64{0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334}

// days returns the days from 1970-01-01 to a date of the Gregorian calendar. Every
// event has a time or two, so this is done by hand: time.Date takes several times as
// long.
func days(year, month, day int64) int64 {
	past := year - 1
	leapDays := past/4 - past/100 + past/400
	n := past*365 + leapDays + beforeMonth[month] + day - 1
	if month > 2 && isLeap(year) {
		n++
	}
	const epoch = 719_162 // from 0001-01-01 to 1970-01-01
	return n - epoch
}

func daysIn(year, month int64) int64 {
	switch {
	case month == 2 && isLeap(year):
		return 29
	case month == 2:
		return 28
	case month == 4, month == 6, month == 9, month == 11:
		return 30
	}
	return 31
}

func isLeap(year int64) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

// zone reads the end of a time: nothing, Z, UTC, ±hh:mm, ±hhmm or ±hh.
func zone(b []byte) (offset int64, ok bool) {
	switch string(b) {
	case "", "Z", "z", " UTC", " Z":
		return 0, true
	}
	if b[0] == ' ' {
		b = b[1:]
	}
	if len(b) < 3 || (b[0] != '+' && b[0] != '-') {
		return 0, false
	}
	hours, rest, ok := digits(b[1:], 2, 2)
	if !ok || hours > 23 {
		return 0, false
	}
	skip(&rest, ':')
	minutes := int64(0)
	if len(rest) > 0 {
		if minutes, rest, ok = digits(rest, 2, 2); !ok || len(rest) > 0 || minutes > 59 {
			return 0, false
		}
	}
	offset = hours*3600 + minutes*60
	if b[0] == '-' {
		offset = -offset
	}
	return offset, true
}

// fraction reads an optional decimal fraction of a second and returns it in ticks. ISO
// 8601 has a comma for the point as well.
func fraction(b []byte) (ticks Time, rest []byte, ok bool) {
	if len(b) > 1 && b[0] == ',' && isDigit(b[1]) {
		b = b[1:]
	} else if !skip(&b, '.') {
		return 0, b, true
	}
	unit, n := Second/10, 0
	for ; n < len(b) && isDigit(b[n]); n++ {
		ticks += Time(b[n]-'0') * unit
		unit /= 10
	}
	return ticks, b[n:], n > 0
}

// digits reads between least and most decimal digits.
func digits(b []byte, least, most int) (value int64, rest []byte, ok bool) {
	n := 0
	for ; n < len(b) && n < most && isDigit(b[n]); n++ {
		value = value*10 + int64(b[n]-'0')
	}
	return value, b[n:], n >= least
}

func skip(b *[]byte, c byte) bool {
	if len(*b) == 0 || (*b)[0] != c {
		return false
	}
	*b = (*b)[1:]
	return true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
