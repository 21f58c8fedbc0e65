package view

import (
	"fmt"
	"strconv"
	"time"
)

// Bytes is an amount of bytes in words.
func Bytes(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 1000_000:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	case n < 1000_000_000:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}

// Count is a number with a comma between thousands.
func Count(n int) string {
	text := strconv.Itoa(n)
	for at := len(text) - 3; at > 0 && text[at-1] != '-'; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

// Plural is a number of things in words; the word's plural ends in s.
func Plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return Count(n) + " " + word + "s"
}

// Clock is a time of epoch seconds as a date and time in UTC, "" for none.
func Clock(epoch float64) string {
	if epoch == 0 {
		return ""
	}
	return time.Unix(int64(epoch), 0).UTC().Format(time.DateTime)
}

// regular is from which score on contacts are called regular.
const regular = 0.5

// Cadence is the period of contacts in two or three letters, "" where they are not regular.
func (b Beacon) Cadence() string {
	switch p := b.Period; {
	case !b.Judged || b.Score < regular || p <= 0:
		return ""
	case p < 90:
		return fmt.Sprintf("%.0fs", p)
	case p < 90*60:
		return fmt.Sprintf("%.0fm", p/60)
	case p < 36*3600:
		return fmt.Sprintf("%.0fh", p/3600)
	}
	return fmt.Sprintf("%.0fd", b.Period/86400)
}
