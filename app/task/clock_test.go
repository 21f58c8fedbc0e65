package task

import (
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Where several distances have as many votes, none is taken: which one a map gives first has
// no say in anything.
func TestNoShiftWithoutClearVotes(t *testing.T) {
	const hour = 3600 * event.Second
	for range 50 {
		c := judge(map[event.Time]int{hour: 5, 2 * hour: 5, -hour: 5, 0: 1})
		if c.clear || c.shift != 0 {
			t.Fatalf("%+v", c)
		}
	}
	if c := judge(map[event.Time]int{hour: 5, 0: 1}); !c.clear || c.shift != hour {
		t.Errorf("%+v", c)
	}
}
