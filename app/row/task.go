package row

import (
	"strconv"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Task is what is known of the scheduled task that a tree is a run of. The zero Task is
// that nothing is.
type Task struct {
	Name     string // \Folder\Name
	Edge     string // how it is known
	Evidence string // how the root is known to be the scheduler's
	Created  event.Time
	Author   string
	Trigger  string
	Period   int64 // seconds between two starts, 0 without a regular trigger
	Delay    int64 // seconds by which a start may be late at random
	Action   string
	Hidden   string     // true or false, "" where no event tells
	RunLevel string     // highest or limited, "" where no event tells
	Maker    string     // id of the tree whose process registered it, "" for a process in no tree
	Creator  string     // command line of that process
	Instance string     // id of the run, as the scheduler's log has it
	Updated  event.Time // when it was updated last before the run
	Deleted  event.Time // when it was deleted first after the run began
}

func (t *Task) period() string {
	if t.Period == 0 {
		return ""
	}
	return strconv.FormatInt(t.Period, 10)
}
