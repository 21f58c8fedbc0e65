package realistic

// sensor is what a device's log lacks, and what it has beside Sysmon's events.
type sensor struct {
	noNetwork, noDNS, noEnds bool
	hidesParents             bool // the command line of protected services is never told
	tasks, security          bool // TaskScheduler/Operational and 4698 to 4702 are collected
	gaps                     []interval
	loss                     float64 // share of events that never arrive
}

func newSensor(w *world, d dice) sensor {
	s := sensor{noNetwork: d.chance(0.03), noDNS: d.chance(0.08), noEnds: d.chance(0.05), hidesParents: d.chance(0.05), tasks: d.chance(0.5), loss: 0.001}
	s.security = s.tasks
	if d.chance(0.05) {
		s.loss = 0.02
	}
	if d.chance(0.1) {
		from := d.between(w.from, w.to)
		s.gaps = append(s.gaps, interval{from, from + d.between(30*minute, 16*hour)})
	}
	return s
}

// blind reports whether nothing is logged at a time.
func (s *sensor) blind(at Time) bool {
	for _, g := range s.gaps {
		if at >= g.from && at < g.to {
			return true
		}
	}
	return false
}

// complete reports whether the sensor keeps all that a judge of a hunt needs.
func (s *sensor) complete() bool {
	return !s.noNetwork && !s.noDNS && !s.noEnds && !s.hidesParents && len(s.gaps) == 0 && s.loss < 0.01
}
