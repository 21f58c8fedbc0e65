package json

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	jsoniter "github.com/json-iterator/go"
)

// Kind is the kind of a JSON value.
type Kind uint8

// The kinds of JSON values. Invalid stands for text that begins none, and for the
// end of the text.
const (
	Invalid Kind = iota
	String
	Number
	Bool
	Null
	Array
	Object
)

// Iterator walks one JSON text value by value without building it. It reads the
// keys and the strings itself, as slices of the text, where json-iterator would
// allocate each; numbers, literals and whole arrays are left to json-iterator. It
// allocates only for arrays that hold objects or escaped strings.
//
// The text is that of an object or an array: a number or literal that ends it is
// taken for one that was cut.
//
// After an error every method is a no-op and Err tells it. An Iterator is for one
// goroutine and is reused through Reset.
type Iterator struct {
	values *jsoniter.Iterator
	text   []byte
	pos    int
	first  bool   // the next key or element is the first: no comma before it
	key    []byte // memory for a key with escapes
	raw    []byte // json-iterator's capture of a skipped value
	err    error
}

// NewIterator returns an iterator over nothing; give it a text with Reset.
func NewIterator() *Iterator {
	return &Iterator{
		values: jsoniter.NewIterator(jsoniter.ConfigDefault),
		raw:    make([]byte, 0, 64), // never nil: a nil capture means none to json-iterator
	}
}

// Reset starts over with text, which must not change while the results are in use.
func (it *Iterator) Reset(text []byte) {
	it.text, it.pos, it.first, it.err = text, 0, false, nil
}

// Err returns the first error, with its byte offset; io.ErrUnexpectedEOF is in it
// when the text ends too early.
func (it *Iterator) Err() error { return it.err }

// Offset returns where the next value begins.
func (it *Iterator) Offset() int {
	it.space()
	return it.pos
}

// Seek goes back to an Offset at which a value begins.
func (it *Iterator) Seek(offset int) { it.pos, it.first = offset, false }

// Since returns the text from an Offset up to here.
func (it *Iterator) Since(offset int) []byte { return it.text[offset:it.pos] }

// Kind returns the kind of the next value, and does not move.
func (it *Iterator) Kind() Kind {
	it.space()
	if it.err != nil || it.pos >= len(it.text) {
		return Invalid
	}
	switch c := it.text[it.pos]; c {
	case '"':
		return String
	case '{':
		return Object
	case '[':
		return Array
	case 'n':
		return Null
	case 't', 'f':
		return Bool
	case 'N', 'I', '-':
		if it.noNumber() > 0 {
			return Null
		}
		if c == '-' {
			return Number
		}
	default:
		if c >= '0' && c <= '9' {
			return Number
		}
	}
	return Invalid
}

// EnterObject moves to the first key of the next value, an object.
func (it *Iterator) EnterObject() { it.first = it.expect('{') }

// Key moves to the value of the next key and returns that key, valid until the
// next call. At the end of the object, and on an error, ok is false.
func (it *Iterator) Key() (key []byte, ok bool) {
	if !it.separator('}') {
		return nil, false
	}
	raw, escaped := it.String()
	if !it.expect(':') {
		return nil, false
	}
	if escaped {
		if it.key, it.err = AppendUnescaped(it.key[:0], raw); it.err != nil {
			return nil, false
		}
		raw = it.key
	}
	return raw, true
}

// EnterArray moves to the first element of the next value, an array.
func (it *Iterator) EnterArray() { it.first = it.expect('[') }

// Element moves to the next element; false at the end of the array and on errors.
func (it *Iterator) Element() bool { return it.separator(']') }

// separator moves past the comma before the next key or element; at the closing
// bracket it moves past that and returns false.
func (it *Iterator) separator(closing byte) bool {
	first := it.first
	it.first = false
	it.space()
	if it.err != nil {
		return false
	}
	if it.pos < len(it.text) && it.text[it.pos] == closing {
		it.pos++
		return false
	}
	return first || it.expect(',')
}

// String reads the next value, a string: what stands between its quotes, and
// whether that holds escapes (see AppendUnescaped). It is a slice of the text. Raw
// control characters are let through: shippers forget to escape tabs.
func (it *Iterator) String() (raw []byte, escaped bool) {
	if !it.expect('"') {
		return nil, false
	}
	start := it.pos
	for {
		i := bytes.IndexByte(it.text[it.pos:], '"')
		if i < 0 {
			it.pos = len(it.text)
			it.fail(io.ErrUnexpectedEOF)
			return nil, false
		}
		slash := bytes.IndexByte(it.text[it.pos:it.pos+i], '\\')
		if slash < 0 {
			raw = it.text[start : it.pos+i]
			it.pos += i + 1
			return raw, escaped
		}
		escaped = true
		it.pos = min(it.pos+slash+2, len(it.text))
	}
}

// Skip moves past the next value and returns its text.
func (it *Iterator) Skip() []byte {
	start := it.Offset()
	switch it.Kind() {
	case Invalid:
		it.unexpected()
	case String:
		it.String()
	case Null:
		if n := it.noNumber(); n > 0 {
			it.pos += n
			break
		}
		it.skipValue()
	default:
		it.skipValue()
	}
	if it.err != nil {
		return nil
	}
	return it.text[start:it.pos]
}

// skipValue lets json-iterator check and capture the value: the length of the
// capture is the only way it tells how far it went.
func (it *Iterator) skipValue() {
	it.values.ResetBytes(it.text[it.pos:])
	it.values.Error = nil
	it.raw = it.values.SkipAndAppendBytes(it.raw[:0])
	if err := it.values.Error; err != nil && !errors.Is(err, io.EOF) {
		cause := skipError(err, it.pos+len(it.raw) >= len(it.text))
		if !it.skipParts() {
			it.fail(cause)
		}
		return
	}
	it.pos += len(it.raw)
	if it.pos == len(it.text) && it.raw[0] != '[' && it.raw[0] != '{' {
		it.fail(io.ErrUnexpectedEOF) // 42 may be the start of 4242
	}
}

// skipError leaves out json-iterator's excerpt of the text, which is a user's.
func skipError(err error, atEnd bool) error {
	if atEnd {
		return io.ErrUnexpectedEOF
	}
	reason, _, _ := bytes.Cut([]byte(err.Error()), []byte(", error found"))
	return errors.New(string(reason))
}

// End returns an error unless the text ends here, white space apart.
func (it *Iterator) End() error {
	it.space()
	if it.err == nil && it.pos < len(it.text) {
		it.fail(errors.New("text follows the JSON value"))
	}
	return it.err
}

func (it *Iterator) expect(c byte) bool {
	it.space()
	if it.err != nil {
		return false
	}
	if it.pos >= len(it.text) || it.text[it.pos] != c {
		it.unexpected()
		return false
	}
	it.pos++
	return true
}

func (it *Iterator) space() {
	for it.pos < len(it.text) {
		switch it.text[it.pos] {
		case ' ', '\t', '\r', '\n':
			it.pos++
		default:
			return
		}
	}
}

func (it *Iterator) unexpected() {
	if it.pos >= len(it.text) {
		it.fail(io.ErrUnexpectedEOF)
		return
	}
	it.fail(fmt.Errorf("unexpected character %q", it.text[it.pos]))
}

func (it *Iterator) fail(err error) {
	if it.err == nil {
		it.err = fmt.Errorf("at byte %d: %w", it.pos, err)
	}
}
