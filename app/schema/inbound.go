package schema

import (
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// isSide has the canonical fields that say who opened a connection, and at which port.
var isSide = map[string]bool{"initiated": true, "direction": true, "destination_port": true}

// Inbound returns the device's own port of a connection that another machine opened to it, and
// reports whether the event is one. The record is one that the plan is of: a whole reading says
// the same of it.
func (p *Plan) Inbound(rec *record.Record) (port uint16, is bool) {
	if len(p.sides) == 0 {
		return 0, false
	}
	var d draft
	for i := range p.sides {
		rule := &p.sides[i]
		for _, s := range rule.from {
			v := single(rec.Get(s))
			if v != nil && !isAbsent(v) && string(v) != p.unknown && rule.set(&d, v) {
				break
			}
		}
	}
	d.completeDirection()
	return d.to.port, d.direction == event.Inbound
}
