package identity

import (
	"cmp"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

type idKey struct {
	device event.Sym
	id     event.ID
}

type twinKey struct {
	idKey
	pid uint32
}

type startKey struct {
	device  event.Sym
	pid     uint32
	created event.Time
}

// timeKey tells starts apart of which nothing but a process id is known. The name, in
// lower case, is part of it: a process id is reused, and records may share a time.
type timeKey struct {
	device event.Sym
	pid    uint32
	time   event.Time
	name   event.Sym
}

type pidKey struct {
	device event.Sym
	pid    uint32
}

// index makes an actor known by everything that it can be found by. What is there
// already stays.
func (r *Roster) index(at int32) {
	a := &r.Actors[at]
	self := &a.Self
	if !self.ID.IsZero() {
		r.indexID(at)
	}
	if self.PID == 0 {
		return
	}
	// A Sysmon process is found by its GUID; its UtcTime is in no other event.
	switch {
	case self.Created != event.NoTime && (self.ID.IsZero() || self.Unique):
		r.indexStart(startKey{a.Device, self.PID, self.Created}, at)
	case self.ID.IsZero() && a.Time != event.NoTime:
		setFirst(r.byTime, r.timeKey(&a.Process), at)
		if r.undated == nil {
			r.undated = make(map[pidKey][]int32)
		}
		key := pidKey{a.Device, self.PID}
		if some := r.undated[key]; !slices.Contains(some, at) {
			r.undated[key] = append(some, at)
		}
	}
}

func (r *Roster) timeKey(p *event.Process) timeKey {
	return timeKey{p.Device, p.Self.PID, p.Time, r.symbols.Fold(p.Self.Name)}
}

func (r *Roster) indexStart(key startKey, at int32) {
	at = setFirst(r.byStart, key, at)
	r.anyCut = r.anyCut || isCut(key.created)
	if r.byCut != nil {
		r.indexCut(key, at)
	}
}

// indexID notes the actor under its id. Once several processes have the id, each is
// found by its process id as well, however many they are.
func (r *Roster) indexID(at int32) {
	key := idKey{r.Actors[at].Device, r.Actors[at].Self.ID}
	first := r.byID.setFirst(key, at)
	if first == at {
		return
	}
	for _, twin := range [...]int32{first, at} {
		r.Actors[twin].twin = true
		setFirst(r.byTwin, twinKey{key, r.Actors[twin].Self.PID}, twin)
	}
}

// setFirst sets a key that is not there yet and returns what stands there.
func setFirst[K comparable](m map[K]int32, key K, at int32) int32 {
	if there, known := m[key]; known {
		return there
	}
	m[key] = at
	return at
}

// fewAsk is how often the processes that had a process id are looked for among all, before
// an index is made of them: where events bear ids, a device has one or two that are asked
// for otherwise.
const fewAsk = 8

// startsOf returns the processes that had a process id, by start time. All must be enrolled.
func (r *Roster) startsOf(key pidKey) (starts []int32) {
	switch {
	case r.byPID != nil:
		return r.byPID[key]
	case r.asked >= fewAsk:
		r.indexStarts()
		return r.byPID[key]
	}
	r.asked++
	for i := range r.Actors {
		if a := &r.Actors[i]; a.Self.PID == key.pid && a.Device == key.device && a.starts() {
			starts = append(starts, int32(i))
		}
	}
	r.sortStarts(starts)
	return starts
}

// starts reports whether it is known when a process got its process id, if it has one.
func (a *Actor) starts() bool { return a.Self.PID != 0 && a.Time != event.NoTime && !a.Rebuilt }

func (r *Roster) indexStarts() {
	r.byPID = make(map[pidKey][]int32)
	for i := range r.Actors {
		if a := &r.Actors[i]; a.starts() {
			key := pidKey{a.Device, a.Self.PID}
			r.byPID[key] = append(r.byPID[key], int32(i))
		}
	}
	for _, starts := range r.byPID {
		r.sortStarts(starts)
	}
}

func (r *Roster) sortStarts(starts []int32) {
	slices.SortFunc(starts, func(a, b int32) int {
		return cmp.Or(cmp.Compare(r.Actors[a].Time, r.Actors[b].Time), cmp.Compare(a, b))
	})
}
