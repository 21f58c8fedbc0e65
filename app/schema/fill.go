package schema

import (
	"bytes"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// fill runs the table's rules. unknown is the program's word for "no value".
func (r *Reader) fill(unknown string, t *compiledTable, rec *record.Record) {
	r.draft, r.partial, r.remarks = draft{symbols: r.sink.Interner(), order: r.order, sessions: r.sessions}, t.partial, r.remarks[:0]
	r.hasUTC = len(t.utc) > 0
	escaped := rec.Get(r.nxlog) != nil
	if escaped {
		r.used = append(r.used, r.nxlog)
	}
	for i := range t.rules {
		rule := &t.rules[i]
		if rule.needless != nil && rule.needless(&r.draft) {
			continue
		}
		if stated := r.apply(rule, unknown, escaped, rec); !stated && !rule.optional {
			r.partial = true
		}
	}
	if r.draft.zoneless {
		r.toUTC(t, r.timeAt, rec)
	}
}

// apply runs one rule. It reports whether the event states the field, be it as "no
// value"; a stand-in does not count.
func (r *Reader) apply(rule *compiledRule, unknown string, escaped bool, rec *record.Record) (stated bool) {
	for i, s := range rule.from {
		v := rec.Get(s)
		if v == nil {
			continue
		}
		stated = stated || i < rule.own
		if !rule.list {
			v = single(v)
		}
		if isAbsent(v) || string(v) == unknown {
			continue
		}
		switch {
		case escaped && bytes.IndexByte(v, '&') >= 0:
			r.escaped = record.Unescape(r.escaped[:0], v)
			v = r.escaped
		case r.doubled:
			r.escaped = appendSingle(r.escaped[:0], v)
			v = r.escaped
		}
		if rule.isTime {
			if r.setTime(rule, s, v) {
				break
			}
			continue
		}
		set := rule.set(&r.draft, v)
		if rule.check != unchecked {
			r.draft.misfit(rule.check, set, v)
		}
		if set {
			r.used = append(r.used, s)
			break
		}
	}
	return stated
}

// setTime is apply for a value of a field that holds a time.
func (r *Reader) setTime(rule *compiledRule, s record.Slot, v []byte) bool {
	d := &r.draft
	if s == r.classic {
		d.order = event.MonthFirst
	}
	set := rule.set(d, v)
	d.order = r.order
	if set {
		r.used = append(r.used, s)
		if rule.to == "time" {
			r.timeAt = s
		}
	}
	if d.doubt&telling != 0 || d.badTime {
		r.remarkOn(s, v)
	}
	return set
}
