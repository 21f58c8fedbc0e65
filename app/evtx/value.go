package evtx

import (
	"bytes"
	"math"
)

// Type is the type of a value.
type Type uint8

// The types of values. An array of one has ArrayOf set beside it.
const (
	Null       Type = 0x00
	String     Type = 0x01
	ANSIString Type = 0x02
	Int8       Type = 0x03
	UInt8      Type = 0x04
	Int16      Type = 0x05
	UInt16     Type = 0x06
	Int32      Type = 0x07
	UInt32     Type = 0x08
	Int64      Type = 0x09
	UInt64     Type = 0x0A
	Float32    Type = 0x0B
	Float64    Type = 0x0C
	Bool       Type = 0x0D
	Binary     Type = 0x0E
	GUID       Type = 0x0F
	Size       Type = 0x10 // a pointer's size: 4 or 8 bytes
	FileTime   Type = 0x11
	SystemTime Type = 0x12
	SID        Type = 0x13
	Hex32      Type = 0x14
	Hex64      Type = 0x15
	BinXML     Type = 0x21
	ArrayOf    Type = 0x80
)

// sizes are those of the types that have but one, in bytes.
var sizes = [...]int{
	Int8: 1, UInt8: 1, Int16: 2, UInt16: 2, Int32: 4, UInt32: 4, Int64: 8, UInt64: 8, Float32: 4, Float64: 8,
	Bool: 4, GUID: 16, FileTime: 8, SystemTime: 16, Hex32: 4, Hex64: 8,
}

func sizeOf(t Type) int {
	if int(t) < len(sizes) {
		return sizes[t]
	}
	return 0
}

// Value is a value of a record, in the bytes that stand for it. It is valid until the
// decoder's next chunk.
type Value struct {
	kind  Type
	ready bool // text of a template, made UTF-8 when that was read
	data  []byte
}

// Type returns the value's type. Text that stands in a template is a String.
func (v Value) Type() Type { return v.kind }

// IsNull reports whether the value is none. An empty text is one, and so is a value whose
// bytes are missing.
func (v Value) IsNull() bool { return v.kind == Null || len(v.data) == 0 }

// Bytes returns the value as it is stored; a text of a template, in UTF-8.
func (v Value) Bytes() []byte { return v.data }

// Uint returns an unsigned number, a time, a truth or a size; 0 for any other value.
func (v Value) Uint() uint64 {
	switch v.kind {
	case Int8, UInt8, Int16, UInt16, Int32, UInt32, Int64, UInt64, Bool, Size, FileTime, Hex32, Hex64:
		return littleEndian(v.data)
	}
	return 0
}

func littleEndian(data []byte) (n uint64) {
	for i, b := range data[:min(len(data), 8)] {
		n |= uint64(b) << (8 * i)
	}
	return n
}

// Int returns a signed number; 0 for any other value.
func (v Value) Int() int64 {
	switch n := v.Uint(); v.kind {
	case Int8:
		return int64(int8(n))
	case Int16:
		return int64(int16(n))
	case Int32:
		return int64(int32(n))
	case Int64:
		return int64(n)
	}
	return 0
}

// Float returns a number with a fraction; 0 for any other value.
func (v Value) Float() float64 {
	switch {
	case v.kind == Float32 && len(v.data) == 4:
		return float64(math.Float32frombits(le.Uint32(v.data)))
	case v.kind == Float64 && len(v.data) == 8:
		return math.Float64frombits(le.Uint64(v.data))
	}
	return 0
}

// IsArray reports whether the value is a list of values.
func (v Value) IsArray() bool { return v.kind&ArrayOf != 0 }

// Items calls fn for each value of an array until it reports false. Texts in an array end
// with a NUL; a size has 8 bytes where their sum allows it, else 4; items of a damaged array that are cut off are left out.
func (v Value) Items(fn func(Value) bool) {
	kind := v.kind &^ ArrayOf
	if kind == Size && len(v.data)%8 != 0 {
		kind = Hex32
	}
	for rest := v.data; len(rest) > 0; {
		size, skip := itemSize(kind, rest)
		if size < 0 {
			return
		}
		if !fn(Value{kind: kind, data: rest[:size]}) {
			return
		}
		rest = rest[min(size+skip, len(rest)):]
	}
}

// itemSize returns the size of the first item of an array, and of what stands between it
// and the next; -1 when there is no whole one.
func itemSize(kind Type, rest []byte) (size, skip int) {
	switch kind {
	case String:
		return utf16End(rest), 2
	case ANSIString:
		if end := bytes.IndexByte(rest, 0); end >= 0 {
			return end, 1
		}
		return len(rest), 0
	case SID:
		size = sidSize(rest)
	case Size:
		size = 8
	default:
		if size = sizeOf(kind); size == 0 {
			return len(rest), 0 // binary, or of a type that is not known
		}
	}
	if size > len(rest) {
		return -1, 0
	}
	return size, 0
}

func utf16End(text []byte) int {
	for i := 0; i+1 < len(text); i += 2 {
		if text[i] == 0 && text[i+1] == 0 {
			return i
		}
	}
	return len(text)
}

// sidSize returns the size of the security identifier at the start of data.
func sidSize(data []byte) int {
	if len(data) < sidHead {
		return sidHead
	}
	return sidHead + 4*int(data[1])
}

// sidHead is what stands before a security identifier's subauthorities: revision, their
// count, and an authority of six bytes.
const sidHead = 8
