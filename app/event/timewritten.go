package event

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// longestWritten bounds a time in words, in bytes: the longest that is known is
// JavaScript's Date.toString with its zone in words.
const longestWritten = 96

// written is a time as people and their programs write it, while it is read. text is in
// lower case, with plain blanks.
type written struct {
	civil
	order  DateOrder
	text   []byte
	offset int64 // of the zone, in seconds east of UTC
}

// written reads what is neither a number nor ISO 8601.
func (o DateOrder) written(b []byte) (Time, Doubt, bool) {
	if t, ok := dotNetTime(b); ok {
		return t, 0, true
	}
	var room [longestWritten]byte
	text, ok := plainText(room[:0], b)
	if !ok {
		return NoTime, 0, false
	}
	w := written{order: o, text: text}
	if !w.date() {
		// A weekday stands first, in whatever language.
		w = written{order: o, text: afterWord(text)}
		if len(w.text) == len(text) || !w.date() {
			return NoTime, 0, false
		}
	}
	if !w.rest() {
		return NoTime, 0, false
	}
	if w.doubt&DayOrMonth != 0 && w.offset != 0 {
		return NoTime, 0, false // an exchange of day and month could not be undone later
	}
	t, ok := w.at(w.offset)
	return t, w.doubt, ok
}

// dotNetTime reads .NET's /Date(1795165201250)/, with or without its backslashes and
// offset: the milliseconds are of UTC in any case.
func dotNetTime(b []byte) (Time, bool) {
	at := bytes.Index(b, []byte("Date("))
	if at < 0 || len(b) > longestWritten {
		return NoTime, false
	}
	b = b[at+len("Date("):]
	before1970 := skip(&b, '-')
	n, rest, ok := digits(b, 1, 15)
	if !ok || len(rest) == 0 || (rest[0] != ')' && rest[0] != '+' && rest[0] != '-') || n > mostMilliseconds {
		return NoTime, false
	}
	t := Time(n) * (Second / 1000)
	if before1970 {
		t = -t
	}
	return t, t >= minSeconds*Second
}

// plainText makes lower case of a text, plain single blanks of all white space (browsers
// put narrow no-break ones before AM, CLDR 42), and nothing of marks of direction.
func plainText(to, text []byte) ([]byte, bool) {
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		text = text[size:]
		switch {
		case r == '\u200e' || r == '\u200f':
			continue
		case unicode.IsSpace(r):
			if len(to) == 0 || to[len(to)-1] == ' ' {
				continue
			}
			r = ' '
		case byHand[r] != 0 && len(to) > 0 && isDigit(to[len(to)-1]):
			r = byHand[r]
		default:
			r = unicode.ToLower(r)
		}
		if len(to)+utf8.UTFMax > longestWritten {
			return nil, false
		}
		to = utf8.AppendRune(to, r)
	}
	return bytes.TrimRight(to, " "), true
}

// afterWord returns what follows a word and the signs behind it.
func afterWord(text []byte) []byte {
	word := wordLength(text)
	if word == 0 {
		return text
	}
	return bytes.TrimLeft(text[word:], "., ")
}

// wordLength returns how many bytes of letters a text begins with.
func wordLength(text []byte) (n int) {
	for n < len(text) {
		r, size := utf8.DecodeRune(text[n:])
		if !unicode.IsLetter(r) {
			break
		}
		n += size
	}
	return n
}

// date reads a date, in numbers or with a month in words.
func (w *written) date() bool {
	if n := wordLength(w.text); n > 0 {
		return w.monthWord() && w.part(&w.day, 2) && w.yearHereOrLater()
	}
	first, width := w.number()
	sign := w.sign()
	switch {
	case width == 0:
		return false
	case wordLength(w.text) > 0:
		return w.wordInMidst(first, width)
	case sign != '/' && sign != '-' && sign != '.':
		return false
	}
	second, middle := w.number()
	if middle == 0 || middle > 2 || w.sign() != sign {
		return false
	}
	third, last := w.number()
	switch {
	case width == 4 && last > 0 && last <= 2:
		w.year, w.month, w.day = first, second, third
		if sign == '.' || sign == '-' {
			skip(&w.text, '.') // 2026. 03. 14.
		}
		return true
	case width > 2 || (last != 4 && last != 2):
		return false
	case last == 2:
		third += 2000
	}
	w.year = third
	w.arrange(first, second, sign)
	return true
}

// arrange says which of two numbers is the month.
func (w *written) arrange(first, second int64, sign byte) {
	w.month, w.day = first, second
	switch {
	case sign == '.':
		w.day, w.month = first, second
	case first > 12 && second <= 12:
		w.day, w.month = first, second
		w.doubt |= IsDayFirst
	case second > 12:
		w.doubt |= IsMonthFirst
	case w.order == DayFirst:
		w.day, w.month = first, second
	case w.order == AnyOrder && first != second:
		w.doubt |= DayOrMonth
	}
}

// wordInMidst reads 20 nov. 2026 and 2026-Nov-20, of which the first number was read.
func (w *written) wordInMidst(first int64, width int) bool {
	w.text = skipWord(w.text, "de", "of", "st", "nd", "rd", "th")
	w.text = skipWord(w.text, "de", "of")
	if !w.monthWord() {
		return false
	}
	w.text = skipWord(w.text, "de", "of")
	if width == 4 {
		w.year = first
		return w.part(&w.day, 2)
	}
	w.day = first
	year, digits := w.number()
	if w.year = year; digits == 2 {
		w.year += 2000
	}
	return width <= 2 && (digits == 4 || digits == 2)
}

// yearHereOrLater reads a year; that of C's ctime stands behind the time of day.
func (w *written) yearHereOrLater() bool {
	w.text = skipWord(bytes.TrimLeft(w.text, ", "), "de", "of")
	before := w.text
	year, width := w.number()
	if width == 4 && (len(w.text) == 0 || w.text[0] != ':') {
		w.year = year
		return true
	}
	w.text = before
	return width > 0
}

// rest reads the time of day, the zone, and a year that is still missing.
func (w *written) rest() bool {
	skip(&w.text, ':') // as web servers' logs have it
	w.text = bytes.TrimLeft(w.text, ", @")
	dateOnly := len(w.text) == 0
	w.text = bytes.TrimLeft(skipWord(w.text, "at", "um", "t", "à", "às", "om", "kl", "klo", "alle", "ore"), ". ")
	if dateOnly {
		w.doubt |= NoSeconds | NoZone
		return w.year != 0
	}
	half, halved := w.halfBefore()
	var ok bool
	if w.text, ok = w.timeOfDay(w.text); !ok || !halved && !w.halfOfDay() {
		return false
	}
	if halved {
		if w.hour > 12 {
			return false
		}
		w.hour = w.hour%12 + half
	}
	if at := bytes.IndexByte(w.text, '('); at >= 0 { // the zone once more, in words
		w.text = bytes.TrimRight(w.text[:at], " ")
	}
	if !w.yearAmong() {
		return false
	}
	w.offset, ok = writtenZone(w.text)
	if len(w.text) == 0 {
		w.doubt |= NoZone
	}
	return ok && w.year != 0
}

// timeOfDay is clock, with dots for colons too, as Finns and Danes write.
func (w *written) timeOfDay(text []byte) (rest []byte, ok bool) {
	if len(text) >= 8 && text[2] == '.' && text[5] == '.' {
		var room [longestWritten]byte
		text = append(room[:0], text...)
		text[2], text[5] = ':', ':'
	}
	rest, ok = w.clock(text)
	if ok && len(rest) > 1 && rest[0] == ':' && w.ticks == 0 && isDigit(rest[1]) {
		rest[0] = '.' // databases write 21:04:07:250; the text is our own
		w.ticks, rest, ok = fraction(rest)
	}
	return bytes.TrimPrefix(rest, []byte(":")), ok // of 21:04 in East Asian signs
}

// halfOfDay reads am or pm, or nothing: a.m. and p. m. likewise.
func (w *written) halfOfDay() bool {
	text := bytes.TrimLeft(w.text, " ")
	if len(text) == 0 || (text[0] != 'a' && text[0] != 'p') {
		return true
	}
	half := text[0]
	text = text[1:]
	skip(&text, '.')
	skip(&text, ' ')
	if !skip(&text, 'm') || w.hour < 1 || w.hour > 12 || wordLength(text) > 0 {
		return false
	}
	skip(&text, '.')
	if w.hour %= 12; half == 'p' {
		w.hour += 12
	}
	w.text = text
	return true
}

// yearAmong takes the year out of what follows the time of day, before or behind a zone.
func (w *written) yearAmong() bool {
	w.text = bytes.Trim(w.text, " ")
	if w.year != 0 || len(w.text) < 4 {
		return true
	}
	var width int
	if isDigit(w.text[0]) {
		w.year, width = w.number()
		w.text = bytes.TrimLeft(w.text, " ")
		return width == 4
	}
	at := bytes.LastIndexByte(w.text, ' ')
	last := w.text[at+1:]
	year, left, ok := digits(last, 4, 4)
	if at < 0 || !ok || len(left) > 0 {
		return false
	}
	w.year, w.text = year, w.text[:at]
	return true
}

// number reads a number and returns how many digits it has.
func (w *written) number() (n int64, width int) {
	n, rest, _ := digits(w.text, 0, 9)
	width = len(w.text) - len(rest)
	w.text = rest
	return n, width
}

// part reads a number of at most so many digits, and the sign behind it.
func (w *written) part(to *int64, most int) bool {
	n, width := w.number()
	*to = n
	w.text = bytes.TrimLeft(bytes.TrimPrefix(skipWord(w.text, "st", "nd", "rd", "th"), []byte(".")), " ")
	return width > 0 && width <= most
}

// sign takes what stands behind a number of a date: the sign, and blanks.
func (w *written) sign() (sign byte) {
	if len(w.text) == 0 {
		return 0
	}
	if sign = w.text[0]; bytes.IndexByte([]byte("/-. "), sign) < 0 {
		return sign
	}
	w.text = bytes.TrimLeft(w.text[1:], " ")
	return sign
}

// skipWord skips one of some words and the blanks behind it.
func skipWord(text []byte, words ...string) []byte {
	n := wordLength(text)
	for _, word := range words {
		if string(text[:n]) == word {
			return bytes.TrimLeft(text[n:], " ")
		}
	}
	return text
}
