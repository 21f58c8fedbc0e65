package template

// date writes a date, and the time of day that stands at it.
func (f *folder) date(end int) bool {
	n := f.dateLength(end)
	if n == 0 {
		return false
	}
	clock := f.at + n
	f.replace(n, "<date>")
	if clock < end { // 20261127140533, 20261127T140533Z
		rest := f.src[clock:end]
		if small(rest[0]) == 't' {
			f.put('t')
			rest = rest[1:]
		}
		f.time(max(clockLength(f.src[f.at:]), digits(rest)))
		return true
	}
	if small(f.next(f.at)) == 't' { // 2026-11-27T14:05:33
		f.put('t')
		f.time(clockLength(f.src[f.at:]))
		return true
	}
	switch f.next(f.at) {
	case '-', '_', '.', ' ':
		if n := clockLength(f.src[f.at+1:]); n > 0 && !isWord(f.next(f.at+1+n)) {
			f.step()
			f.time(n)
		}
	}
	return true
}

// time writes a time of day of n bytes, and its zone.
func (f *folder) time(n int) {
	f.replace(n, "<time>")
	if small(f.next(f.at)) == 'z' && !isWord(f.next(f.at+1)) {
		f.at++
	}
}

// dateLength returns the length of the date that begins here, 0 for none.
func (f *folder) dateLength(end int) int {
	rest := f.src[f.at:]
	n := digits(rest)
	switch {
	case n >= 8 && isDay(rest[:4], rest[4:6], rest[6:8]):
		clock := n - 8
		if n == end-f.at && (clock == 0 || (clock == 4 || clock == 6 || clock == 9) && isClock(rest[8:])) {
			return 8
		}
		if n == 8 && small(rest[8]) == 't' && clockLength(rest[9:]) > 0 {
			return 8
		}
	case n == 4 && split(rest, 4, 7, 10) && isDay(rest[:4], rest[5:7], rest[8:10]):
		if after := f.next(f.at + 10); !isWord(after) || small(after) == 't' && clockLength(rest[11:]) > 0 {
			return 10
		}
	case n == 2 && split(rest, 2, 5, 10) && !isWord(f.next(f.at+10)) &&
		(isDay(rest[6:10], rest[3:5], rest[:2]) || isDay(rest[6:10], rest[:2], rest[3:5])):
		return 10
	}
	return 0
}

// split reports whether a text of three numbers is parted at two places by the same
// `-`, `/`, `.` or `_`, and is n long.
func split(text []byte, one, two, n int) bool {
	if len(text) < n || text[one] != text[two] {
		return false
	}
	for i, c := range text[:n] {
		if i != one && i != two && !isDigit(c) {
			return false
		}
	}
	c := text[one]
	return c == '-' || c == '/' || c == '.' || c == '_'
}

func isDay(year, month, day []byte) bool {
	y, m, d := number(year), number(month), number(day)
	return y >= 1990 && y < 2100 && m >= 1 && m <= 12 && d >= 1 && d <= 31
}

// isClock reports whether a text begins with HHMM.
func isClock(text []byte) bool {
	return digits(text) >= 4 && number(text[:2]) < 24 && number(text[2:4]) < 60
}

// clockLength returns the length of the time of day that a text begins with: 1405,
// 140533, 14:05, 14:05:33.123, 14-05-33.
func clockLength(text []byte) int {
	switch n := digits(text); {
	case (n == 4 || n == 6) && isClock(text):
		return n
	case n != 2 || len(text) < 5 || digits(text[3:]) != 2 || number(text[:2]) > 23 || number(text[3:5]) > 59:
		return 0
	}
	mark := text[2]
	if mark != ':' && mark != '-' && mark != '.' && mark != '_' {
		return 0
	}
	n := 5
	if len(text) >= 8 && text[5] == mark && digits(text[6:]) == 2 && number(text[6:8]) < 60 {
		n = 8
		if len(text) > 9 && (text[8] == '.' || text[8] == ',') {
			if part := digits(text[9:]); part > 2 && part < 10 {
				n += 1 + part
			}
		}
	} else if mark != ':' {
		return 0
	}
	return n
}

// clock writes a time of day that stands alone: with colons only, two numbers may be
// anything.
func (f *folder) clock() bool {
	if f.next(f.at+2) != ':' || f.last() == ':' || f.last() == '.' {
		return false
	}
	n := clockLength(f.src[f.at:])
	if n == 0 || isWord(f.next(f.at+n)) || f.next(f.at+n) == ':' {
		return false
	}
	f.time(n)
	return true
}
