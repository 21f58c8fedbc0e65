package app

import (
	"fmt"
	"runtime/debug"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/partition"
)

// memoryFor returns how a hunt keeps within max_mem_mb: half is for events that wait,
// the rest for reading them, for the partitions at work and for the rows. What exceeds
// the half goes to a file in folder, "" for the system's own.
func memoryFor(o command.Options, folder string) partition.Limit {
	return partition.Limit{Bytes: int64(o.MaxMemory) << 20 / 2, Folder: folder}
}

// keepWithin tells the runtime how much memory the process may take. The heap is
// almost free of pointers, so that collecting it early costs next to nothing.
func keepWithin(o command.Options) {
	debug.SetGCPercent(25)
	if o.MaxMemory > 0 {
		debug.SetMemoryLimit(int64(o.MaxMemory) << 20 * 9 / 10) // its own code and stacks are beside it
	}
}

const megabyte = 1 << 20

// effort is what a hunt took.
type effort struct {
	began   time.Time
	spilled int64 // bytes
}

// String returns the line that stands before the ledger's.
func (e effort) String() string {
	return fmt.Sprintf("schtaskhunt effort: seconds=%.1f peak_mb=%d spilled_mb=%d",
		time.Since(e.began).Seconds(), (peakMemory()+megabyte-1)/megabyte, (e.spilled+megabyte-1)/megabyte)
}

// sayMemory warns when the promise could not be kept: one device's events are examined
// together, and rows are all in memory.
func (h *Hunt) sayMemory(say sayer) {
	if limit := int64(h.options.MaxMemory) * megabyte; peakMemory() > limit {
		say("WARN", "max_mem_mb=%d was not enough: %d MB were taken. One device had too many events, or too many trees were kept: "+
			"narrow the search, lower max_devices, or raise max_mem_mb", h.options.MaxMemory, peakMemory()/megabyte)
	}
}
