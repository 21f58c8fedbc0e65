package rounds

import (
	"slices"
	"testing"
)

func TestRounds(t *testing.T) {
	worlds := []string{"a", "b", "c"}
	want, some := 3, worlds
	if testing.Short() {
		want, some = 2, worlds[:2]
	}
	if got := Of(3, 2); got != want {
		t.Errorf("Of(3, 2) is %d, want %d", got, want)
	}
	if got := Some(worlds, 2); !slices.Equal(got, some) {
		t.Errorf("Some is %q, want %q", got, some)
	}
	if Of(2, 5) != 2 || len(Some(worlds, 5)) != 3 {
		t.Error("more rounds than there are")
	}
}
