package realistic

import "slices"

// starts are the instants at which the device, awake and with its services up, starts
// the task.
func (m *machine) starts(k *kind) []Time {
	return slices.DeleteFunc(m.times(k, m.dice("runs", k.id)), func(at Time) bool {
		s := m.session(at)
		return s == nil || at < s.from+servicesUp
	})
}

// servicesUp is by when after its start Windows has started its services.
const servicesUp = 40 * second

// times are the instants at which a task starts on the device, in order.
func (m *machine) times(k *kind, d dice) []Time {
	from, to := k.span(m)
	t := k.when
	if t.on != atLogon && t.on != atBoot { // what these started may still run
		from = max(from, m.w.from-hour)
	}
	fresh := Time(0) // when it was set up, where that is in the log
	if from > m.w.from && from != m.born {
		if fresh = m.wake(from); fresh > from { // set up some minutes after it wakes
			fresh = m.wake(fresh + 3*minute + d.between(0, 20*minute))
		}
	}
	if k.under == "logon" {
		return m.logons(d, max(from, m.w.from), to)
	}
	switch t.on {
	case every:
		return m.repeated(t, d, from, to, fresh)
	case daily, weekly:
		return m.byTheClock(t, d, from, to, fresh)
	case atLogon, atBoot:
		return m.atStarts(t, d, from, to, fresh)
	case random:
		return m.byChance(t, d, from, to, fresh)
	}
	if fresh == 0 {
		fresh = m.wake(d.between(from, to-day/4))
	}
	if fresh == 0 && len(m.awake) > 0 {
		fresh = m.awake[len(m.awake)-1].from
	}
	return m.kept([]Time{fresh}, to)
}

// kept are the times before an end at which the device is awake.
func (m *machine) kept(list []Time, to Time) []Time {
	return slices.DeleteFunc(list, func(t Time) bool { return t == 0 || t >= to || !m.isAwake(t) })
}

// repeated runs lie on a grid with a phase of the device's own, or drift where each
// interval differs by itself.
func (m *machine) repeated(t trigger, d dice, from, to, fresh Time) (list []Time) {
	at := from + d.between(0, t.every)
	if fresh > 0 {
		at = fresh + d.between(second, 90*second)
	}
	for ; at < to; at += shaken(d, t.every, t.jitter) {
		run := at + d.between(0, t.delay)
		if awake := m.wake(run); awake != run && awake > 0 && t.catchUp {
			next := awake + d.between(20*second, 6*minute)
			if len(list) == 0 || list[len(list)-1] < awake {
				run = next
			}
		}
		list = append(list, run)
	}
	return m.kept(list, to)
}

// byTheClock runs come at a time of day.
func (m *machine) byTheClock(t trigger, d dice, from, to, fresh Time) (list []Time) {
	step := day
	if t.on == weekly {
		step = 7 * day
	}
	if t.atOnce && fresh > 0 {
		list = append(list, fresh+d.between(second, 90*second))
	}
	for at := from/step*step - step + t.at; at < to; at += step {
		run := at + d.between(second/10, max(t.delay, 2*second))
		if t.catchUp && run >= from-step {
			if awake := m.wake(run); awake != run && awake > 0 {
				run = awake + d.between(20*second, 8*minute)
			}
		}
		if run >= from && (len(list) == 0 || run > list[len(list)-1]+10*minute) {
			list = append(list, run)
		}
	}
	return m.kept(list, to)
}

// atStarts are runs when the device starts or its user comes back to it.
func (m *machine) atStarts(t trigger, d dice, from, to, fresh Time) (list []Time) {
	for _, s := range m.sessions {
		list = append(list, s.from+d.between(40*second, 2*minute)+d.between(0, t.delay))
	}
	if t.on == atLogon && m.class == notebook {
		for _, i := range m.awake {
			if d.chance(0.3) {
				list = append(list, i.from+d.between(10*second, minute)+d.between(0, t.delay))
			}
		}
	}
	if t.atOnce && fresh > 0 {
		list = append(list, fresh+d.between(second, 90*second))
	}
	slices.Sort(list)
	list = slices.DeleteFunc(list, func(at Time) bool { return at < from })
	return m.kept(list, to)
}

// byChance are runs that some event sets off.
func (m *machine) byChance(t trigger, d dice, from, to, fresh Time) (list []Time) {
	at := from + d.wait(t.every)
	if t.atOnce && fresh > 0 {
		at = fresh
	}
	for ; at < to; at += max(second, d.wait(t.every)) {
		list = append(list, at)
	}
	return m.kept(list, to)
}
