package event

import (
	"math/rand/v2"
	"testing"
)

// The short way to Splunk's _time takes nothing that the long way reads otherwise, or that
// another notation claims.
func TestPlainEpochAgainstTheSlowOne(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	taken := 0
	for range 200_000 {
		text := make([]byte, rng.IntN(21))
		for i := range text {
			if text[i] = byte('0' + rng.IntN(10)); rng.IntN(40) == 0 {
				text[i] = ".,-e T"[rng.IntN(6)]
			}
		}
		if len(text) > plainSeconds && rng.IntN(2) == 0 {
			text[plainSeconds] = '.'
		}
		got, ok := plainEpoch(text)
		if !ok {
			continue
		}
		taken++
		if want, known := epochTime(text); !known || got != want {
			t.Fatalf("%q is %d, want %d, %t", text, got, want, known)
		}
		_, _, serial := serialTime(text)
		if _, _, compact := compactTime(text); serial || compact {
			t.Fatalf("%q is another notation", text)
		}
	}
	if taken < 1000 {
		t.Fatalf("only %d texts went the short way", taken)
	}
}
