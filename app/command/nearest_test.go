package command

import (
	"math/rand/v2"
	"testing"
)

func TestNearest(t *testing.T) {
	for typed, want := range map[string]string{
		"recnt": "recent", "RECENTS": "recent", "look_back": "lookback", "maxdevices": "max_devices", "max-device": "max_devices",
		"devices": "max_devices", "devces": "max_devices", "rec": "recent", "allowcommand": "allow_command", "outputs_only": "output",
		"now_": "now", "": "", "x": "", "zz": "", "zebra": "", "phase": "", "internals": "internal",
	} {
		if got := nearest(typed, names()); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}

// The oracle is the definition of Levenshtein's distance.
func TestDistanceAgreesWithItsDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 500 {
		a, b := randomText(rng, "abc", 0, 6), randomText(rng, "abc", 0, 6)
		if got, want := distance(a, b), slowDistance(a, b); got != want {
			t.Fatalf("%q and %q: %d, want %d", a, b, got, want)
		}
	}
}

func slowDistance(a, b string) int {
	switch {
	case a == "" || b == "":
		return len(a) + len(b)
	case a[0] == b[0]:
		return slowDistance(a[1:], b[1:])
	}
	return 1 + min(slowDistance(a[1:], b), slowDistance(a, b[1:]), slowDistance(a[1:], b[1:]))
}
