package hunt

import (
	"fmt"
	"math"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/hold"
)

// besidesEvents is what a hunt takes on two cores besides the events that wait, in bytes:
// the program, what lanes read and write, partitions at work, garbage.
const besidesEvents = 96 * megabyte

// memoryFor returns how a hunt keeps within max_mem_mb: half is for events that wait,
// the rest for reading them, for the partitions at work and for the rows. Where the rest
// would be too small, events get less. What exceeds their share goes to a file in folder,
// "" for the system's own.
func memoryFor(o command.Options, folder string) hold.Limit {
	all := int64(o.MaxMemory) * megabyte
	return hold.Limit{Bytes: min(all/2, max(all-besidesEvents, all/8)), Folder: folder}
}

// KeepWithin makes the process keep within the memory that the options allow. It is for
// programs that do nothing else beside, and to be called before events come.
func (h *Hunt) KeepWithin() {
	if h.options.MaxMemory > 0 {
		debug.SetMemoryLimit(int64(h.options.MaxMemory) * megabyte * 9 / 10) // its own code and stacks are beside it
	}
	pace(0)
	h.set.OnChange = pace
}

// garbage is how much memory there may be that nobody needs any more, before it is
// collected, in bytes: as much while there are few events, when a share of them would be
// collected all the time, and a share of many.
func garbage(held int64) int64 { return max(32*megabyte, held/4) }

// pace has the garbage collected in time, given how much is held of events. The runtime
// wants a share of what was in use when it collected last, events that have been given
// back since among it.
func pace(held int64) {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	inUse := int64(16 * megabyte) // so much there soon is
	if live[0].Value.Kind() == metrics.KindUint64 {
		inUse = max(inUse, int64(min(live[0].Value.Uint64(), math.MaxInt64)))
	}
	debug.SetGCPercent(int(100 * garbage(held) / inUse))
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
func (h *Hunt) sayMemory(m *account.Messages) {
	if limit := int64(h.options.MaxMemory) * megabyte; peakMemory() > limit {
		m.Say(account.Warn, "max_mem_mb=%d was not enough: %d MB were taken. One device had too many events, or too many trees were kept: "+
			"narrow the search, lower max_devices, or raise max_mem_mb", h.options.MaxMemory, peakMemory()/megabyte)
	}
}
