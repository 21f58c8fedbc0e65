package cloud

import (
	"fmt"
	"io"
)

// hidden is what every way of printing a secret gives.
const hidden = "[secret]"

// Secret is a token, a password or a session key. It cannot be printed, logged or
// marshalled by accident: only Reveal gives it away. The zero value is an absent one.
type Secret struct {
	// A pointer, because fmt prints unexported fields of a struct around it without
	// asking for its methods; of a pointer it prints the address.
	text *string
}

// NewSecret returns the secret with the given text; "" gives an absent one.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{text: &text}
}

// IsZero reports whether the secret is absent.
func (s Secret) IsZero() bool { return s.text == nil }

// Reveal returns the secret itself, "" if it is absent.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// String hides the secret.
func (Secret) String() string { return hidden }

// GoString hides the secret from %#v.
func (Secret) GoString() string { return hidden }

// Format hides the secret from every verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// MarshalJSON hides the secret from JSON.
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }

// MarshalText hides the secret from whatever else asks for text.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }
