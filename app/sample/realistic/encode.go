package realistic

import (
	"encoding/base64"
	"unicode/utf16"
)

// encoded is a script as PowerShell takes it with -EncodedCommand: base64 of UTF-16.
func encoded(script string) string {
	units := utf16.Encode([]rune(script))
	b := make([]byte, 0, 2*len(units))
	for _, c := range units {
		b = append(b, byte(c), byte(c>>8))
	}
	return base64.StdEncoding.EncodeToString(b)
}
