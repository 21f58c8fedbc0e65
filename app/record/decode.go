package record

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/schtaskhunt/schtaskhunt/app/json"
)

// ErrUnknownShape is what Decode returns (wrapped, with the beginning of the text)
// for a text that is no event in any form this package knows.
var ErrUnknownShape = errors.New("text is neither an XML, a JSON nor a classic event")

// Decode reads one event's text into rec, by the form its content shows: XML,
// JSON, classic or a listing, or any of the first three in a JSON string. White space and a
// byte order mark before it are skipped. See DecodeXML, DecodeJSON, DecodeClassic and
// DecodeListing for the names of the fields. On an error rec keeps what was read before it.
func Decode(text []byte, rec *Record) error {
	text = bytes.TrimLeft(bytes.TrimPrefix(text, utf8BOM), " \t\r\n")
	switch {
	case len(text) == 0:
		return unknownShape(text)
	case text[0] == '<':
		return DecodeXML(text, rec)
	case text[0] == '{':
		return DecodeJSON(text, rec)
	case text[0] == '[':
		return DecodeNamedRow(text, rec)
	case text[0] == '"':
		return decodeQuoted(text, rec)
	case IsListing(text):
		return DecodeListing(text, rec)
	}
	return DecodeClassic(text, rec)
}

var utf8BOM = []byte("\xef\xbb\xbf")

func unknownShape(text []byte) error {
	if len(text) == 0 {
		return fmt.Errorf("%w: it is empty", ErrUnknownShape)
	}
	return fmt.Errorf("%w: it begins with %q", ErrUnknownShape, clip(text))
}

// clipLength is how much of a foreign text an error message shows, in bytes.
const clipLength = 40

func clip(text []byte) []byte { return text[:min(len(text), clipLength)] }

// decodeQuoted reads an event that stands in a JSON string.
func decodeQuoted(text []byte, rec *Record) error {
	it := json.NewIterator()
	it.Reset(text)
	inside, err := plainString(it)
	if err == nil {
		err = it.End()
	}
	if inside = EventIn(inside); inside == nil || err != nil {
		return unknownShape(text)
	}
	return Decode(bytes.Clone(inside), rec)
}
