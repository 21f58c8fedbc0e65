package evtx

import (
	"encoding/hex"
	"strconv"
	"time"
)

// Append appends the value as Windows words it in XML, without XML's escapes: numbers in
// decimal, GUIDs in braces, times in UTC with their 100 ns, binary values in hexadecimal,
// the items of an array with commas between them. BinXML appends nothing.
func (v Value) Append(dst []byte) []byte { return v.append(dst, &plain) }

func (v Value) append(dst []byte, e *escapes) []byte {
	if v.IsArray() {
		first := true
		v.Items(func(item Value) bool {
			if !first {
				dst = append(dst, ", "...)
			}
			first = false
			dst = item.append(dst, e)
			return true
		})
		return dst
	}
	switch v.kind {
	case Null, BinXML:
		return dst
	case String:
		if v.ready {
			return appendUTF8(dst, v.data, e)
		}
		return appendUTF16(dst, v.data[:trimmed16(v.data)], e)
	case ANSIString:
		return appendANSI(dst, v.data[:trimmed8(v.data)], e)
	}
	return v.appendPlain(dst)
}

// trimmed16 and trimmed8 return the length of a text without the NULs at its end, which
// some writers count to it.
func trimmed16(text []byte) int {
	n := len(text) &^ 1
	for n >= 2 && text[n-1] == 0 && text[n-2] == 0 {
		n -= 2
	}
	return n
}

func trimmed8(text []byte) int {
	n := len(text)
	for n > 0 && text[n-1] == 0 {
		n--
	}
	return n
}

// appendPlain appends a value whose words need no escapes. One that has not the size of
// its type is given in hexadecimal, like one of a type that is not known.
func (v Value) appendPlain(dst []byte) []byte {
	if size := sizeOf(v.kind); size != 0 && size != len(v.data) && (v.kind != Bool || len(v.data) != 1) {
		return appendHex(dst, v.data)
	}
	switch v.kind {
	case Int8, Int16, Int32, Int64:
		return strconv.AppendInt(dst, v.Int(), 10)
	case UInt8, UInt16, UInt32, UInt64:
		return strconv.AppendUint(dst, v.Uint(), 10)
	case Float32:
		return strconv.AppendFloat(dst, v.Float(), 'g', -1, 32)
	case Float64:
		return strconv.AppendFloat(dst, v.Float(), 'g', -1, 64)
	case Bool:
		return strconv.AppendBool(dst, v.Uint() != 0)
	case GUID:
		return appendGUID(dst, v.data)
	case Size, Hex32, Hex64:
		return strconv.AppendUint(append(dst, "0x"...), v.Uint(), 16)
	case FileTime:
		return AppendFileTime(dst, v.Uint())
	case SystemTime:
		return appendSystemTime(dst, v.data)
	case SID:
		return appendSID(dst, v.data)
	}
	return appendHex(dst, v.data)
}

// appendHex appends bytes in hexadecimal.
func appendHex(dst, data []byte) []byte {
	const digits = "0123456789ABCDEF"
	for _, b := range data {
		dst = append(dst, digits[b>>4], digits[b&15])
	}
	return dst
}

// appendGUID appends 16 bytes, of which the first three groups are little-endian.
func appendGUID(dst, g []byte) []byte {
	order := [16]byte{g[3], g[2], g[1], g[0], g[5], g[4], g[7], g[6]}
	copy(order[8:], g[8:16])
	dst = append(dst, '{')
	for i, group := range [][]byte{order[:4], order[4:6], order[6:8], order[8:10], order[10:]} {
		if i > 0 {
			dst = append(dst, '-')
		}
		dst = hex.AppendEncode(dst, group)
	}
	return append(dst, '}')
}

// appendSID appends a security identifier as S-1-5-18. One that is cut is given in
// hexadecimal.
func appendSID(dst, s []byte) []byte {
	if len(s) < sidHead || len(s) < sidSize(s) {
		return appendHex(dst, s)
	}
	authority := uint64(0)
	for _, b := range s[2:sidHead] {
		authority = authority<<8 | uint64(b)
	}
	dst = strconv.AppendUint(append(dst, "S-"...), uint64(s[0]), 10)
	dst = strconv.AppendUint(append(dst, '-'), authority, 10)
	for i := range int(s[1]) {
		dst = strconv.AppendUint(append(dst, '-'), uint64(le.Uint32(s[sidHead+4*i:])), 10)
	}
	return dst
}

const (
	ticksPerSecond = 10_000_000 // of a FILETIME
	secondsTo1970  = 11_644_473_600
)

// AppendFileTime appends a FILETIME, 100 ns since 1601, as 2026-11-20T09:00:01.2500000Z.
func AppendFileTime(dst []byte, ticks uint64) []byte {
	at := time.Unix(int64(ticks/ticksPerSecond)-secondsTo1970, 0).UTC()
	year, month, day := at.Date()
	hour, minute, second := at.Clock()
	dst = appendDigits(dst, year, 4)
	dst = appendDigits(append(dst, '-'), int(month), 2)
	dst = appendDigits(append(dst, '-'), day, 2)
	dst = appendDigits(append(dst, 'T'), hour, 2)
	dst = appendDigits(append(dst, ':'), minute, 2)
	dst = appendDigits(append(dst, ':'), second, 2)
	return append(appendDigits(append(dst, '.'), int(ticks%ticksPerSecond), 7), 'Z')
}

// appendDigits appends a number with as many digits, or more if it takes more.
func appendDigits(dst []byte, n, digits int) []byte {
	for least := 10; digits > 1; least, digits = least*10, digits-1 {
		if n < least {
			for range digits - 1 {
				dst = append(dst, '0')
			}
			break
		}
	}
	return strconv.AppendInt(dst, int64(n), 10)
}

// appendSystemTime appends a SYSTEMTIME: eight numbers of 16 bits, year, month, day of the
// week, day, hour, minute, second, millisecond. They are given as they are, not set right.
func appendSystemTime(dst, s []byte) []byte {
	field := func(i, digits int, before string) {
		dst = appendDigits(append(dst, before...), int(le.Uint16(s[2*i:])), digits)
	}
	field(0, 4, "")
	field(1, 2, "-")
	field(3, 2, "-")
	field(4, 2, "T")
	field(5, 2, ":")
	field(6, 2, ":")
	field(7, 3, ".")
	return append(dst, 'Z')
}
