package read

import (
	"errors"
	"hash/maphash"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/kql/keep"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// emptyLane returns a lane for at most so many chunks of texts.
func emptyLane(most int) *Lane {
	return NewLane(&Conditions{}, keep.Window{}, keep.NewTexts(&keep.Chunks{Max: most}, maphash.MakeSeed()))
}

// When there is no room for texts, events are refused with a reason, and those before
// keep theirs.
func TestNoRoomForTexts(t *testing.T) {
	lane := emptyLane(1)
	add := func(column, value string) (event.Kind, error) {
		rec := record.New(names)
		for name, value := range map[string]string{"Timestamp": "2026-11-21T08:00:00Z", "ActionType": "ProcessCreated", column: value} {
			rec.Set(names.Slot(name), []byte(value))
		}
		return lane.Add(rec)
	}
	if _, err := add("FileName", "first.exe"); err != nil {
		t.Fatal(err)
	}
	const most = 1 << 20 // bytes of a chunk
	for i := range 2 {
		_, _ = add("ProcessCommandLine", strings.Repeat("x", most*2/3+i)) // the first fits into the chunk that is open
	}
	if kind, err := add("ProcessCommandLine", "x"); !errors.Is(err, keep.ErrFull) || kind != event.Malformed {
		t.Errorf("kind %v, error %v; want malformed, %v", kind, err, keep.ErrFull)
	}
	p := lane.defender.Processes.At(0)
	if got := string(lane.texts.Bytes(p.FileName)); got != "first.exe" {
		t.Errorf("the first name is %q", got)
	}
}
