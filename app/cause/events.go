package cause

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

// readEvents makes things of events, in the order of their time.
func (in *Installed) readEvents(all []event.Installation) {
	order := make([]int, 0, len(all))
	for i := range all {
		if all[i].Time == event.NoTime {
			in.Report.Undated++
			continue
		}
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(all[a].Time, all[b].Time) })
	for _, i := range order {
		switch e := &all[i]; e.Step {
		case event.ServiceInstalled:
			in.addService(e)
		case event.ConsumerMade:
			in.addConsumer(e)
		}
	}
	for _, i := range order {
		if e := &all[i]; e.Step == event.ConsumerBound {
			in.bind(e, all, order)
		}
	}
}

// sameInstall is how far apart two events of one installation are recorded.
const sameInstall = 10 * event.Second

// addService adds what 7045 or 4697 tells. Both may tell of one installation, the one by the
// service's name for people and the other by that in the registry, which counts.
func (in *Installed) addService(e *event.Installation) {
	s := in.roster.Symbols()
	text := spelled(s.String(e.Runs))
	told := Told{e.Number, e.Record}
	for i := len(in.services) - 1; i >= 0 && e.Time-in.services[i].At <= sameInstall; i-- {
		t := &in.services[i]
		if t.text != text || slices.ContainsFunc(t.Told, func(o Told) bool { return o.Number == told.Number }) {
			continue
		}
		t.Told = append(t.Told, told)
		slices.SortFunc(t.Told, func(a, b Told) int { return cmp.Compare(a.Number, b.Number) })
		if e.Audit {
			t.Name, t.service = e.Name, nameOf(s, e.Name)
		}
		t.learn(e, in)
		return
	}
	t := thing{
		Cause:    Cause{What: Service, Name: e.Name, At: e.Time, Maker: identity.None, Told: []Told{told}},
		commands: patternsOf(s.String(e.Runs)), service: nameOf(s, e.Name), text: text,
	}
	t.learn(e, in)
	in.services = append(in.services, t)
}

// learn takes over who did it.
func (t *thing) learn(e *event.Installation, in *Installed) {
	if e.User != event.NoSym {
		t.By = e.User
	}
	if e.Client.PID == 0 || t.Maker != identity.None {
		return
	}
	window := identity.Window{Before: late, After: late}
	if at, edge := in.roster.Find(e.Device, &e.Client, e.Time, window); edge != identity.Ambiguous {
		t.Maker = at
	}
}

// embedded is a property of the event in a consumer's command line (%TargetInstance.Name%).
// Source: Microsoft's documentation of standard string templates.
var embedded = regexp.MustCompile(`%[\w.\[\]]+%`)

func (in *Installed) addConsumer(e *event.Installation) {
	s := in.roster.Symbols()
	t := thing{Cause: Cause{What: Consumer, Name: e.Name, At: e.Time, By: e.User, Maker: identity.None, Told: []Told{{e.Number, e.Record}}}}
	if text := s.String(e.Runs); e.Script {
		t.script = strings.ToLower(text)
	} else {
		t.commands, t.text = patternsOf(embedded.ReplaceAllString(text, "%x%")), spelled(text)
	}
	in.consumers = append(in.consumers, t)
}

// bind notes on every consumer of a binding that it is bound, and the filter's own event.
func (in *Installed) bind(e *event.Installation, all []event.Installation, order []int) {
	s := in.roster.Symbols()
	name := nameOf(s, e.Name)
	for i := range in.consumers {
		t := &in.consumers[i]
		if nameOf(s, t.Name) != name || t.bound {
			continue
		}
		t.bound = true
		if filter := latestFilter(s, all, order, e); filter != nil {
			t.Told = append(t.Told, Told{filter.Number, filter.Record})
		}
		t.Told = append(t.Told, Told{e.Number, e.Record})
		slices.SortFunc(t.Told, func(a, b Told) int { return cmp.Compare(a.Number, b.Number) })
	}
}

// latestFilter returns the last event about the filter of a binding before it, nil for none.
func latestFilter(s *event.Symbols, all []event.Installation, order []int, bound *event.Installation) (found *event.Installation) {
	want := nameOf(s, bound.Filter)
	for _, i := range order {
		f := &all[i]
		if f.Step == event.FilterMade && f.Time <= bound.Time+late && want != "" && nameOf(s, f.Name) == want {
			found = f
		}
	}
	return found
}
