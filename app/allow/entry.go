// Package allow is the list of what a hunter found to be fine: entries that say of every
// program of a tree which file it is and what its command line was, and whom it called. All
// of it is compared whole; no letter of an entry stands for others, whoever wrote the command
// line that it was made of.
package allow

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// None stands in an entry for what is not there: a tree whose task has no name, one that
// calls nobody.
const None = "(none)"

// Program is one process of a tree.
type Program struct {
	Name     string
	Path     string // without what differs from device to device and by version
	Hash     string // "" where the event has none
	Command  string
	Template string // of the command
}

// file says which file it is: its place and its digest.
func (p *Program) file() string { return strings.ToLower(p.Path) + "|" + strings.ToLower(p.Hash) }

func (p *Program) exact() string { return p.file() + "|" + p.Command }

func (p *Program) inSlots() string { return p.file() + "|" + p.Template }

// Subject is a tree as entries see it. What it says is compared as it is.
type Subject struct {
	Kind     string    // the preset that its root is of
	Task     string    // its task's name without what differs from device to device, "" for none
	Chains   []string  // names from the root down, of every process
	Programs []Program // the root first
	Users    []string
	Remotes  []string // whom it called, by name where it is known
	Facts    []string // what it does as findings know it, kind|text
}

// Entry is what a tree has to be to be left out: everything of it has to be in the entry.
type Entry struct {
	ID       string // a digest of its conditions
	Finding  string // the finding it was made for
	Kind     string
	Tasks    []string
	Chains   []string
	Exact    []string // path|hash|command line of programs
	InSlots  []string // path|hash|template of programs whose command lines differ
	Users    []string
	Remotes  []string
	Departs  []string   // of these the tree has to have one; none where the finding is a whole task
	Expires  event.Time // from when on it hides nothing
	Template string     // the root's, for people
}

// Fits reports whether an entry covers a tree, whenever that is.
func (e *Entry) Fits(s *Subject) bool {
	return e.Kind == s.Kind && has(e.Tasks, orNone(s.Task)) && all(e.Chains, lower(s.Chains)) && e.fitPrograms(s) &&
		all(e.Users, lower(s.Users)) && all(e.Remotes, lower(s.Remotes)) && e.departs(s)
}

func (e *Entry) fitPrograms(s *Subject) bool {
	for i := range s.Programs {
		p := &s.Programs[i]
		if !slices.Contains(e.Exact, p.exact()) && !slices.Contains(e.InSlots, p.inSlots()) {
			return false
		}
	}
	return len(s.Programs) > 0
}

func (e *Entry) departs(s *Subject) bool {
	return len(e.Departs) == 0 || slices.ContainsFunc(s.Facts, func(f string) bool { return slices.Contains(e.Departs, f) })
}

func has(set []string, one string) bool {
	return slices.ContainsFunc(set, func(s string) bool { return strings.EqualFold(s, one) })
}

// all reports whether every value is in a set in lower case. Of no values that is true.
func all(set, values []string) bool {
	return !slices.ContainsFunc(values, func(v string) bool { return !slices.Contains(set, v) })
}

func lower(values []string) []string {
	low := make([]string, len(values))
	for i, v := range values {
		low[i] = strings.ToLower(v)
	}
	return low
}

func orNone(text string) string {
	if text == "" {
		return None
	}
	return text
}

// seal gives an entry its id.
func (e *Entry) seal() {
	h := sha256.New()
	for _, set := range [][]string{{e.Kind}, e.Tasks, e.Chains, e.Exact, e.InSlots, e.Users, e.Remotes, e.Departs} {
		_, _ = h.Write([]byte(strings.Join(set, "\n") + "\n\n"))
	}
	e.ID = hex.EncodeToString(h.Sum(nil)[:8])
}

// List is the entries of a search. The zero List has none. It does not change and may be used
// by several goroutines.
type List struct {
	entries []Entry
	byRoot  map[string][]int // entries by what their roots may be
}

// NewList returns a list of entries, of which it keeps the slice.
func NewList(entries []Entry) List {
	l := List{entries: entries, byRoot: make(map[string][]int)}
	for i := range entries {
		for _, program := range slices.Concat(entries[i].Exact, entries[i].InSlots) {
			l.byRoot[program] = append(l.byRoot[program], i)
		}
	}
	return l
}

// Len returns how many entries there are.
func (l List) Len() int { return len(l.entries) }

// Entries returns the entries, not to be changed.
func (l List) Entries() []Entry { return l.entries }

// Match returns the first entry that covers a tree and has not expired by now.
func (l List) Match(s *Subject, now event.Time) (index int, ok bool) {
	if len(s.Programs) == 0 {
		return 0, false
	}
	root := &s.Programs[0]
	index = len(l.entries)
	for _, key := range [...]string{root.exact(), root.inSlots()} {
		for _, i := range l.byRoot[key] {
			if e := &l.entries[i]; i < index && e.Expires > now && e.Fits(s) {
				index = i
			}
		}
	}
	return index, index < len(l.entries)
}

// Label names an entry in a message: the finding it was made for, and its own id.
func (e *Entry) Label() string {
	if e.Finding == "" {
		return e.ID
	}
	return "finding " + e.Finding + " (" + e.ID + ")"
}

// Entry returns the label of entry i, for a report of what it hid.
func (l List) Entry(i int) string { return l.entries[i].Label() }

// Expired returns the entries that hide nothing any more.
func (l List) Expired(now event.Time) (some []Entry) {
	for i := range l.entries {
		if l.entries[i].Expires <= now {
			some = append(some, l.entries[i])
		}
	}
	return some
}
