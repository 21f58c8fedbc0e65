package command

import (
	"fmt"
	"strings"
	"testing"
)

// Every device is of one share, whatever the case of its name and whether it is whole; and
// shares are about alike.
func TestShares(t *testing.T) {
	for _, n := range []int{1, 2, 3, 8, 50} {
		sizes := make([]int, n)
		for d := range 4000 {
			name := fmt.Sprintf("ws%05d.corp.example", d)
			mine := 0
			for i := range n {
				s := mustParse(t, fmt.Sprintf("shard=%d/%d", i+1, n)).Shard
				if !s.Has([]byte(name)) {
					continue
				}
				mine++
				sizes[i]++
				short, _, _ := strings.Cut(name, ".")
				for _, spelling := range []string{strings.ToUpper(name), short, name + "."} {
					if !s.Has([]byte(spelling)) {
						t.Fatalf("%s is of share %d/%d, %s is not", name, i+1, n, spelling)
					}
				}
			}
			if mine != 1 {
				t.Fatalf("%s is of %d of %d shares", name, mine, n)
			}
		}
		for i, size := range sizes {
			if want := 4000 / n; size < want/2 || size > want*3/2 {
				t.Errorf("share %d of %d has %d of 4000 devices", i+1, n, size)
			}
		}
	}
	if !(Shard{}).Has([]byte("any")) {
		t.Error("the zero share lacks a device")
	}
}

// What decides the counts is named; what does not is not.
func TestCounted(t *testing.T) {
	for tokens, want := range map[string]string{
		"recent=1d max_devices=3 top=9 internal=only": "root=schtask rebuilt=connected",
		"root=/cmd/ rebuilt=all":                      "root=/(?i)cmd/ rebuilt=all",
		"mapper=falcon,x":                             "root=schtask rebuilt=connected mapper=falcon,x",
	} {
		if got := mustParse(t, strings.Fields(tokens)...).Counted(); got != want {
			t.Errorf("%s: %q, want %q", tokens, got, want)
		}
	}
}
