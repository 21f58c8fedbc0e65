package hold

import "github.com/schtaskhunt/schtaskhunt/app/event"

// A kind of event more has its number, its Add and its case here; how it is packed stands in
// a file of its own, as packtask.go.

// kind begins every event of a page.
type kind byte

const (
	processStart kind = iota
	processEnd
	connection
	rowOfEvent // of which only the keys were read
	taskEvent
	installation
	logon
	injection
)

// besideRow marks an event that has a row as well, so that its keys are known like those
// of other rows, or that no row can depend on.
const besideRow kind = 0x80

// ownDevice marks an event whose device is not the lower case of the name to show.
const ownDevice kind = 0x20

// hasUnsure marks an event with times of which day and month may have to be exchanged: a
// byte says which.
const hasUnsure kind = 0x10

// ofAudit marks an event of Windows' own audit log.
const ofAudit kind = 0x08

// ofMapper marks an event that a mapper plugin read: a byte says which.
const ofMapper kind = 0x40

// marks are beside the kind in its byte.
const marks = besideRow | ownDevice | hasUnsure | ofAudit | ofMapper

// AddProcess implements event.Sink.
func (w *Writer) AddProcess(p *event.Process) {
	w.begin(processStart, &p.Source)
	w.pack.process(p)
	w.done(&p.Source)
}

// AddEnd implements event.Sink.
func (w *Writer) AddEnd(e *event.End) {
	w.begin(processEnd, &e.Source)
	w.pack.ref(&e.Self, e.Time)
	w.done(&e.Source)
}

// AddConnection implements event.Sink.
func (w *Writer) AddConnection(c *event.Connection) {
	w.begin(connection, &c.Source)
	w.pack.connection(c)
	w.done(&c.Source)
}

// AddTask implements event.Sink. No process is known by it, so that the rows of its device
// are still read by their keys first; nor has it a say in what is the newest event, as its
// log may run on another clock than the sensor's.
func (w *Writer) AddTask(t *event.Task) {
	w.noteTasks(t.Device)
	w.beside = besideRow
	w.begin(taskEvent, &t.Source)
	w.pack.task(t)
	w.finish(&t.Source)
}

// AddInstallation implements event.Sink. As with a task's event, no process is known by it.
func (w *Writer) AddInstallation(i *event.Installation) {
	w.noteTasks(i.Device)
	w.beside = besideRow
	w.begin(installation, &i.Source)
	w.pack.installation(i)
	w.finish(&i.Source)
}

// AddLogon implements event.Sink. As with a task's event, no process is known by it.
func (w *Writer) AddLogon(l *event.Logon) {
	w.noteTasks(l.Device)
	w.beside = besideRow
	w.begin(logon, &l.Source)
	w.pack.logon(l)
	w.finish(&l.Source)
}

// AddInjection implements event.Sink. As with a task's event, no process is known by it.
func (w *Writer) AddInjection(i *event.Injection) {
	w.noteTasks(i.Device)
	w.beside = besideRow
	w.begin(injection, &i.Source)
	w.pack.injection(i)
	w.finish(&i.Source)
}

// event reads what the method of its kind wrote.
func (k *unpacker) event(kind kind, s event.Source) {
	switch kind {
	case processStart:
		k.process(s)
	case processEnd:
		e := event.End{Source: s}
		k.ref(&e.Self, s.Time)
		e.Exchange(k.unsure)
		k.store.AddEnd(&e)
	case connection:
		k.connection(s)
	case taskEvent:
		k.task(s)
	case installation:
		k.installation(s)
	case logon:
		k.logon(s)
	case injection:
		k.injection(s)
	default:
		k.fail()
	}
}
