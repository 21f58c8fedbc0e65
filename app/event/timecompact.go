package event

import "bytes"

// compactTime reads a date and a time of day without signs, which ISO 8601 calls its basic
// format, with the zones of WMI's CIM_DATETIME as well:
//
//	20260314T130509.317Z
//	20260314130509.317000+060           in minutes east of UTC
//	20260314130509                      a number that no epoch of our times has
func compactTime(b []byte) (Time, Doubt, bool) {
	var c civil
	var ok bool
	if len(b) < 14 || !isDigit(b[7]) {
		return NoTime, 0, false
	}
	date, b, ok := digits(b, 8, 8)
	if !ok {
		return NoTime, 0, false
	}
	if !skip(&b, 'T') && !skip(&b, 't') && !skip(&b, ' ') {
		skip(&b, '_')
	}
	clock, b, ok := digits(b, 6, 6)
	if !ok {
		return NoTime, 0, false
	}
	c.year, c.month, c.day = date/10000, date/100%100, date%100
	c.hour, c.minute, c.second = clock/10000, clock/100%100, clock%100
	if c.ticks, b, ok = compactFraction(b); !ok || c.year < 1970 || c.year > 2100 {
		return NoTime, 0, false
	}
	offset, ok := compactZone(b)
	if !ok {
		return NoTime, 0, false
	}
	if len(b) == 0 {
		c.doubt |= NoZone
	}
	t, ok := c.at(offset)
	return t, c.doubt, ok
}

// compactFraction reads a fraction of a second, or the three digits of milliseconds that
// follow without a point.
func compactFraction(b []byte) (ticks Time, rest []byte, ok bool) {
	if len(b) != 3 || !isDigit(b[0]) {
		return fraction(b)
	}
	ms, rest, ok := digits(b, 3, 3)
	return Time(ms) * (Second / 1000), rest, ok
}

// compactZone is zone, with an offset in minutes besides.
func compactZone(b []byte) (offset int64, ok bool) {
	if len(b) != 4 || b[0] != '+' && b[0] != '-' {
		return zone(b)
	}
	minutes, _, ok := digits(b[1:], 3, 3)
	if b[0] == '-' {
		minutes = -minutes
	}
	return minutes * 60, ok
}

// The days since 1900 by which a spreadsheet counts, 1970-01-01 and the range that is taken
// for such: 2000 to 2100. As seconds these numbers are of the first of January 1970.
const (
	serialOf1970 = 25_569
	serialOf2000 = 36_526
	serialOf2100 = 73_050
)

// serialTime reads a date and a time of day as a spreadsheet keeps them, in days:
// 46095.545246725. Days alone are no time: any small number would be one.
func serialTime(b []byte) (Time, Doubt, bool) {
	n, rest, ok := digits(b, 5, 5)
	if !ok || n < serialOf2000 || n > serialOf2100 || len(rest) < 3 || rest[0] != '.' && rest[0] != ',' {
		return NoTime, 0, false
	}
	places := len(rest) - 1
	part, rest, ok := fractionOf(rest, Day)
	if !ok || len(rest) > 0 {
		return NoTime, 0, false
	}
	doubt := NoZone
	if places < 5 {
		doubt |= NoSeconds
	}
	const millisecond = Second / 1000
	part = (part + millisecond/2) / millisecond * millisecond // a double holds no more
	return Time(n-serialOf1970)*Day + part, doubt, true
}

// fractionOf reads a decimal fraction of a unit.
func fractionOf(b []byte, unit Time) (part Time, rest []byte, ok bool) {
	n := 1
	for ; n < len(b) && isDigit(b[n]); n++ {
		unit10 := unit / 10
		part += Time(b[n]-'0')*unit10 + Time(b[n]-'0')*(unit%10)/10
		unit = unit10
	}
	return part, b[n:], n > 1
}

// byHand are the signs of East Asian dates, by what others write there. They are so only
// behind a number: the sign for day is in the names of weekdays too.
var byHand = map[rune]rune{
	'年': '-', '月': '-', '日': ' ', '년': '-', '월': '-', '일': ' ',
	'時': ':', '时': ':', '点': ':', '分': ':', '秒': ' ', '시': ':', '분': ':', '초': ' ',
}

// halves are the words for the halves of a day that stand before the time, in Chinese,
// Japanese and Korean: how many hours each adds.
var halves = []struct {
	word  string
	hours int64
}{{"上午", 0}, {"下午", 12}, {"午前", 0}, {"午後", 12}, {"오전", 0}, {"오후", 12}}

// halfBefore takes the half of the day before a time.
func (w *written) halfBefore() (hours int64, is bool) {
	for _, h := range halves {
		if rest, found := bytes.CutPrefix(w.text, []byte(h.word)); found {
			w.text = bytes.TrimLeft(rest, " ")
			return h.hours, true
		}
	}
	return 0, false
}
