package chunked

import (
	"fmt"
	"io"
)

// hidden is what every way of printing a session key gives.
const hidden = "[session key]"

// SessionKey is the key that lets a command act as the searching user. It cannot
// be printed, logged or marshalled by accident: only Reveal gives it away. The
// zero value is the absent key.
type SessionKey struct {
	// A pointer, because fmt prints unexported fields of a struct around it
	// without asking for its methods; of a pointer it prints the address.
	key *string
}

// NewSessionKey returns the key with the given text.
func NewSessionKey(text string) SessionKey {
	if text == "" {
		return SessionKey{}
	}
	return SessionKey{key: &text}
}

// Reveal returns the key itself, "" if there is none.
func (k SessionKey) Reveal() string {
	if k.key == nil {
		return ""
	}
	return *k.key
}

// String hides the key.
func (SessionKey) String() string { return hidden }

// GoString hides the key from %#v.
func (SessionKey) GoString() string { return hidden }

// Format hides the key from every verb.
func (SessionKey) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// MarshalJSON hides the key from JSON.
func (SessionKey) MarshalJSON() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }

// MarshalText hides the key from XML, log/slog and whatever else asks for text.
func (SessionKey) MarshalText() ([]byte, error) { return []byte(hidden), nil }
