package event

import (
	"encoding/binary"
)

// ID is a sensor's stable id of a process, comparable and free of pointers: a GUID
// by its 128 bits, whatever its braces and letter case, or the symbol of an id that
// is not a GUID. The zero ID means "unknown": Sysmon writes the all-zero GUID for a
// process it lost.
type ID struct{ Hi, Lo uint64 }

// textID marks an ID that holds a symbol in Lo. No Sysmon GUID begins so: its first
// 32 bits come from the machine's own GUID.
const textID = 0xFFFF_FFFF_FFFF_FFFF

// TextID returns the ID of an id that is not a GUID, given its case-folded symbol.
func TextID(folded Sym) ID {
	if folded == NoSym {
		return ID{}
	}
	return ID{textID, uint64(folded)}
}

// IsZero reports whether the id is unknown.
func (id ID) IsZero() bool { return id == ID{} }

// Text returns the symbol of an id that is not a GUID.
func (id ID) Text() (Sym, bool) { return Sym(id.Lo), id.Hi == textID }

// Began returns the time that a Sysmon GUID holds, which is that of the process's start to
// the second: the 32 bits after the machine's own, the lower half first (Sysmon's ProcessGuid
// is machine, time, token). It is NoTime for an id that is no GUID, or unknown; for a GUID
// that is not Sysmon's it is any time.
func (id ID) Began() Time {
	if id.IsZero() || id.Hi == textID {
		return NoTime
	}
	return Time(id.Hi&0xFFFF<<16|id.Hi>>16&0xFFFF) * Second
}

// Style is how a source wrote a GUID, so that it can be shown as it stands in the
// events.
type Style uint8

// Styles are or-ed together; 0 is lower case without braces.
const (
	Braces Style = 1 << iota
	Upper
)

// ParseGUID reads a GUID with or without braces in either letter case. A GUID that
// begins with sixteen F is refused: such an ID stands for a text.
func ParseGUID(b []byte) (id ID, style Style, ok bool) {
	if len(b) == 38 && b[0] == '{' && b[37] == '}' {
		b, style = b[1:37], Braces
	}
	if len(b) != 36 || b[8] != '-' || b[13] != '-' || b[18] != '-' || b[23] != '-' {
		return ID{}, 0, false
	}
	var d hexDigits
	id.Hi = d.read(binary.BigEndian.Uint64(b))<<32 | d.read(pair(b[9:13], b[14:18]))
	id.Lo = d.read(pair(b[19:23], b[24:28]))<<32 | d.read(binary.BigEndian.Uint64(b[28:]))
	if d.bad != 0 || id.Hi == textID {
		return ID{}, 0, false
	}
	if d.upper != 0 {
		style |= Upper
	}
	return id, style, true
}

// pair returns eight bytes that do not stand together.
func pair(a, b []byte) uint64 {
	return uint64(binary.BigEndian.Uint32(a))<<32 | uint64(binary.BigEndian.Uint32(b))
}

// hexDigits reads hexadecimal digits eight at a time. Every byte of a word is worked on
// for itself: no sum of two leaves its byte.
type hexDigits struct {
	bad   uint64 // not 0 when any byte was no digit
	upper uint64 // not 0 when any digit was an upper-case letter
}

const eachByte = 0x0101010101010101

// read returns the value of the eight digits in x, of which the first is the highest.
func (d *hexDigits) read(x uint64) uint64 {
	letters := x >> 6 & eachByte // 1 where a byte is a letter, if it is a digit at all
	values := x&(0x0F*eachByte) + 9*letters
	aboveNine := (values + 0x76*eachByte) >> 7 & eachByte
	digits := values + '0'*eachByte + aboveNine*('a'-'9'-1) // what x is in lower case, if it is digits
	d.bad |= values&(0xF0*eachByte) | (digits ^ (x | letters<<5))
	d.upper |= letters << 5 &^ x
	values = (values | values>>4) & 0x00FF00FF00FF00FF
	values = (values | values>>8) & 0x0000FFFF0000FFFF
	return (values | values>>16) & 0xFFFFFFFF
}

// AppendGUID appends the id in the given style; a mixed-case GUID comes out in
// upper case.
func (id ID) AppendGUID(dst []byte, style Style) []byte {
	alphabet := "0123456789abcdef"
	if style&Upper != 0 {
		alphabet = "0123456789ABCDEF"
	}
	if style&Braces != 0 {
		dst = append(dst, '{')
	}
	for i := range 32 {
		if i == 8 || i == 12 || i == 16 || i == 20 {
			dst = append(dst, '-')
		}
		word := id.Hi
		if i >= 16 {
			word = id.Lo
		}
		dst = append(dst, alphabet[word>>(60-4*(i%16))&15])
	}
	if style&Braces != 0 {
		dst = append(dst, '}')
	}
	return dst
}

// IDText returns the id of the process as its source writes it, "" when unknown.
func (r *Ref) IDText(symbols *Symbols) string {
	switch y, isText := r.ID.Text(); {
	case r.ID.IsZero():
		return ""
	case isText:
		return symbols.String(y)
	}
	return string(r.ID.AppendGUID(nil, r.Style))
}
