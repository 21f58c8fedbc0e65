package rarity

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

// plainNamer calls things what they are, in lower case.
type plainNamer struct{ symbols *event.Symbols }

func (n plainNamer) lower(y event.Sym) string { return strings.ToLower(n.symbols.String(y)) }

func (n plainNamer) Template(dst []byte, _ int32, self *event.Ref) []byte {
	return append(dst, strings.Trim(n.lower(self.Command), "0123456789 ")...)
}

func (n plainNamer) Destination(dst []byte, _ int32, c *event.Connection) []byte {
	_, domain, _ := strings.Cut(n.lower(c.Host), ".")
	return append(dst, domain...)
}

func (n plainNamer) Answers(c *event.Connection, see func(address, key []byte)) {
	for answer := range strings.FieldsSeq(n.symbols.String(c.Answers)) {
		see([]byte(answer), n.Destination(nil, 0, c))
	}
}

// User knows nothing of the machine's own account.
func (n plainNamer) User(dst, name []byte) []byte {
	return append(dst, strings.TrimSuffix(string(name[:1]), "$")...)
}

func (n plainNamer) Traits(a *identity.Actor, parent *event.Ref, see func(string)) {
	if n.lower(a.Self.Path) == "c:\\x" {
		see("path")
	}
	if parent != nil && strings.HasSuffix(n.lower(a.Self.Command), "2") {
		see("child of " + n.lower(parent.Name))
	}
}

// Claims are those of every third root.
func (n plainNamer) Claims(root int32) (all []string) {
	if root%3 == 0 {
		all = append(all, fmt.Sprint("claim ", root%2))
	}
	return all
}

// seenSlowly is what the slow visit remembers of one thing: every moment, and in which runs.
type seenSlowly struct {
	times   []event.Time
	runs    map[int32]bool
	hosts   map[string]bool
	lookups int
}

// slowVisit keeps everything by its texts, and looks at every event anew.
type slowVisit struct {
	*forest
	plainNamer
	lookback Span
	runs     map[int32]map[string]bool // by root: facts
	seen     map[string]*seenSlowly    // tasks, facts of tasks, facts
	named    map[string]map[string]bool
}

func (s *slowVisit) note(key string, root int32, at event.Time) *seenSlowly {
	if s.seen[key] == nil {
		s.seen[key] = &seenSlowly{runs: map[int32]bool{}, hosts: map[string]bool{}}
	}
	s.seen[key].times = append(s.seen[key].times, at)
	s.seen[key].runs[root] = true
	return s.seen[key]
}

func (s *slowVisit) task(root int32) string {
	return string(s.Template(nil, root, &s.Roster.Actors[root].Self))
}

func (s *slowVisit) run(root int32, at event.Time) {
	if s.runs[root] == nil {
		s.runs[root] = map[string]bool{}
		s.note(fmt.Sprint(Child, " *>", s.lower(s.Roster.Actors[root].Self.Name)), root, at)
	}
	s.note(s.task(root), root, at)
}

func (s *slowVisit) fact(root int32, kind Kind, text string, at event.Time) *seenSlowly {
	key := fmt.Sprint(kind, " ", text)
	s.runs[root][key] = true
	s.note(key, root, at)
	return s.note(s.task(root)+" | "+key, root, at)
}

func (s *slowVisit) process(i int32) {
	root, a := s.Root[i], &s.Roster.Actors[i]
	if a.Ended != event.NoTime && s.lookback.Holds(a.Ended) {
		s.run(root, a.Ended)
	}
	if !s.lookback.Holds(a.Time) {
		return
	}
	s.run(root, a.Time)
	var above *event.Ref
	if i != root {
		above = &s.Roster.Actors[s.Parent[i]].Self
		s.fact(root, Child, s.lower(above.Name)+">"+s.lower(a.Self.Name), a.Time)
	}
	if a.Hash != event.NoSym {
		s.fact(root, Hash, s.lower(a.Self.Name)+"|"+s.lower(a.Hash), a.Time)
	}
	if a.User != event.NoSym {
		if user := s.User(nil, []byte(s.lower(a.User))); len(user) > 0 {
			s.fact(root, User, string(user), a.Time)
		}
	}
	s.Traits(a, above, func(trait string) { s.fact(root, Trait, trait, a.Time) })
	if i == root {
		for _, claim := range s.Claims(root) {
			s.fact(root, Claim, claim, a.Time)
		}
	}
}

func (s *slowVisit) connection(root int32, c *event.Connection) {
	if !s.lookback.Holds(c.Time) {
		return
	}
	s.run(root, c.Time)
	key := string(s.Destination(nil, root, c))
	if key == "" {
		return
	}
	f := s.fact(root, Destination, key, c.Time)
	f.hosts[s.lower(c.Host)] = true
	if !c.Lookup {
		return
	}
	f.lookups += int(c.Weight)
	s.Answers(c, func(address, key []byte) {
		if s.named[string(address)] == nil {
			s.named[string(address)] = map[string]bool{}
		}
		s.named[string(address)][string(key)] = true
	})
}

func visitSlowly(f *forest, lookback Span, skip []bool) *slowVisit {
	s := &slowVisit{forest: f, plainNamer: plainNamer{f.store.Symbols}, lookback: lookback, runs: map[int32]map[string]bool{},
		seen: map[string]*seenSlowly{}, named: map[string]map[string]bool{}}
	for _, i := range f.Order {
		if !skip[f.Root[i]] {
			s.process(i)
		}
	}
	for i := range f.Connections {
		if o := f.Owner[i]; o != identity.None && f.Root[o] != identity.None && !skip[f.Root[o]] {
			s.connection(f.Root[o], &f.Connections[i])
		}
	}
	return s
}

// sight is a slow sight as a Sight.
func (s *seenSlowly) sight(now event.Time) Sight {
	one := Sight{Runs: int32(len(s.runs))}
	for _, at := range s.times {
		one.see(at, now)
	}
	return one
}

func (s *slowVisit) check(t *testing.T, survey *Survey, visit *Visit) {
	t.Helper()
	found := map[string]Sight{}
	name := func(f Fact) string { return fmt.Sprint(f.Kind, " ", survey.Text(f.Text)) }
	for template, task := range survey.Tasks() {
		found[survey.Text(template)] = task.Sight
		for fact, seen := range task.Facts {
			key := survey.Text(template) + " | " + name(fact)
			found[key] = seen.Sight
			want, on := s.seen[key], seen.On[0]
			if int(on.Names) != len(want.hosts) || int(on.Lookups) != want.lookups || (on.Contacts != nil) != (len(want.hosts) > 0) {
				t.Fatalf("%s: %d names, %d lookups; want %d, %d", key, on.Names, on.Lookups, len(want.hosts), want.lookups)
			}
		}
	}
	for fact, seen := range survey.Fleet {
		sight := seen.Sight
		sight.Runs = int32(len(s.seen[name(fact)].runs)) // of a fact alone nobody asks
		found[name(fact)] = sight
	}
	want := map[string]Sight{}
	for key, seen := range s.seen {
		want[key] = seen.sight(s.lookback.To)
	}
	if !reflect.DeepEqual(found, want) {
		t.Fatalf("found %v\nwant %v", found, want)
	}
	for root := range int32(len(s.Roster.Actors)) {
		s.checkRun(t, root, visit.Run(root), survey, name)
	}
}

func (s *slowVisit) checkRun(t *testing.T, root int32, run Run, survey *Survey, name func(Fact) string) {
	t.Helper()
	var found []string
	for _, f := range run.Facts {
		found = append(found, name(f))
	}
	slices.Sort(found)
	if want := slices.Sorted(maps.Keys(s.runs[root])); !slices.Equal(found, want) || !slices.IsSortedFunc(run.Facts, CompareFacts) {
		t.Fatalf("run %d did %q, want %q", root, found, want)
	}
	if s.runs[root] != nil && survey.Text(run.Task) != s.task(root) {
		t.Fatalf("run %d is of %q, want %q", root, survey.Text(run.Task), s.task(root))
	}
}

// dress gives the processes and connections of a forest what facts are made of.
func (f *forest) dress(r *rand.Rand) {
	one := func(texts ...string) event.Sym { return f.sym(texts[r.IntN(len(texts))]) }
	for i := range f.Roster.Actors {
		a := &f.Roster.Actors[i]
		a.Self.Path, a.User, a.Hash = one(`C:\x`, `c:\X`, `d:\y`, ""), one("Ann", "SYSTEM", "bob", "$", ""), one("AB", "ab", "cd", "")
		a.Self.Command = one("run 1", "RUN 2", "go 2", "go")
	}
	for i := range f.Connections {
		c := &f.Connections[i]
		c.Host, c.Weight, c.Lookup = one("a.x.org", "B.x.org", "b.X.org", "c.y.org", ""), uint32(1+r.IntN(3)), r.IntN(2) == 0
		if c.Lookup {
			c.Answers = one("192.0.2.1", "192.0.2.1 192.0.2.2", "")
		}
	}
}

// TestVisitAgainstTheSlowOne: one visitor goes from device to device, and nothing of the ones
// before shows.
func TestVisitAgainstTheSlowOne(t *testing.T) {
	var visitor Visitor
	for seed := range uint64(1000) {
		r := rand.New(rand.NewPCG(seed, 2))
		f := randomForest(r, 1+r.IntN(200))
		f.dress(r)
		lookback := Span{event.Time(r.IntN(4)), event.Time(r.IntN(8))}
		skip := make([]bool, len(f.Roster.Actors))
		for i := range skip {
			skip[i] = r.IntN(8) == 0
		}
		want := visitSlowly(f, lookback, skip)
		visit, survey := visitor.Visit(&f.Trees, want.plainNamer, lookback, skip), NewSurvey()
		survey.Add(visit, f.store.Symbols)
		want.check(t, survey, visit)
		named := map[string]map[string]bool{}
		survey.EachNamed(func(address, name string) {
			if named[address] == nil {
				named[address] = map[string]bool{}
			}
			named[address][name] = true
		})
		if !reflect.DeepEqual(named, want.named) {
			t.Fatalf("addresses stand for %v, want %v", named, want.named)
		}
	}
}
