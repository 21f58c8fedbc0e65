package inventory

import "github.com/schtaskhunt/schtaskhunt/app/event"

// mostScratch is how many symbols of processes may be there before they are forgotten.
const mostScratch = 1 << 14

// sink takes the events of tasks and leaves out all others, so that a log of any size can
// be read.
type sink struct{ *Inventory }

// Interner implements event.Sink. Symbols are void after the next event is added.
func (s sink) Interner() *event.Symbols { return s.scratch }

// AddProcess implements event.Sink.
func (s sink) AddProcess(*event.Process) { s.forget() }

// AddEnd implements event.Sink.
func (s sink) AddEnd(*event.End) { s.forget() }

// AddConnection implements event.Sink.
func (s sink) AddConnection(*event.Connection) { s.forget() }

// AddTask implements event.Sink.
func (s sink) AddTask(t *event.Task) {
	own, to := *t, s.store.Symbols
	for _, y := range []*event.Sym{&own.Device, &own.DeviceName, &own.Name, &own.Action, &own.User, &own.Content} {
		if *y != event.NoSym {
			*y = to.Adopt(s.scratch, *y)
		}
	}
	s.store.AddTask(&own)
	s.forget()
}

func (s sink) forget() {
	if s.scratch.Len() > mostScratch {
		s.scratch.Reset()
	}
}
