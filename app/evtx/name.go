package evtx

// name is where a name's text lies in the decoder's memory for names.
type name struct{ from, to int32 }

func (d *Decoder) nameOf(n name) []byte { return d.nameText[n.from:n.to] }

const (
	nameHeader = 8 // next u32, hash u16, length u16
	nameEnd    = 2 // a NUL
)

// readName reads the reference to a name at a place: an offset into the chunk, and the
// name itself behind it where it is used first. next is the place behind both.
func (d *Decoder) readName(at, end int) (n name, next int, err error) {
	if at+4 > end {
		return n, at, damaged(at, "a name is cut off")
	}
	offset := le.Uint32(d.chunk[at:])
	at += 4
	n, length, err := d.nameAt(offset)
	if err == nil && int(offset) == at {
		at += nameHeader + length + nameEnd
	}
	return n, at, err
}

// nameAt reads the name at an offset; length is that of its text in the chunk.
func (d *Decoder) nameAt(offset uint32) (n name, length int, err error) {
	at := int(offset)
	if uint64(offset)+nameHeader > uint64(len(d.chunk)) {
		return n, 0, damaged(at, "a name lies outside of the chunk of %d bytes", len(d.chunk))
	}
	units := int(le.Uint16(d.chunk[at+6:]))
	length, at = 2*units, at+nameHeader
	if n, known := d.names[offset]; known {
		return n, length, nil
	}
	if units == 0 || units > longestName || at+length > len(d.chunk) {
		return n, 0, damaged(at, "a name of %d letters", units)
	}
	n.from = int32(len(d.nameText))
	d.nameText = appendUTF16(d.nameText, d.chunk[at:at+length], &plain)
	n.to = int32(len(d.nameText))
	if text := d.nameOf(n); !isName(text) {
		err = damaged(at, "%.40q is no name", text)
		d.nameText = d.nameText[:n.from]
		return n, 0, err
	}
	d.names[offset] = n
	return n, length, d.spend(length)
}

// isName reports whether text can stand as a name in XML without being taken for more
// than a name. It allows some names that XML does not.
func isName(text []byte) bool {
	for i, c := range text {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_', c >= 0x80:
		case i > 0 && (c >= '0' && c <= '9' || c == '-' || c == '.' || c == ':'):
		default:
			return false
		}
	}
	return len(text) > 0
}
