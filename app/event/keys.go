package event

// Keys are what a first look at an event tells: what ties it to other events, and the
// texts by which the process that starts trees is recognised. The texts are those of
// the record that was looked at.
type Keys struct {
	Kind   Kind
	Device []byte // host, as the event spells it
	Time   Time   // record time
	Record uint64 // number in its log, 0 without one
	Stamp  Time   // of a connection or a name lookup: the sensor's own time of it

	ID        ID // of the process that the event is about
	PID       uint32
	Name      []byte // file name
	Command   []byte // of a process start, like the following
	ParentID  ID
	ParentPID uint32

	ParentName    []byte
	ParentCommand []byte

	Act    Act    // of an event of a task, whose PID is the process that it names
	Writer uint32 // process that wrote it
}
