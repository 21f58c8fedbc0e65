package census

import (
	"encoding/binary"
	"maps"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/beacon"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
)

// called is a destination of a task. Like a shape it is what one share of a fleet tells the
// others, of use to hunts up to the same instant only: which addresses and which templates are
// one is known when all shares have told what they saw, and how regular the contacts of a
// task are has to be judged after that. To later hunts a verdict has to do.
type called struct {
	task, destination string
	now               event.Time
}

// calls are the contacts of a device's runs of a task with a destination, and the host names
// that were called, by their hashes in order.
type calls struct {
	contacts *beacon.Contacts
	hosts    []uint32
}

// noteCalls adds the calls of a device, which are not to be used any more.
func (c *Census) noteCalls(key called, id ID, more *calls) {
	on := c.calls[key]
	if on == nil {
		on = make(map[ID]*calls)
		c.calls[key] = on
	}
	if was := on[id]; was != nil {
		was.contacts.Merge(more.contacts)
		was.hosts = rarity.Hosts(was.hosts, more.hosts)
		return
	}
	on[id] = more
}

func (c *Census) uniteCalls(o *Census) {
	for key, all := range o.calls {
		for id, one := range all {
			c.noteCalls(key, id, one)
		}
	}
}

// callers notes who called a destination, if this is one share of several.
func (n *counter) callers(template string, f rarity.Fact, destination string, seen *rarity.Seen) {
	if !n.shared || f.Kind != rarity.Destination {
		return
	}
	for i := range seen.On {
		on := &seen.On[i]
		if on.Contacts == nil {
			continue
		}
		copied := &calls{contacts: &beacon.Contacts{}, hosts: on.Hosts()}
		copied.contacts.Merge(on.Contacts)
		n.noteCalls(called{template, destination, rarity.Whole(n.now)}, n.ids[on.Device], copied)
	}
}

// forgetCalls leaves out those that are of no use to a hunt up to an instant, and those of
// tasks and devices that are forgotten.
func (c *Census) forgetCalls(now event.Time) {
	maps.DeleteFunc(c.calls, func(key called, on map[ID]*calls) bool {
		maps.DeleteFunc(on, func(id ID, _ *calls) bool { return c.devices[id] == nil })
		return key.now != rarity.Whole(now) || c.facts[factKey{key.task, rarity.Destination, key.destination}] == nil || len(on) == 0
	})
}

// tellCalls tells a survey of contacts of which it has none.
func (t *teller) tellCalls() {
	for key, all := range t.calls {
		seen, _ := t.Fact(t.Intern(key.task), rarity.Fact{Kind: rarity.Destination, Text: t.Intern(key.destination)})
		for id, one := range all {
			seen.UniteCalls(t.devices[id], one.contacts, one.hosts)
		}
	}
}

// called writes who called a destination.
func (w *writer) called(key called, all map[ID]*calls) {
	var p packer
	before := 0
	for _, id := range slices.SortedFunc(maps.Keys(all), func(a, b ID) int { return w.number[a] - w.number[b] }) {
		one, number := all[id], w.number[id]
		p.number(uint64(number - before))
		before = number
		packed, _ := one.contacts.AppendBinary(nil) // it never fails
		p.number(uint64(len(packed)))
		p.bytes = append(p.bytes, packed...)
		p.number(uint64(len(one.hosts)))
		for _, hash := range one.hosts {
			p.bytes = binary.BigEndian.AppendUint32(p.bytes, hash)
		}
	}
	w.lines = append(w.lines, line{kind: "contacts", task: taskID(key.task), key: key.destination, devices: len(all), last: key.now, detail: p.text()})
}

// called reads what writer.called wrote.
func (d *decoder) called(l line, u *unpacker) bool {
	key := called{d.templates[l.task], l.key, l.last}
	number := 0
	for len(u.bytes) > 0 && !u.failed {
		number += int(u.number(uint64(len(d.ids))))
		contacts, err := beacon.ParseContacts(u.some(u.length()))
		one := &calls{contacts: &contacts}
		for some := range slices.Chunk(u.some(hashBytes*int(u.number(rarity.MostHosts))), hashBytes) {
			one.hosts = append(one.hosts, binary.BigEndian.Uint32(some))
		}
		if err != nil || u.failed || number >= len(d.ids) {
			return false
		}
		one.hosts = rarity.Hosts(one.hosts, nil)
		d.noteCalls(key, d.ids[number], one)
	}
	return d.knows(l.task) && l.last != event.NoTime && u.done()
}

// hashBytes is how long a hash of a host name is.
const hashBytes = 4

// some reads so many bytes.
func (u *unpacker) some(n int) (bytes []byte) {
	if n > len(u.bytes) {
		u.failed = true
		return nil
	}
	bytes, u.bytes = u.bytes[:n], u.bytes[n:]
	return bytes
}
