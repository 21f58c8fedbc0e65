package command

import (
	"math/rand/v2"
	"strings"
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

// A value of an option that is one of few suggests the one that was meant, whichever it is.
func TestValuesSuggest(t *testing.T) {
	for tokens, want := range map[string]string{
		"output=taks": "tasks", "output=TREE": "trees", "output=finding": "findings", "rarity=templat": "template", "mode=kqll": "kql", "internal=exlude": "exclude",
		"proxy=atuo": "auto", "proxy=non": "none", "raw=tru": "true", "recent=al": "all", "rebuilt=conected": "connected", "dates=mdyy": "mdy", "mode=kql columns=al": "all",
		"mode=kql null_keys=nomach": "nomatch", "root=servce": "service", "output=rows": "", "internal=none": "", "recent=1y": "", "proxy=10.0.0.0/99": "",
	} {
		_, err := Parse(strings.Fields(tokens))
		if err == nil {
			t.Fatalf("%s was taken", tokens)
		}
		if says := strings.Contains(err.Error(), "did you mean "+want+"?"); says != (want != "") {
			t.Errorf("%s: %v", tokens, err)
		}
		if want == "" && strings.Contains(err.Error(), "did you mean") {
			t.Errorf("%s: %v", tokens, err)
		}
	}
}

// Of every option whose values stand in its help, each value with a letter lost suggests
// one that is as near as the value itself.
func TestEveryListedValueSuggests(t *testing.T) {
	tried := 0
	for _, opt := range Table() {
		values := strings.Split(opt.Value, "|")
		if len(values) < 2 || strings.Contains(opt.Value, "<") {
			continue
		}
		for _, value := range values {
			if len(value) < 3 {
				continue
			}
			tried++
			typed := value[:1] + value[2:]
			var o Options
			if err := opt.set(&o, typed); err == nil || !strings.Contains(err.Error(), "did you mean ") {
				t.Errorf("%s=%s: %v", opt.Name, typed, err)
			}
		}
	}
	if tried < 15 {
		t.Errorf("only %d values were tried", tried)
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
