package allow

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// mostValues is how many values of a kind an entry has: what differs in more is no entry that
// a person can look through.
const mostValues = 256

// Refused says why a tree cannot be covered without covering what it is not.
type Refused struct{ Reason string }

// Error implements error.
func (r *Refused) Error() string { return r.Reason }

func refuse(format string, args ...any) error { return &Refused{fmt.Sprintf(format, args...)} }

// Propose returns the narrowest entry that covers the trees of a finding, which are of one
// root kind, and of which departs are what sets them apart from others of their task. The
// order of the trees has no say. The error is a *Refused: what covers them would cover a file
// that somebody else puts there under the same name.
func Propose(finding string, trees []*Subject, departs []string, expires event.Time) (Entry, error) {
	e := Entry{Finding: finding, Expires: expires, Departs: sorted(departs)}
	var programs []*Program
	for _, s := range trees {
		e.Kind = s.Kind
		e.Tasks = append(e.Tasks, strings.ToLower(orNone(s.Task)))
		e.Chains, e.Users, e.Remotes = append(e.Chains, lower(s.Chains)...), append(e.Users, lower(s.Users)...), append(e.Remotes, lower(s.Remotes)...)
		for i := range s.Programs {
			programs = append(programs, &s.Programs[i])
		}
		if e.Template == "" || s.Programs[0].Template < e.Template {
			e.Template = s.Programs[0].Template
		}
		if err := judge(s); err != nil {
			return Entry{}, err
		}
	}
	for _, set := range []*[]string{&e.Tasks, &e.Chains, &e.Users, &e.Remotes} {
		*set = sorted(*set)
	}
	if err := e.cover(programs); err != nil {
		return Entry{}, err
	}
	if err := e.check(); err != nil {
		return Entry{}, err
	}
	e.seal()
	return e, nil
}

func sorted(values []string) []string { return slices.Compact(slices.Sorted(slices.Values(values))) }

// cover lists programs with their command lines: as they are where there is one, and in slots
// where several were seen that differ in nothing else.
func (e *Entry) cover(programs []*Program) error {
	slices.SortFunc(programs, func(a, b *Program) int {
		return cmp.Or(cmp.Compare(a.inSlots(), b.inSlots()), cmp.Compare(a.exact(), b.exact()))
	})
	for len(programs) > 0 {
		n := 1
		for n < len(programs) && programs[n].inSlots() == programs[0].inSlots() {
			n++
		}
		alike := programs[:n]
		programs = programs[n:]
		var exact []string
		for _, p := range alike {
			exact = append(exact, p.exact())
		}
		exact = slices.Compact(exact)
		switch {
		case len(exact) == 1 || !isSlotted(alike):
			e.Exact = append(e.Exact, exact...)
		default:
			if err := safeSlots(alike[0]); err != nil {
				return err
			}
			e.InSlots = append(e.InSlots, alike[0].inSlots())
		}
	}
	e.Exact, e.InSlots = sorted(e.Exact), sorted(e.InSlots)
	return nil
}

// isSlotted reports whether command lines of one template differ in its slots. What somebody
// wrote so that it looks like a slot is none.
func isSlotted(programs []*Program) bool {
	return strings.Contains(programs[0].Template, "<") &&
		!slices.ContainsFunc(programs, func(p *Program) bool { return strings.Contains(p.Command, "<") })
}

// slots are those that hold no program: names, times and numbers.
var slots = strings.Fields("guid sid host user date time version n ip tmp")

// others are those that may hold a program where their reader runs what it is told.
var others = strings.Fields("hex hash base64")

// safeSlots refuses slots that somebody may fill with a program.
func safeSlots(p *Program) error {
	for rest := p.Template; ; {
		_, after, found := strings.Cut(rest, "<")
		if !found {
			return nil
		}
		slot, behind, _ := strings.Cut(after, ">")
		rest = behind
		if slices.Contains(slots, slot) || slices.Contains(others, slot) && !p.carries() {
			continue
		}
		return refuse("its command lines differ in <%s>, which may hold what %s runs: only a pattern over it would cover them", slot, p.Name)
	}
}

// check refuses what a line of the list cannot hold, and what nobody could look through.
func (e *Entry) check() error {
	for name, set := range e.sets() {
		if len(set) > mostValues {
			return refuse("it has %d different values of %s, more than %d: nobody could look through such an entry", len(set), name, mostValues)
		}
		for _, value := range set {
			if strings.TrimSpace(value) == "" {
				return refuse("its %s is nothing but blanks, which a line of the list cannot hold", name)
			}
			if value == None && name != "task_name" && name != "user" {
				return refuse("its %s is called %s, which in an entry says that there is none", name, None)
			}
			if strings.ContainsFunc(value, unicode.IsControl) {
				return refuse("its %s has a line break or another control character, which a line of the list cannot hold: %q", name, shortened(value))
			}
		}
	}
	return nil
}

// sets are the conditions by their columns.
func (e *Entry) sets() map[string][]string {
	return map[string][]string{
		"task_name": e.Tasks, "chain": e.Chains, "process": e.Exact, "process_slots": e.InSlots, "user": e.Users, "remote": e.Remotes, "departs": e.Departs,
	}
}

func shortened(text string) string {
	const most = 80
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "..."
	}
	return text
}
