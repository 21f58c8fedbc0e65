package schema

import (
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
	table   *compiledTable
	keys    []keyRule
	others  []compiledRule // of fields that are no keys, but that a whole event has
	needs   keyBits
}

// keyRule is a rule as the first look applies it.
type keyRule struct {
	from     []record.Slot
	own      int
	optional bool
	unless   string
	look     look
}

// look reads a value into the keys, as the setter of the same field reads it into a
// draft. It reports false when the value says nothing.
type look func(r *looking, v []byte) bool

// looking is a first look in progress.
type looking struct {
	event.Keys
	has keyBits
	odd bool // something only a whole reading can judge
}

// keyBits are fields of which only the presence is a key.
type keyBits uint8

const (
	hasSource keyBits = 1 << iota
	hasDestination
	hasQuery
)

// looks are the keys by canonical field; nil for a field that is of no account at
// first. A table that fills any other field is read in full at once.
var looks = map[string]look{
	"device":          func(r *looking, v []byte) bool { r.Device = v; return true },
	"time":            func(r *looking, v []byte) bool { return setTime(&r.Time, v) },
	"record":          func(r *looking, v []byte) bool { r.Record = recordNumber(v); return r.Record != 0 },
	"process_guid":    func(r *looking, v []byte) bool { return r.guid(&r.ID, v) },
	"process_id":      func(r *looking, v []byte) bool { return setPID(&r.PID, v) },
	"process_path":    func(r *looking, v []byte) bool { return lookPath(&r.Name, v) },
	"process_command": func(r *looking, v []byte) bool { r.Command = v; return true },
	"parent_guid":     func(r *looking, v []byte) bool { return r.guid(&r.ParentID, v) },
	"parent_id":       func(r *looking, v []byte) bool { return setPID(&r.ParentPID, v) },
	"parent_path":     func(r *looking, v []byte) bool { return lookPath(&r.ParentName, v) },
	"parent_command":  func(r *looking, v []byte) bool { r.ParentCommand = v; return true },
	"stamp":           func(r *looking, v []byte) bool { return setTime(&r.Stamp, v) },

	// What says that a connection goes somewhere, and a lookup asks for something.
	"source_ip":      func(r *looking, _ []byte) bool { r.has |= hasSource; return true },
	"destination_ip": func(r *looking, _ []byte) bool { r.has |= hasDestination; return true },
	"query":          func(r *looking, _ []byte) bool { r.has |= hasQuery; return true },

	"process_created": nil, "user": nil, "hash": nil, "transport": nil, "initiated": nil, "direction": nil, "answers": nil,
	"source_port": nil, "source_host": nil, "destination_port": nil, "destination_host": nil,
}

// guid takes a ProcessGuid. One that is none is a text, which needs a symbol.
func (r *looking) guid(to *event.ID, v []byte) bool {
	id, _, ok := event.ParseGUID(v)
	r.odd = r.odd || !ok
	*to = id
	return !id.IsZero()
}

// lookPath takes the name from the path.
func lookPath(to *[]byte, v []byte) bool {
	if string(v) == unknownProcess {
		return false
	}
	*to = event.FileName(v)
	return true
}

// planOf returns how the events of a table, reduced to a layout, are looked at first;
// nil when they are read in full at once.
func planOf(unknown string, t compiledTable) *Plan {
	if t.aside != nil {
		return nil
	}
	p := &Plan{unknown: unknown, table: &t}
	switch t.kind {
	case event.NetworkConnection:
		p.needs = hasSource | hasDestination
	case event.NameLookup:
		p.needs = hasQuery
	}
	for i := range t.rules {
		rule := &t.rules[i]
		look, known := looks[rule.to]
		if !known || rule.via != rule.to {
			return nil
		}
		switch {
		case look != nil:
			p.keys = append(p.keys, keyRule{rule.from, rule.own, rule.optional, rule.unless, look})
		case !rule.optional:
			p.others = append(p.others, *rule)
		}
	}
	return p
}

// look reads the keys of an event. It reports false when the event is to be read in
// full: because something is missing that its own text may tell, because it may be
// malformed, or because it is out of the ordinary.
func (r *Reader) look(p *Plan, rec *record.Record) bool {
	if rec.Get(r.nxlog) != nil || rec.Get(r.repeats) != nil {
		return false
	}
	l := &r.looking
	*l = looking{Keys: event.Keys{Kind: p.table.kind}}
	whole := !p.table.partial
	for i := range p.keys {
		rule := &p.keys[i]
		if l.needless(rule.unless) {
			continue
		}
		if stated := l.apply(rule, p.unknown, rec); !stated && !rule.optional {
			whole = false
		}
	}
	r.partial = rec.Has(r.raw) && (!whole || !l.statesOthers(p, rec))
	return !l.odd && l.Device != nil && (l.PID != 0 || !l.ID.IsZero()) && l.has&p.needs == p.needs
}

// apply does what Reader.apply does, for the keys only.
func (l *looking) apply(rule *keyRule, unknown string, rec *record.Record) (stated bool) {
	for i, s := range rule.from {
		v := rec.Get(s)
		if v == nil {
			continue
		}
		stated = stated || i < rule.own
		if !isAbsent(v) && string(v) != unknown && rule.look(l, v) {
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
	r.fill(p.unknown, p.table, rec)
	kind := r.draft.finish(p.table.kind)
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
		ID: d.self.ID, PID: d.self.PID, ParentID: d.parent.ID, ParentPID: d.parent.PID,
	}
}
