package event

import (
	"bytes"
	"slices"
)

// months are what the names of the months begin with, in English, German, French,
// Spanish, Italian, Portuguese and Dutch. The longer beginnings of a month come before a
// shorter one of another.
var months = [12][]string{
	{"jan", "jän", "ene", "gen"},
	{"feb", "fév", "fev"},
	{"mar", "mär", "mrt", "maa"},
	{"apr", "avr", "abr"},
	{"mai", "may", "mei", "mag"},
	{"jun", "juin", "giu"},
	{"jul", "juil", "lug"},
	{"aug", "aoû", "aou", "ago"},
	{"sep", "set"},
	{"oct", "okt", "ott", "out"},
	{"nov"},
	{"dec", "dez", "déc", "dic"},
}

// monthWord reads a month and the sign behind it.
func (w *written) monthWord() bool {
	n := wordLength(w.text)
	word := w.text[:n]
	for i, names := range months {
		if slices.ContainsFunc(names, func(name string) bool { return bytes.HasPrefix(word, []byte(name)) }) {
			w.month = int64(i) + 1
			w.text = bytes.TrimLeft(w.text[n:], "./- ")
			return true
		}
	}
	return false
}

// zones are those that RFC 5322 names, and Europe's. Others mean several things.
var zones = map[string]int64{
	"z": 0, "utc": 0, "gmt": 0, "ut": 0,
	"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
	"wet": 0, "west": 1, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "eet": 2, "eest": 3,
}

// writtenZone reads a zone: a name, an offset, or both as in GMT+0100.
func writtenZone(b []byte) (offset int64, ok bool) {
	n := wordLength(b)
	hours, known := zones[string(b[:n])]
	rest := bytes.TrimLeft(b[n:], " ")
	switch {
	case n == 0:
		return zone(withoutName(b))
	case !known || len(rest) > 0 && hours != 0:
		return 0, false
	case len(rest) == 0:
		return hours * 3600, true
	case len(rest) == 2: // UTC+1
		rest = []byte{rest[0], '0', rest[1]}
	}
	return zone(rest)
}

// withoutName takes the name off an offset that has one behind it: +0100 CET.
func withoutName(b []byte) []byte {
	at := bytes.LastIndexByte(b, ' ')
	if name := b[at+1:]; at > 0 && len(name) >= 2 && len(name) <= 5 && wordLength(name) == len(name) {
		return b[:at]
	}
	return b
}

// Exchanged returns the time with day and month of its date exchanged, in UTC; the time
// itself where that makes no date.
func Exchanged(t Time) Time {
	if t == NoTime {
		return t
	}
	at := t.Std()
	c := civil{year: int64(at.Year()), month: int64(at.Day()), day: int64(at.Month())}
	other, ok := c.at(0)
	if !ok {
		return t
	}
	midnight := Time(at.Unix()-int64(at.Hour()*3600+at.Minute()*60+at.Second())) * Second
	return other + (t - midnight)
}
