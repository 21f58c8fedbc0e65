package identity

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// slowRoster says what Roster does, by looking at every actor every time.
type slowRoster struct {
	symbols *event.Symbols
	actors  []slowActor
}

type slowActor struct {
	event.Process
	ended, endedByID event.Time
	rebuilt          bool
	witnessed        bool
	lent, torn       bool
}

func newSlowRoster(s *event.Store) *slowRoster {
	o := &slowRoster{symbols: s.Symbols}
	for _, p := range s.Processes {
		if !isUndated(&p) {
			o.start(p)
		}
	}
	dated := len(o.actors)
	for _, p := range s.Processes {
		if isUndated(&p) {
			o.startUndated(p, dated)
		}
	}
	for _, p := range s.Processes {
		if p.Grandparent != (event.Ref{}) {
			o.rebuild(event.Process{Source: event.Source{Device: p.Device, DeviceName: p.DeviceName}, Self: p.Parent, Parent: p.Grandparent})
		}
	}
	for _, c := range s.Connections {
		if c.Parent != (event.Ref{}) {
			o.rebuild(event.Process{Source: event.Source{Device: c.Device, DeviceName: c.DeviceName}, Self: c.Self, Parent: c.Parent, User: c.User, Hash: c.Hash})
		}
	}
	for _, e := range s.Ends {
		o.end(e)
	}
	for i := range o.actors {
		if a := &o.actors[i]; a.endedByID != event.NoTime {
			a.ended = a.endedByID
		}
	}
	o.witness(s.Ends)
	return o
}

// startUndated is start for a process without a creation time, whose twin is among the
// first actors.
func (o *slowRoster) startUndated(p event.Process, dated int) {
	var twins []int32
	for i := range dated {
		a := &o.actors[i]
		known, told := &a.Parent, &p.Parent
		sameParent := compatible(known.ID, told.ID) && (known.PID == 0 || told.PID == 0 || known.PID == told.PID) &&
			(!known.ID.IsZero() || known.Created == event.NoTime || told.Created == event.NoTime || known.Created == told.Created)
		if a.Device == p.Device && a.Self.PID == p.Self.PID && a.Self.Created != event.NoTime && (a.Self.ID.IsZero() || a.Self.Unique) &&
			o.soonAfter(a.Self.Created, p.Time) && o.sayTheSame(&a.Self, &p.Self) && sameParent {
			twins = append(twins, int32(i))
		}
	}
	if len(twins) == 1 {
		o.actors[twins[0]].Complete(&p)
		return
	}
	o.start(p)
}

func (o *slowRoster) soonAfter(created, at event.Time) bool {
	return created-event.Second <= at && at <= created+10*event.Second
}

func (o *slowRoster) sayTheSame(a, b *event.Ref) bool {
	return o.agree(a.Name, b.Name) && compatible(a.ID, b.ID) && (a.Command == b.Command || a.Command == event.NoSym || b.Command == event.NoSym)
}

// witness asks, for every process whose parent is a process id only and found by nothing
// else, what all other events say of that process id.
func (o *slowRoster) witness(ends []event.End) {
	told := map[int]event.Ref{}
	for i := range o.actors {
		child := &o.actors[i]
		if child.Parent != (event.Ref{PID: child.Parent.PID}) || child.Parent.PID == 0 || child.Time == event.NoTime {
			continue
		}
		if _, edge := o.find(child.Device, child.Parent, child.Time, ParentWindow); edge != NoEdge {
			continue
		}
		if who, known := o.holder(child, ends); known {
			told[i] = who
		}
	}
	for i, who := range told {
		o.actors[i].Parent.Complete(&who)
		o.actors[i].witnessed = true
	}
}

// claim is what one event says of a process id: its holder, or that it changed hands.
type claim struct {
	at    event.Time
	who   event.Ref
	turns bool
}

func (o *slowRoster) holder(child *slowActor, ends []event.End) (who event.Ref, known bool) {
	pid, at := child.Parent.PID, child.Time
	var claims []claim
	for i := range o.actors {
		a := &o.actors[i]
		if a.Device != child.Device || a.Time == event.NoTime || a.rebuilt {
			continue
		}
		if a.Parent.PID == pid && a.Parent != (event.Ref{PID: pid}) {
			claims = append(claims, claim{a.Time, a.Parent, false})
		}
		if a.Self.PID == pid {
			claims = append(claims, claim{a.Time, a.Self, true})
		}
	}
	for _, e := range ends {
		if e.Device == child.Device && e.Self.PID == pid && e.Time != event.NoTime {
			claims = append(claims, claim{e.Time, e.Self, true})
		}
	}
	before := o.nearest(claims, func(c claim) bool { return c.at <= at }, at)
	after := o.nearest(claims, func(c claim) bool { return c.at > at }, at)
	b, saidBefore := o.oneVoice(before)
	a, saidAfter := o.oneVoice(after)
	switch {
	case saidBefore && saidAfter:
		return b, o.isOne(&b, &a)
	case saidBefore:
		turned := false
		for _, c := range after {
			// Of several at one moment the first that is enrolled counts.
			turned = c.turns && !o.isOne(&c.who, &b)
			break
		}
		return b, at-before[0].at <= event.Day && !turned
	case saidAfter:
		return a, after[0].at-at <= event.Day && len(before) == 0
	}
	return who, false
}

// nearest lists the claims on one side of a time that are nearest to it.
func (o *slowRoster) nearest(claims []claim, onSide func(claim) bool, at event.Time) (found []claim) {
	far := func(c claim) event.Time { return max(c.at-at, at-c.at) }
	for _, c := range claims {
		switch {
		case !onSide(c):
		case len(found) == 0 || far(c) < far(found[0]):
			found = []claim{c}
		case far(c) == far(found[0]):
			found = append(found, c)
		}
	}
	return found
}

// oneVoice returns the holder that all claims agree on.
func (o *slowRoster) oneVoice(claims []claim) (who event.Ref, ok bool) {
	if len(claims) == 0 {
		return who, false
	}
	who = claims[0].who
	if claims[0].at == event.NoTime {
		return who, false
	}
	for _, c := range claims {
		if c.turns || !o.isOne(&c.who, &who) {
			return who, false
		}
	}
	return who, true
}

func (o *slowRoster) isOne(a, b *event.Ref) bool {
	if a.ID != b.ID {
		return false
	}
	return !a.ID.IsZero() || a.Created == b.Created && a.Command == b.Command && strings.EqualFold(o.symbols.String(a.Name), o.symbols.String(b.Name))
}

func (o *slowRoster) start(p event.Process) {
	if found := o.sameAs(p); len(found) > 0 {
		o.actors[found[0]].Complete(&p)
		return
	}
	o.actors = append(o.actors, slowActor{Process: p})
}

// sameAs lists the actors that are the process of a start event.
func (o *slowRoster) sameAs(p event.Process) []int32 {
	if found := o.byID(p.Device, p.Self); len(found) > 0 || (!p.Self.ID.IsZero() && !p.Self.Unique) {
		return found
	}
	if found := o.byStart(p.Device, p.Self); len(found) > 0 {
		return found
	}
	return o.where(func(a *slowActor) bool {
		return a.Device == p.Device && p.Self.PID != 0 && a.Self.PID == p.Self.PID && p.Time != event.NoTime && a.Time == p.Time &&
			a.Self.Created == event.NoTime && a.Self.ID.IsZero() && strings.EqualFold(o.symbols.String(a.Self.Name), o.symbols.String(p.Self.Name))
	})
}

func (o *slowRoster) rebuild(p event.Process) {
	if p.Self.ID.IsZero() && (p.Self.PID == 0 || p.Self.Created == event.NoTime) {
		return
	}
	switch at, edge := o.find(p.Device, p.Self, event.NoTime, Window{}); {
	case edge == Ambiguous:
	case at == None:
		o.actors = append(o.actors, slowActor{Process: p, rebuilt: true})
	case o.actors[at].rebuilt:
		o.actors[at].Complete(&p)
	default:
		a := &o.actors[at]
		if a.Self.ID.IsZero() && a.Self.Created == event.NoTime {
			a.Self.Created = p.Self.Created
		}
		o.lend(a, p.Parent)
	}
}

func (o *slowRoster) lend(a *slowActor, parent event.Ref) {
	if parent.PID == 0 && parent.ID.IsZero() || a.torn {
		return
	}
	unlike := a.Parent.PID != 0 && parent.PID != 0 && a.Parent.PID != parent.PID || !compatible(a.Parent.ID, parent.ID) ||
		a.Parent.Created != event.NoTime && parent.Created != event.NoTime && a.Parent.Created != parent.Created
	switch {
	case a.lent && unlike:
		a.Parent, a.torn = event.Ref{}, true
	case a.lent || a.Parent.PID == 0 && a.Parent.ID.IsZero() && o.agree(a.Parent.Name, parent.Name):
		a.Parent.Complete(&parent)
		a.lent = true
	}
}

func (o *slowRoster) end(e event.End) {
	if e.Time == event.NoTime {
		return
	}
	if !e.Self.ID.IsZero() || e.Self.Created != event.NoTime {
		if at, _ := o.find(e.Device, e.Self, event.NoTime, Window{}); at != None {
			earliest(&o.actors[at].endedByID, e.Time)
		}
		return
	}
	latest := None
	for i := range o.actors {
		if a := &o.actors[i]; o.had(a, e.Device, e.Self.PID) && a.Time <= e.Time && (latest == None || a.Time >= o.actors[latest].Time) {
			latest = int32(i)
		}
	}
	if latest != None && o.agree(o.actors[latest].Self.Name, e.Self.Name) {
		earliest(&o.actors[latest].ended, e.Time)
	}
}

func earliest(t *event.Time, other event.Time) {
	if *t == event.NoTime || other < *t {
		*t = other
	}
}

func TestRosterAgainstTheSlowOne(t *testing.T) {
	windows := []Window{{}, {Before: event.Second, After: event.Second}, {Before: 2 * event.Second, After: 5 * event.Second, Open: 6 * event.Second}}
	edges, witnessed, lent := map[Edge]int{}, 0, 0
	fast := new(Roster) // nothing of a store is left for the next
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 3))
		store := randomStore(r, 1+r.IntN(9))
		store.Settle()
		fast.Of(store)
		slow := newSlowRoster(store)
		compareActors(t, seed, fast, slow)
		for i := range fast.Actors {
			if a := &fast.Actors[i]; a.Witnessed {
				witnessed++
			} else if a.lent {
				lent++
			}
		}
		w := &world{r, store}
		for range 60 {
			ref, device, at, window := w.ref(), w.Symbols.Fold(w.one("alpha", "beta")), w.time(), windows[r.IntN(len(windows))]
			got, edge := fast.Find(device, &ref, at, window)
			want, wantEdge := slow.find(device, ref, at, window)
			if got != want || edge != wantEdge {
				t.Fatalf("seed %d: Find(%+v, %d, %v) = %d by %d, want %d by %d\n%s", seed, ref, at, window, got, edge, want, wantEdge, tellRoster(fast))
			}
			edges[edge]++
		}
	}
	if witnessed < 100 || lent < 100 {
		t.Errorf("%d parents were told by witnesses and %d by connections only", witnessed, lent)
	}
	for _, edge := range []Edge{NoEdge, ByGUID, ByUID, ByPIDTime, ByPIDInterval, ByParentFields, Ambiguous} {
		if edges[edge] < 100 {
			t.Errorf("edge %d was tried %d times only", edge, edges[edge])
		}
	}
}

func compareActors(t *testing.T, seed uint64, fast *Roster, slow *slowRoster) {
	t.Helper()
	if len(fast.Actors) != len(slow.actors) {
		t.Fatalf("seed %d: %d actors, want %d\n%s", seed, len(fast.Actors), len(slow.actors), tellRoster(fast))
	}
	for i := range fast.Actors {
		a, b := &fast.Actors[i], &slow.actors[i]
		if a.Process != b.Process || a.Ended != b.ended || a.Rebuilt != b.rebuilt || a.Witnessed != b.witnessed {
			t.Fatalf("seed %d: actor %d is %+v, want %+v", seed, i, a, b)
		}
	}
}
