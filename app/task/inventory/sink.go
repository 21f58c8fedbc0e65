package inventory

import "github.com/schtaskhunt/schtaskhunt/app/event"

// mostScratch is how many symbols of processes may be there before they are forgotten.
const mostScratch = 1 << 14

// sink takes the events of tasks and leaves out all others, so that a log of any size can
// be read.
type sink struct {
	event.Drop
	store *event.Store
}

// AddTask implements event.Sink.
func (s sink) AddTask(t *event.Task) {
	own, to := *t, s.store.Symbols
	for _, y := range []*event.Sym{&own.Device, &own.DeviceName, &own.Name, &own.Action, &own.User, &own.Content} {
		if *y != event.NoSym {
			*y = to.Adopt(s.Symbols, *y)
		}
	}
	s.store.AddTask(&own)
	s.Drop.AddTask(t)
}
