package score

import (
	"slices"
	"strings"
)

// Rooted is what is known of a finding's root beside its numbers.
type Rooted struct {
	Kind  string // the preset of root=; "" or schtask for a task
	Usual bool   // such parents start its program on most machines
	Odd   bool   // they start it for attackers more often than for anybody else
}

// Aim is how much the parts of a score count for one kind of root, after the goal of its
// technique.
type Aim struct {
	Goal string // that most parts serve
	Weights
	Odd float64 // bits that an odd child counts at most
	// Source is how many bits the call of another machine close in time counts at most: it is a
	// coincidence as long as nothing ties the two.
	Source float64
}

// The goals of techniques, as the words behind parts spell them.
const (
	persistence = "persistence" // to come back: cadence, and contact with the outside
	execution   = "execution"   // to run once: the odd child, and its first contact
	lateral     = "lateral"     // to come from another machine
)

// aims are those of all kinds but tasks, whose goal the Standard weights were made for. What
// runs once has no cadence to show, and its child and its first contact are all there is;
// what came from another machine may stay.
var aims = map[string]Aim{
	"service": {Goal: persistence, Weights: Standard, Odd: 4, Source: mostSource},
	"logon":   {Goal: persistence, Weights: Standard, Odd: 3},
	"wmi":     {Goal: lateral, Weights: weigh(0.5, 0.5, 1), Odd: 3, Source: mostSource},
	"winrm":   {Goal: lateral, Weights: weigh(0.5, 0.5, 1), Odd: 3, Source: mostSource},
	"dcom":    {Goal: lateral, Weights: weigh(0.5, 0.5, 1), Odd: 4, Source: mostSource},
	"office":  {Goal: execution, Weights: weigh(0.75, 0.25, 1.25), Odd: 5},
	"web":     {Goal: execution, Weights: weigh(0.75, 0.25, 1.25), Odd: 5},
}

// weigh returns the Standard weights but for the smaller of task and destination, rhythm and
// habits.
func weigh(second, rhythm, habit float64) Weights {
	w := Standard
	w.Second, w.Rhythm, w.Drift, w.Habit = second, rhythm, rhythm, habit
	return w
}

// serving are the parts that serve a goal of their own, whatever the main one is.
var serving = map[string]string{"cadence": persistence, "inside": persistence, "drift": persistence, "odd_child": execution, source: lateral}

// AimOf returns how the parts of a finding of that kind of root count. It reports false for
// tasks, and for roots by a pattern, which count as tasks do.
func AimOf(kind string) (Aim, bool) {
	preset, _, _ := strings.Cut(kind, ":") // service:NAME
	a, known := aims[preset]
	return a, known
}

// OddChild returns the habit of a root that is odd beneath its parent, nil where the kind has
// none.
func OddChild(kind string) *Habit {
	a, known := AimOf(kind)
	if !known {
		return nil
	}
	return &Habit{Name: "odd_child", Bits: a.Odd, Means: "a program that such parents start for attackers more often than for others", Source: "preset " + kind}
}

// source is the part about calls of other machines.
const source = "source"

// mostSource is what administrators' calls and attackers' have in common: two bits order what is
// alike otherwise, and never make an alert.
const mostSource = 2

// Origin returns the habit of roots that began close in time to a call of another machine, nil
// where the kind has none. says is which call, how many runs, and how close.
func Origin(kind, says string) *Habit {
	a, known := AimOf(kind)
	if !known || a.Source == 0 {
		return nil
	}
	return &Habit{Name: source, Bits: a.Source, Means: says, Source: "T1021"}
}

// usualShare is how much of a finding counts whose program is usual beneath its parent, and
// that does nothing else than others of it: attackers use usual names too.
const usualShare = 0.5

// PartsOf are the parts of a finding's score by the goal of its kind of root. Each says which
// goal it serves, but for tasks.
func PartsOf(e *Evidence, t *Tail) []Part {
	a, known := AimOf(e.Root.Kind)
	if !known {
		return Standard.Parts(e, t)
	}
	all := a.Parts(e, t)
	kept := parts(all[:0:0])
	for _, p := range all {
		goal := serving[p.Name]
		if goal == "" {
			goal = a.Goal
		}
		if bits, why := p.Bits, p.Why; e.Root.Usual && e.How == "" && p.Name != "destination" {
			kept.add(p.Name, bits*usualShare, "%s; half, as it is usual there (%s)", why, goal)
		} else {
			kept.add(p.Name, bits, "%s (%s)", why, goal)
		}
	}
	kept.coincide(e)
	return kept
}

// coincide has the first part tell of calls close in time that count nothing, as where most of
// the rare findings have one: they are evidence for a person all the same.
func (p parts) coincide(e *Evidence) {
	said := slices.ContainsFunc(p, func(one Part) bool { return one.Name == source })
	for _, h := range e.Habits {
		if h.Name == source && !said && len(p) > 0 {
			p[0].Why += "; " + h.Means
		}
	}
}

// NewTails returns the tails of findings by their kinds of root: what is odd beneath a web
// server is not beneath a service.
func NewTails(all []*Evidence) map[string]*Tail {
	kinds := make(map[string][]*Evidence)
	for _, e := range all {
		kinds[e.Root.Kind] = append(kinds[e.Root.Kind], e)
	}
	tails := make(map[string]*Tail, len(kinds))
	for kind, some := range kinds {
		tails[kind] = NewTail(some)
	}
	return tails
}
