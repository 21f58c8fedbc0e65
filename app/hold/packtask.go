package hold

import (
	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// What a task's event has, as its first byte says.
const (
	isAudit = 1 << iota
	hasInstance
	isTextInstance // which is no GUID
	hasProcess     // made for an action
	hasWriter
	hasClient
	hasResult
	hasStamp
)

// textsOfTask returns a task's texts, in the order in which they are packed.
func textsOfTask(t *event.Task) [4]*event.Sym {
	return [...]*event.Sym{&t.Name, &t.Action, &t.User, &t.Content}
}

func (k *packer) task(t *event.Task) {
	client := t.Client != (event.Ref{}) || t.Parent != 0
	has := bit(t.Audit, isAudit) | bit(!t.Instance.IsZero(), hasInstance) | bit(t.PID != 0, hasProcess) |
		bit(t.Writer != 0, hasWriter) | bit(client, hasClient) | bit(t.Result != 0, hasResult) | bit(t.Stamp != event.NoTime, hasStamp)
	text, isText := t.Instance.Text()
	k.out = append(k.out, has|bit(isText, isTextInstance), byte(t.Act))
	for _, y := range textsOfTask(t) {
		k.text(*y)
	}
	switch {
	case isText:
		k.text(text)
	case has&hasInstance != 0:
		k.id(t.Instance)
	}
	for _, n := range [...]uint32{t.PID, t.Writer, t.Result} {
		if n != 0 {
			k.uint(uint64(n))
		}
	}
	if has&hasStamp != 0 {
		k.time(t.Stamp, t.Time)
	}
	if client {
		k.ref(&t.Client, t.Time)
		k.uint(uint64(t.Parent))
	}
}

// task reads what packer.task wrote.
func (k *unpacker) task(s event.Source) {
	t := event.Task{Source: s}
	has := k.byte()
	t.Audit, t.Act = has&isAudit != 0, event.Act(k.byte())
	for _, y := range textsOfTask(&t) {
		*y = k.text()
	}
	switch {
	case has&isTextInstance != 0:
		t.Instance = event.TextID(k.text())
	case has&hasInstance != 0:
		t.Instance = k.id()
	}
	for _, n := range [...]struct {
		has byte
		to  *uint32
	}{{hasProcess, &t.PID}, {hasWriter, &t.Writer}, {hasResult, &t.Result}} {
		if has&n.has != 0 {
			*n.to = uint32(k.number())
		}
	}
	if has&hasStamp != 0 {
		t.Stamp = k.time(t.Time)
	}
	if has&hasClient != 0 {
		k.ref(&t.Client, t.Time)
		t.Parent = uint32(k.number())
	}
	t.Exchange(k.unsure)
	k.store.AddTask(&t)
	k.part.tell(k.hasher.Device(k.store.Symbols.Bytes(t.Device)), &t)
}

// noteTasks notes the name of a device whose log of tasks is read: with the names of rows it
// tells whether several devices have one short name.
func (w *Writer) noteTasks(device event.Sym) {
	if w.know(device)&noted != 0 {
		return
	}
	w.learn(device, noted)
	folded := event.Lower(event.HostName(w.symbols.Bytes(device)))
	w.set.noteName(w.set.hasher.Device(folded), folded)
}
