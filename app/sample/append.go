package sample

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// AppendEvent appends the event in the given format to dst, as one line with its
// line feed, and returns the extended slice. The format must be one of AllFormats.
// Defender has no event for the end of a process, and only Falcon has one for a process
// that runs already: for these nothing is appended.
func AppendEvent(dst []byte, format string, e *Event) []byte {
	if e.Kind == Running && format != FormatFalcon || e.Kind == LoggedEntry && !isSysmon(format) {
		return dst
	}
	switch format {
	case FormatSysmon:
		return appendSysmonJSON(dst, e)
	case FormatSysmonXML:
		return appendSysmonXML(dst, e)
	case FormatDefender:
		return appendDefender(dst, e)
	case FormatFalcon:
		return appendFalcon(dst, e)
	}
	panic(fmt.Sprintf("sample: format %q is not one of %s", format, strings.Join(AllFormats(), ", ")))
}

// appendJSON appends text as a JSON string.
func appendJSON(dst []byte, text string) []byte {
	dst = append(dst, '"')
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c < ' ':
			dst = append(dst, `\u00`...)
			dst = append(dst, hexDigits[c>>4], hexDigits[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}

// appendXML appends text as character data.
func appendXML(dst []byte, text string) []byte {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '&':
			dst = append(dst, "&amp;"...)
		case '<':
			dst = append(dst, "&lt;"...)
		case '>':
			dst = append(dst, "&gt;"...)
		case '"':
			dst = append(dst, "&quot;"...)
		default:
			dst = append(dst, text[i])
		}
	}
	return dst
}

// longAddr is an address as Sysmon writes it: IPv6 in eight groups, without the short
// form for zeros.
func longAddr(a netip.Addr) string {
	if a.Is4() {
		return a.String()
	}
	var dst []byte
	b := a.As16()
	for i := 0; i < 16; i += 2 {
		if i > 0 {
			dst = append(dst, ':')
		}
		dst = strconv.AppendUint(dst, uint64(b[i])<<8|uint64(b[i+1]), 16)
	}
	return string(dst)
}

// digest stands in for the hash of a file's content: n hexadecimal digits that
// depend on its kind and the path alone, so that one program has one hash in the
// whole fleet.
func digest(kind, image string, n int) string {
	const prime, offset = 1099511628211, 14695981039346656037
	h := uint64(offset)
	for _, c := range kind + strings.ToLower(image) {
		h = (h ^ uint64(c)) * prime
	}
	b := make([]byte, 0, 64)
	for len(b) < n {
		b = fmt.Appendf(b, "%016x", h)
		h = (h ^ h>>29) * prime
	}
	return string(b[:n])
}
