package read

import (
	"strconv"
	"testing"
)

func FuzzParseLong(f *testing.F) {
	for _, text := range []string{"", "0", "443", "-1", "+1", "0443", "4 ", "x", "999999999999999999", "9223372036854775807", "9223372036854775808", "00000000000000000000007", "1_000", "\x3a"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		want, err := strconv.ParseInt(text, 10, 64)
		if got, ok := parseLong([]byte(text)); ok != (err == nil) || ok && got != want {
			t.Errorf("%q: %d %v, want %d, %v", text, got, ok, want, err)
		}
	})
}
