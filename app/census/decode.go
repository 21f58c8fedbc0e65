package census

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/beacon"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
)

// decoder reads the rows of one run.
type decoder struct {
	*Census
	ids       []ID              // by number
	templates map[string]string // by their short forms
}

// decode adds the rows of a run to a census that is empty.
func (c *Census) decode(r *run) error {
	d := &decoder{Census: c, templates: make(map[string]string)}
	for _, first := range []string{"device", "task"} { // which the others refer to
		for i := range r.rows {
			if rec := &r.rows[i]; rec.cells[atKind] == first {
				if err := d.row(rec); err != nil {
					return err
				}
			}
		}
		slices.Sort(d.ids)
	}
	for i := range r.rows {
		if rec := &r.rows[i]; rec.cells[atKind] != "device" && rec.cells[atKind] != "task" {
			if err := d.row(rec); err != nil {
				return err
			}
		}
	}
	return nil
}

// row reads a row. Digests have shown that it is as it was written, so that what is wrong
// with it was written by somebody else.
func (d *decoder) row(rec *record) error {
	l, ok := rec.parsed()
	if ok {
		ok = d.take(l)
	}
	if !ok {
		return fmt.Errorf("line %d: the row of kind %q cannot be read: it was not written by this program; write the census anew with output=census",
			rec.line, short(rec.cells[atKind]))
	}
	return nil
}

func (rec *record) parsed() (l line, ok bool) {
	l = line{kind: rec.cells[atKind], task: rec.cells[atTask], detail: rec.cells[atDetail]}
	l.key, ok = unescape(rec.cells[atKey])
	most := mostKey
	if l.kind == "shape" {
		most = mostNote
	}
	if !ok || len(l.key) > most {
		return l, false
	}
	var a, b bool
	l.first, a = seconds(rec.cells[atFirst])
	l.last, b = seconds(rec.cells[atTime])
	return l, a && b
}

// seconds reads a time in whole seconds, empty for none.
func seconds(text string) (event.Time, bool) {
	if text == "" {
		return event.NoTime, true
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return event.Time(n) * event.Second, err == nil && n > 0 && n < math.MaxInt64/int64(event.Second)
}

// take adds what a row says. It reports whether the row says anything.
func (d *decoder) take(l line) bool {
	u := unpack(l.detail)
	switch l.kind {
	case "device":
		return d.device(l, u)
	case "task":
		d.templates[taskID(l.key)] = l.key
		t, ok := d.thing(l, u)
		d.tasks[l.key] = t
		return ok && l.task == taskID(l.key)
	case "address":
		address, name, _ := strings.Cut(l.key, " ")
		d.answered(answer{address, name}, l.last)
		return l.last != event.NoTime
	case "command":
		return d.rans(d.commands, l, u)
	case "chain":
		return d.rans(d.chains, l, u)
	case "contacts":
		return d.called(l, u)
	case "shape":
		d.shapes[shape{l.task, l.detail, l.key, l.last}] = struct{}{}
		return d.knows(l.task) && len(u.bytes)%shapeBytes == 0 && !u.failed
	}
	kind := slices.Index(kinds[:], l.kind)
	t, ok := d.thing(l, u)
	if kind >= 0 && d.knows(l.task) {
		d.facts[factKey{d.templates[l.task], rarity.Kind(kind), l.key}] = t
	}
	return kind >= 0 && d.knows(l.task) && ok
}

func (d *decoder) knows(task string) bool {
	_, known := d.templates[task]
	return known
}

func (d *decoder) device(l line, u *unpacker) bool {
	id, err := hex.DecodeString(l.key)
	if err != nil || len(id) != 8 {
		return false
	}
	w := &watch{Watched: rarity.Watched{First: l.first, Last: l.last, Kinds: uint8(u.number(math.MaxUint8))}}
	w.days = u.daysNear(l.last)
	number := ID(binary.BigEndian.Uint64(id))
	d.ids = append(d.ids, number)
	d.watched(number, w)
	return u.done()
}

// daysNear reads what packer.daysNear wrote.
func (u *unpacker) daysNear(last event.Time) Days {
	day := int64(rarity.DayOf(last)) + u.signed()
	if day < 0 || day > math.MaxInt32 {
		u.failed = true
		return Days{}
	}
	return u.days(int32(day))
}

func (d *decoder) thing(l line, u *unpacker) (t *thing, ok bool) {
	t = &thing{first: l.first, last: l.last}
	switch u.number(sketched) {
	case sketched:
		t.days = u.daysNear(l.last)
		if len(u.bytes) != registers || slices.Max(u.bytes) > 64-sketchBits+1 {
			return t, false
		}
		t.sketch, u.bytes = Sketch(slices.Clone(u.bytes)), nil
	case manyDevices:
		t.days = u.daysNear(l.last)
		for _, n := range u.set(len(d.ids)) {
			t.many = append(t.many, d.ids[n])
		}
	default:
		number := 0
		for range u.length() {
			number += int(u.number(uint64(len(d.ids))))
			if number >= len(d.ids) {
				return t, false
			}
			p := u.part(t)
			p.id = d.ids[number]
			t.on, t.days = append(t.on, p), t.days.Union(p.days)
		}
		t.on = uniteParts(t.on, nil)
	}
	t.settle()
	return t, u.done()
}

func (u *unpacker) part(t *thing) (p part) {
	const most = math.MaxInt32
	flags := u.number(everyBit)
	p.first, p.last = t.first, t.last
	if flags&sinceFirst == 0 {
		p.first += event.Time(u.number(most)) * event.Second
	}
	if flags&tillLast == 0 {
		p.last -= event.Time(u.number(most)) * event.Second
	}
	p.days = u.daysNear(p.last)
	if flags&hasNames != 0 {
		p.names = int32(u.number(most))
	}
	if flags&hasVerdict != 0 {
		p.told = &beacon.Verdicts{Runs: u.verdict(), Inside: u.verdict()}
	}
	return p
}

func (d *decoder) rans(all map[uint64]*ran, l line, u *unpacker) bool {
	last := int64(l.last / event.Day)
	key := uint64(0)
	for len(u.bytes) > 0 && !u.failed {
		key += u.number(math.MaxUint64)
		r := &ran{}
		for range u.length() {
			day := last - int64(u.number(math.MaxInt32))
			for _, n := range u.set(len(d.ids)) {
				r.on = append(r.on, lastDay{d.ids[n], int32(day)})
			}
		}
		uniteRan(all, map[uint64]*ran{key: {on: uniqueRan(r.on)}})
	}
	return u.done()
}

// uniqueRan brings days into order by device.
func uniqueRan(on []lastDay) []lastDay {
	r := &ran{}
	r.unite(&ran{on: on})
	return r.on
}
