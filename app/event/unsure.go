package event

// Unsure says which times of an event are of a date whose day and month nothing tells
// apart: they were read month first.
type Unsure uint8

// The times that an event may have.
const (
	UnsureTime Unsure = 1 << iota
	UnsureStamp
	UnsureCreated
	UnsureParent
	UnsureGrandparent
)

// UnsureSink is a Sink that can exchange day and month later, when other events have told
// which is which.
type UnsureSink interface {
	Sink
	// Unsure says so of the event that is added next.
	Unsure(Unsure)
}

func (u Unsure) exchange(which Unsure, t *Time) {
	if u&which != 0 {
		*t = Exchanged(*t)
	}
}

// Exchange exchanges day and month in the process's times that are unsure.
func (p *Process) Exchange(u Unsure) {
	u.exchange(UnsureTime, &p.Time)
	u.exchange(UnsureCreated, &p.Self.Created)
	u.exchange(UnsureParent, &p.Parent.Created)
	u.exchange(UnsureGrandparent, &p.Grandparent.Created)
}

// Exchange exchanges day and month in the end's time, if it is unsure.
func (e *End) Exchange(u Unsure) {
	u.exchange(UnsureTime, &e.Time)
	u.exchange(UnsureCreated, &e.Self.Created)
}

// Exchange exchanges day and month in the connection's times that are unsure.
func (c *Connection) Exchange(u Unsure) {
	u.exchange(UnsureTime, &c.Time)
	u.exchange(UnsureStamp, &c.Stamp)
	u.exchange(UnsureCreated, &c.Self.Created)
	u.exchange(UnsureParent, &c.Parent.Created)
}

// Exchange exchanges day and month in the times of a task's event that are unsure.
func (t *Task) Exchange(u Unsure) {
	u.exchange(UnsureTime, &t.Time)
	u.exchange(UnsureStamp, &t.Stamp)
}
