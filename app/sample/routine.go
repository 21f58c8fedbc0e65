package sample

import "time"

// routine is something that happens again and again below a service: a
// scheduled task, a service's own work, a user's, or just connections of the
// service itself (then what has no image).
type routine struct {
	owner     string
	every     Time
	installed float64 // share of the machines that have it; 0 stands for 1
	byUser    bool    // happens when people work, and more with Config.Scale
	what      program
}

// runRoutine asks for all runs of a routine while its owner lives. Runs lie on a
// grid with a phase of the machine's own, each a little off it.
func (s *simulation) runRoutine(owner *Process, r routine) {
	if r.installed > 0 && !s.d.chance(r.installed) {
		return
	}
	every := r.every
	if r.byUser && s.cfg.Scale > 1 {
		every = Time(float64(every) / s.cfg.Scale)
	}
	first := max(owner.Start+minute, s.from-warmUp)
	// The first run falls into the window even where the window is short.
	at := first + s.d.between(0, min(every, s.to-first))
	for n := 0; at < min(s.to, s.down); n++ {
		if s.takesPlace(r, at, n) {
			s.runOnce(owner, r.what, at, nil)
		}
		at += every - every/10 + s.d.between(0, every/5)
	}
}

// takesPlace thins routines below Scale 1 but for the first run, and users' work
// outside of working hours.
func (s *simulation) takesPlace(r routine, at Time, n int) bool {
	if r.byUser && !workingHours(at.UTC()) && !s.d.chance(0.06) {
		return false
	}
	return s.cfg.Scale >= 1 || n == 0 && !r.byUser || s.d.chance(s.cfg.Scale)
}

func workingHours(t time.Time) bool {
	weekend := t.Weekday() == time.Saturday || t.Weekday() == time.Sunday
	return !weekend && t.Hour() >= 7 && t.Hour() < 18
}

// runOnce runs a program below owner, or lets owner itself talk.
func (s *simulation) runOnce(owner *Process, what program, at Time, plant *plant) {
	if what.image == "" {
		s.talkWithin(owner, what.wants, plant, at, min(owner.End, at+minute))
		return
	}
	s.ask(pending{at: at, parent: owner, what: s.decide(what, plant), plant: plant})
}
