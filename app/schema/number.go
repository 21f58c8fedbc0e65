package schema

import (
	"bytes"
	"strconv"
	"unicode"
)

// numberOf reads a whole number of at most 64 bits in the notations that logs pick up on
// their way: 5012, 0x1394, and what data frames and spreadsheets make of it: 5012.0,
// 5,012, 5 012, 5'012, 5.012E+03. A number of which a part would be lost is none.
func numberOf(v []byte) (n uint64, ok bool) {
	if n, ok = decimal(v, allDigits); ok {
		return n, true
	}
	const longest = 40
	if len(v) == 0 || len(v) > longest {
		return 0, false
	}
	v = shown(bytes.TrimSpace(v))
	if len(v) > 1 && v[0] == '0' && v[1]|0x20 == 'x' {
		n, err := strconv.ParseUint(string(v[2:]), 16, 64)
		return n, err == nil
	}
	if bytes.IndexAny(v, "eE") > 0 {
		return exponent(v)
	}
	return grouped(v)
}

// shown takes off what keeps a spreadsheet from making something else of a number: ="5012"
// and '5012.
func shown(v []byte) []byte {
	if rest, is := bytes.CutPrefix(v, []byte(`="`)); is && bytes.HasSuffix(rest, []byte{'"'}) {
		return rest[:len(rest)-1]
	}
	return bytes.TrimPrefix(v, []byte{'\''})
}

// exponent reads a number such as 5.012E+03.
func exponent(v []byte) (uint64, bool) {
	f, err := strconv.ParseFloat(string(v), 64)
	const exact = 1 << 53
	if err != nil || f < 0 || f >= exact || f != float64(uint64(f)) {
		return 0, false
	}
	return uint64(f), true
}

// grouped reads a number with signs between groups of three digits, and a fraction of
// zeros. A sign before exactly three digits parts groups, but a lone point before three
// zeros is a fraction.
func grouped(v []byte) (uint64, bool) {
	var plain []byte
	sign, since := rune(0), 0 // the sign between groups, and digits since the last one
	for i, c := range string(v) {
		switch {
		case c >= '0' && c <= '9':
			plain = append(plain, byte(c))
			since++
			continue
		case (c == '.' || c == ',') && isZeros(v[i+1:]) && (sign != c || len(v)-i-1 != 3) && (c == '.' || len(v)-i-1 != 3):
			return decimal(plain, allDigits)
		case len(plain) == 0 || sign != 0 && (c != sign || since != 3) || since > 3:
			return 0, false
		case c != '.' && c != ',' && c != '\'' && c != '\u2019' && !unicode.IsSpace(c):
			return 0, false
		}
		sign, since = c, 0
	}
	if sign != 0 && since != 3 {
		return 0, false
	}
	return decimal(plain, allDigits)
}

func isZeros(v []byte) bool { return len(v) > 0 && len(bytes.Trim(v, "0")) == 0 }

// once returns the value of a field that has it twice, or as a list of one: of several
// lines, or of the items of a JSON list, the first that says something. It returns v
// itself for any other.
func once(v []byte) []byte {
	if bytes.IndexByte(v, '\n') >= 0 {
		for line := range bytes.SplitSeq(v, []byte{'\n'}) {
			if line = bytes.TrimSpace(line); !isAbsent(line) {
				return line
			}
		}
		return v
	}
	if len(v) > 1 && v[0] == '[' && v[len(v)-1] == ']' {
		for item := range bytes.SplitSeq(v[1:len(v)-1], []byte{','}) {
			if item = bytes.Trim(bytes.TrimSpace(item), `"'`); !isAbsent(item) {
				return item
			}
		}
	}
	return v
}
