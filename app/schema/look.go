package schema

import (
	"bytes"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// FirstLook takes events of which only the keys were read. Most events have no part in
// any tree, so that the rest of their fields is never needed.
type FirstLook interface {
	// Look takes an event: its keys, and the record that they were read from, which
	// SecondLook will need once more with the plan. Both are valid during the call only.
	// It reports false when the event is to be read in full now.
	Look(k *event.Keys, p *Plan, rec *record.Record) bool
}

// Plan is how the events of one kind and one layout are read. It is immutable, and may
// be used by any reader of the same Set.
type Plan struct {
	unknown string
	odd     bool // events of the layout may have what only a whole reading understands
	table   *compiledTable
	keys    []keyRule
	others  []compiledRule // of fields that are no keys, but that a whole event has
	needs   keyBits
	sides   []compiledRule // of a connection: what says who opened it, and at which port
}

// keyRule is a rule as the first look applies it.
type keyRule struct {
	from     []record.Slot
	own      int
	only     record.Slot // the only one of from, unless it is a stand-in; or NoSlot
	optional bool
	unless   string
	key      key
}

// looking is a first look in progress.
type looking struct {
	event.Keys
	has      keyBits
	odd      bool // something only a whole reading can judge
	zoneless bool // Time was written without a zone
	order    event.DateOrder
	created  event.Time
	local    [2]record.Slot // that hold local times
}

// keyBits are fields of which only the presence is a key.
type keyBits uint8

const (
	hasSource keyBits = 1 << iota
	hasDestination
	hasQuery
	hasTask
)

// key is a canonical field as the first look has it.
type key uint8

const (
	noKey key = iota // of no account at first
	keyDevice
	keyTime
	keyRecord
	keyGUID
	keyPID
	keyPath
	keyCommand
	keyParentGUID
	keyParentPID
	keyParentPath
	keyParentCommand
	keyStamp
	keyCreated     // no key, but to be a time beside the record's
	keyStampIsTime // the stamp, where it is read from the same fields as the time
	keyCreatedIsTime

	// What says that a connection goes somewhere, and a lookup asks for something.
	keySource
	keyDestination
	keyQuery

	// Of an event of the scheduler's log: see lookTask.
	keyAct
	keyTaskName
	keyWriter
	keyTaskPID
	keyTaskEngine
	keyTaskMessage
)

// keys are the keys by canonical field. A table that fills any other field is read in
// full at once.
var keys = map[string]key{
	"device": keyDevice, "time": keyTime, "record": keyRecord, "stamp": keyStamp,
	"process_guid": keyGUID, "process_id": keyPID, "process_path": keyPath, "process_command": keyCommand,
	"parent_guid": keyParentGUID, "parent_id": keyParentPID, "parent_path": keyParentPath, "parent_command": keyParentCommand,
	"source_ip": keySource, "destination_ip": keyDestination, "query": keyQuery,

	"task_act": keyAct, "task_name": keyTaskName, "task_writer": keyWriter, "task_pid": keyTaskPID, "task_message": keyTaskMessage,
	"task_action": noKey, "task_instance": noKey, "task_result": noKey,

	"process_created": keyCreated, "process_session": noKey, "user": noKey, "hash": noKey, "transport": noKey, "initiated": noKey, "direction": noKey, "answers": noKey,
	"source_port": noKey, "source_host": noKey, "destination_port": noKey, "destination_host": noKey,
}

// take reads a value into a key, as the setter of the same field reads it into a draft.
// It reports false when the value says nothing.
func (r *looking) take(k key, v []byte) bool {
	switch k {
	case keyDevice:
		r.Device = event.HostName(v)
		r.odd = r.odd || bytes.IndexByte(v, '\n') >= 0
	case keyTime:
		return r.time(&r.Time, v)
	case keyRecord:
		r.Record = recordNumber(v)
		return r.Record != 0
	case keyGUID:
		return r.guid(&r.ID, v)
	case keyPID:
		return r.pid(&r.PID, v)
	case keyPath:
		return lookPath(&r.Name, v)
	case keyCommand:
		r.Command = v
	case keyParentGUID:
		return r.guid(&r.ParentID, v)
	case keyParentPID:
		return r.pid(&r.ParentPID, v)
	case keyParentPath:
		return lookPath(&r.ParentName, v)
	case keyParentCommand:
		r.ParentCommand = v
	case keyStamp:
		return r.time(&r.Stamp, v)
	case keyCreated:
		return r.time(&r.created, v)
	case keyStampIsTime:
		r.Stamp = r.Time
		return r.Stamp != event.NoTime
	case keyCreatedIsTime:
		r.created = r.Time
		return r.created != event.NoTime
	case keySource:
		r.has |= hasSource
	case keyDestination:
		r.has |= hasDestination
	case keyQuery:
		r.has |= hasQuery
	default:
		return r.takeTask(k, v)
	}
	return true
}

// time reads a time. One that is none, or leaves something open, is to be remarked upon.
func (r *looking) time(to *event.Time, v []byte) bool {
	t, doubt, ok := r.order.Read(v)
	r.odd = r.odd || !ok || doubt&telling != 0
	r.zoneless = doubt&event.NoZone != 0
	*to = t
	return ok
}

// checkZone has an event read in full whose record time may be a local one. Of an event of tasks,
// which no UtcTime sets right, it has to be one for sure: then it is told.
func (r *looking) checkZone(k key, p *Plan, at record.Slot) {
	if k != keyTime || !r.zoneless || r.Kind == event.TaskEvent && !slices.Contains(r.local[:], at) {
		return
	}
	r.odd = r.odd || !slices.Contains(p.table.utc, at)
}

// guid takes a ProcessGuid. One that is none is a text, which needs a symbol.
func (r *looking) guid(to *event.ID, v []byte) bool {
	id, _, ok := event.ParseGUID(v)
	r.odd = r.odd || !ok
	*to = id
	return !id.IsZero()
}

// pid takes a process id. What is no number may be under a wrong label.
func (r *looking) pid(to *uint32, v []byte) bool {
	set := setPID(to, v)
	r.odd = r.odd || !set && !isNumber(v)
	return set
}

// lookPath takes the name from the path.
func lookPath(to *[]byte, v []byte) bool {
	if string(v) == unknownProcess {
		return false
	}
	*to = event.FileName(v)
	return true
}

// only returns the only field that the rule reads, NoSlot when there are several or it
// is a stand-in.
func (r *compiledRule) only() record.Slot {
	if len(r.from) == 1 && r.own == 1 {
		return r.from[0]
	}
	return record.NoSlot
}

// planOf returns how the events of a table, reduced to a layout, are looked at first;
// nil when they are read in full at once.
func planOf(unknown string, t compiledTable, odd bool) *Plan {
	if t.aside != nil {
		return nil
	}
	p := &Plan{unknown: unknown, odd: odd, table: &t}
	switch t.kind {
	case event.NetworkConnection:
		p.needs = hasSource | hasDestination
	case event.NameLookup:
		p.needs = hasQuery
	case event.TaskEvent:
		p.needs = hasTask
	}
	for i := range t.rules {
		rule := &t.rules[i]
		key, known := keyOf(rule)
		if !known {
			return nil
		}
		if t.kind == event.NetworkConnection && isSide[rule.to] {
			p.sides = append(p.sides, *rule)
		}
		if slices.Equal(p.slotsOf(keyTime), rule.from) {
			key = asTime(key)
		}
		switch {
		case key != noKey:
			p.keys = append(p.keys, keyRule{rule.from, rule.own, rule.only(), rule.optional, rule.unless, key})
		case !rule.optional:
			p.others = append(p.others, *rule)
		}
	}
	return p
}

// keyOf returns what a rule's field is to the first look. known is false for one that it cannot
// read.
func keyOf(rule *compiledRule) (k key, known bool) {
	if rule.via == viaEngine {
		return keyTaskEngine, true
	}
	k, known = keys[rule.to]
	return k, known && rule.via == rule.to
}

// asTime returns how a key is known that is read from the same fields as the time, which need not
// be read again.
func asTime(k key) key {
	switch k {
	case keyStamp:
		return keyStampIsTime
	case keyCreated:
		return keyCreatedIsTime
	}
	return k
}

// slotsOf returns what a key is read from, nil when no rule so far reads it.
func (p *Plan) slotsOf(k key) []record.Slot {
	for i := range p.keys {
		if p.keys[i].key == k {
			return p.keys[i].from
		}
	}
	return nil
}

// look reads the keys of an event. It reports false when the event is to be read in
// full: because something is missing that its own text may tell, because it may be
// malformed, or because it is out of the ordinary.
func (r *Reader) look(p *Plan, rec *record.Record) bool {
	if p.odd && (rec.Has(r.nxlog) || rec.Has(r.repeats) || r.joins.has(rec)) {
		return false
	}
	if p.table.kind == event.TaskEvent && !rec.Place().Known() {
		return false // keys alone are of no use where the row cannot be read again
	}
	l := &r.looking
	*l = looking{Keys: event.Keys{Kind: p.table.kind}, order: r.order, local: r.local}
	whole := !p.table.partial
	for i := range p.keys {
		rule := &p.keys[i]
		if l.needless(rule.unless) {
			continue
		}
		if !l.apply(rule, p, rec) && !rule.optional {
			whole = false
		}
	}
	r.partial = rec.Has(r.raw) && (!whole || !l.statesOthers(p, rec))
	return !l.odd && l.Device != nil && l.has&p.needs == p.needs && l.isWhole()
}

// isWhole reports whether the keys make an event: of a process, or of the run of a task.
func (l *looking) isWhole() bool {
	if l.Kind == event.TaskEvent {
		return l.isWholeTask()
	}
	return l.PID != 0 || !l.ID.IsZero()
}

// apply does what Reader.apply does, for the keys only.
func (l *looking) apply(rule *keyRule, p *Plan, rec *record.Record) (stated bool) {
	unknown := p.unknown
	if rule.only != record.NoSlot {
		v := rec.Get(rule.only)
		if v == nil {
			return false
		}
		l.odd = l.odd || isSeveral(v)
		if !isAbsent(v) && string(v) != unknown {
			l.take(rule.key, v)
			l.checkZone(rule.key, p, rule.only)
		}
		return true
	}
	for i, s := range rule.from {
		v := rec.Get(s)
		if v == nil {
			continue
		}
		stated = stated || i < rule.own
		l.odd = l.odd || isSeveral(v)
		if !isAbsent(v) && string(v) != unknown && l.take(rule.key, v) {
			l.checkZone(rule.key, p, s)
			break
		}
	}
	return stated
}

// needless reports whether a field is needless that may be so. What the keys do not tell
// is taken for needed: at worst, the event's own text is read too.
func (l *looking) needless(unless string) bool {
	return unless == identified && isIdentified(l.ID, l.Record)
}

// statesOthers reports whether the event states the fields that are no keys.
func (l *looking) statesOthers(p *Plan, rec *record.Record) bool {
	for i := range p.others {
		rule := &p.others[i]
		stated := l.needless(rule.unless)
		for _, s := range rule.from[:rule.own] {
			stated = stated || rec.Has(s)
		}
		if !stated {
			return false
		}
	}
	return true
}

// SecondLook reads an event in full of which a first look was taken. It returns the
// event's kind, as Read does.
func (r *Reader) SecondLook(p *Plan, rec *record.Record) event.Kind {
	r.used = r.used[:0] // nobody asks, and a reader of second looks would gather those of all rows
	r.fill(p.unknown, p.table, rec)
	kind := r.draft.finish(p.table.kind)
	if r.draft.misfits > mostMisfits {
		r.labels.Unfit++
		return event.Malformed
	}
	if inUse(kind) {
		r.add(kind)
	}
	return kind
}

// Seen returns what identifies the event that SecondLook read: the same keys as at the
// first look, if it is the same event.
func (r *Reader) Seen(p *Plan) event.Keys {
	d := &r.draft
	return event.Keys{
		Kind: p.table.kind, Record: d.source.Record, Stamp: d.stamp,
		ID: d.self.ID, PID: max(d.self.PID, d.task.PID), ParentID: d.parent.ID, ParentPID: d.parent.PID, // one of the two is 0
		Act: d.task.Act, Writer: d.task.Writer,
	}
}
