package tree

import (
	"cmp"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

// Kind is one way in which trees begin. The zero Judge takes all that Start starts.
type Kind struct {
	Name  string // as the column root_kind spells it
	Start Starter
	// Level decides where a root stands within the tree of another kind: one of a higher
	// level begins a tree of its own, any other belongs to the tree that it stands in.
	Level int
	// Judge says whether a process that Start's parents started is a root all the same.
	Judge func(*Birth) Judgement
}

// scheduled reports whether the kind is that of the Task Scheduler, whose log tells of it.
func (k *Kind) scheduled() bool {
	_, is := k.Start.(Schedule)
	return is
}

// Kinds are several kinds at once. As a Starter they say what the most willing of them says.
type Kinds []Kind

// NewKinds returns the kinds in the order in which they are asked, which does not depend on
// the order in which they were given: the highest level first.
func NewKinds(kinds ...Kind) Kinds {
	sorted := slices.Clone(kinds)
	slices.SortFunc(sorted, func(a, b Kind) int {
		return cmp.Or(cmp.Compare(b.Level, a.Level), cmp.Compare(a.Name, b.Name))
	})
	return slices.CompactFunc(sorted, func(a, b Kind) bool { return a.Name == b.Name })
}

// Starts implements Starter.
func (k Kinds) Starts(name, command string) (most Answer) {
	for i := range k {
		if most = max(most, k[i].Start.Starts(name, command)); most == Yes {
			break
		}
	}
	return most
}

// Scheduled reports whether trees of the Task Scheduler are among those that start begins.
func Scheduled(start Starter) bool {
	return slices.ContainsFunc(kindsOf(start), func(k Kind) bool { return k.scheduled() })
}

// OnlyScheduled reports whether they are the only ones.
func OnlyScheduled(start Starter) bool {
	kinds := kindsOf(start)
	return len(kinds) == 1 && kinds[0].scheduled()
}

// kindsOf are the kinds of a starter, which may be one only.
func kindsOf(start Starter) Kinds {
	if kinds, several := start.(Kinds); several {
		return kinds
	}
	return Kinds{{Start: start}}
}

// Words are what is known of a process by its texts; any may be empty.
type Words struct{ Name, Path, Command string }

// Birth is a process and who started it, in words.
type Birth struct {
	Words
	Parent, Grandparent Words
	// Age is how long the parent had run by then; Dated is false where nothing tells.
	Age   event.Time
	Dated bool
}

// Verdict is what a kind makes of a process that one of its parents started.
type Verdict uint8

// The verdicts. All but the first two are no roots.
const (
	Root      Verdict = iota
	Leaf              // a root below which nothing is followed
	Passed            // it starts roots itself, as a worker of the same server does
	Pretended         // the parent has the name, and not the place or the parent of the genuine
	Late              // the parent had run for too long: a person started it, not the system
	Undated           // as Late, but nothing tells how long the parent had run
)

// Label is what is known of a root's program beforehand. It excludes nothing.
type Label uint8

// The labels, as the column root_label spells them.
const (
	Unlabelled Label = iota
	Usual            // what such parents start on most machines
	Odd              // what they start for attackers more often than for anybody else
)

// String returns the spelling in rows.
func (l Label) String() string { return [...]string{"", "usual", "odd"}[l] }

// Judgement is a verdict and the label of a root.
type Judgement struct {
	Verdict
	Label
}

// judge applies what a kind says of each of the processes that it may be the kind of, and
// takes those that are its roots and nobody's yet.
func (f *Forest) judge(roster *identity.Roster, kind int, found []Evidence) {
	k := &f.Kinds[kind]
	for i, how := range found {
		if how == NoEvidence || f.Evidence[i] != NoEvidence {
			continue
		}
		var j Judgement
		if k.Judge != nil {
			birth := f.birth(roster, int32(i))
			j = k.Judge(&birth)
		}
		switch j.Verdict {
		case Root:
		case Leaf:
			f.leaves[int32(i)] = true
		default:
			f.Report.refused(j.Verdict)
			continue
		}
		f.Evidence[i], f.Kind[i], f.Label[i] = how, uint8(kind), j.Label
	}
}

// refused counts a process that is no root, though its parent starts some.
func (r *Report) refused(v Verdict) {
	switch v {
	case Pretended:
		r.Pretenders++
	case Late:
		r.Late++
	case Undated:
		r.Undated++
	}
}

// birth puts an actor and its ancestors into words. Of the one above its parent it knows what
// the parent's event says: its own is not read where rows are judged by their keys first.
func (f *Forest) birth(roster *identity.Roster, actor int32) Birth {
	a := &roster.Actors[actor]
	parent, over := a.Parent, a.Grandparent
	var before event.Time
	if p := f.parent(roster, actor); p != nil {
		parent.Complete(&p.Self)
		over.Complete(&p.Parent)
		before = p.Time
	}
	b := Birth{Words: wordsOf(roster, &a.Self), Parent: wordsOf(roster, &parent), Grandparent: wordsOf(roster, &over)}
	b.Age, b.Dated = age(a, &parent, before)
	return b
}

func wordsOf(roster *identity.Roster, ref *event.Ref) Words {
	s := roster.Symbols()
	return Words{s.String(ref.Name), s.String(ref.Path), s.String(ref.Command)}
}

// longestUp is for how long a machine may have been up. A parent that began before is one
// whose id only looks like Sysmon's.
const longestUp = 400 * event.Day

// age is how long a parent had run when it started a process: by the sensor's clock where
// it tells of both, else by that of the log.
func age(a *identity.Actor, parent *event.Ref, recorded event.Time) (event.Time, bool) {
	from := parent.Created
	if from == event.NoTime && !parent.Unique {
		if began := parent.ID.Began(); began <= a.Self.Created && a.Self.Created-began < longestUp {
			from = began
		}
	}
	switch {
	case from != event.NoTime && a.Self.Created != event.NoTime:
		return a.Self.Created - from, true
	case recorded != event.NoTime && a.Time != event.NoTime:
		return a.Time - recorded, true
	}
	return 0, false
}
