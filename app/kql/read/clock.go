package read

import "github.com/schtaskhunt/schtaskhunt/app/event"

// clock reads times. Every event has two or three, nearly all in one notation, and of
// a few days: so the days are remembered, and the clock is read by hand. Anything else
// is read by event.ParseTime, whose answers these are.
type clock struct{ days [rememberedDays]calendarDay }

// rememberedDays is as many as tell the days of a month apart.
const rememberedDays = 1 << 5

type calendarDay struct {
	date     [dateLength]byte
	isKnown  bool
	midnight event.Time
}

const (
	dateLength   = len("2006-01-02")
	secondLength = len("2006-01-02T15:04:05")
	tickDigits   = 7
)

// parse reads a time.
func (c *clock) parse(text []byte) (event.Time, bool) {
	if len(text) < secondLength || text[4] != '-' {
		return event.ParseTime(text)
	}
	day := c.day(text)
	ofDay, ok := timeOfDay(text[dateLength:])
	if !day.isKnown || !ok {
		return event.ParseTime(text)
	}
	return day.midnight + ofDay, true
}

// day returns the day that a text begins with.
func (c *clock) day(text []byte) *calendarDay {
	day := &c.days[(text[8]*10+text[9])%rememberedDays]
	if date := [dateLength]byte(text); day.date != date {
		day.date = date
		day.midnight, day.isKnown = event.ParseTime(date[:])
	}
	return day
}

// timeOfDay reads "Thh:mm:ss" or " hh:mm:ss", with up to seven decimals, and with or
// without a Z. It may refuse what is a time.
func timeOfDay(b []byte) (event.Time, bool) {
	hours, minutes, seconds := twoDigits(b[1], b[2]), twoDigits(b[4], b[5]), twoDigits(b[7], b[8])
	if b[0] != 'T' && b[0] != ' ' || b[3] != ':' || b[6] != ':' || hours > 23 || minutes > 59 || seconds > 59 {
		return 0, false
	}
	ticks, ok := decimals(b[9:])
	return event.Time(hours*3600+minutes*60+seconds)*event.Second + ticks, ok
}

// twoDigits returns a number beyond 99 for anything but two digits.
func twoDigits(a, b byte) uint {
	tens, ones := uint(a)-'0', uint(b)-'0'
	if tens > 9 || ones > 9 {
		return 100
	}
	return tens*10 + ones
}

// decimals reads what follows the seconds.
func decimals(b []byte) (ticks event.Time, ok bool) {
	if n := len(b); n > 0 && b[n-1] == 'Z' {
		b = b[:n-1]
	}
	if len(b) == 0 {
		return 0, true
	}
	if b[0] != '.' || len(b) == 1 || len(b) > 1+tickDigits {
		return 0, false
	}
	for _, digit := range b[1:] {
		if digit -= '0'; digit > 9 {
			return 0, false
		}
		ticks = ticks*10 + event.Time(digit)
	}
	for range tickDigits + 1 - len(b) {
		ticks *= 10
	}
	return ticks, true
}
