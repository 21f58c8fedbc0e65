package identity

import "github.com/schtaskhunt/schtaskhunt/app/event"

// several stands in an index for more than one process.
const several int32 = -2

// millisecond is the precision to which some transports cut Defender's creation
// times, of which the sensor has every tick.
const millisecond = event.Second / 1000

func cut(t event.Time) event.Time { return t - t%millisecond }
func isCut(t event.Time) bool     { return t%millisecond == 0 }
func cutKey(k startKey) startKey  { return startKey{k.device, k.pid, cut(k.created)} }

// findCut returns the one process with that process id and, to the millisecond, that
// creation time, where one of the two times is cut and the other is not. Two times
// with all their ticks that differ are of two processes.
func (r *Roster) findCut(device event.Sym, ref *event.Ref) int32 {
	if !isCut(ref.Created) && !r.anyCut {
		return None
	}
	if r.byCut == nil {
		r.indexCuts()
	}
	found, known := r.byCut[startKey{device, ref.PID, cut(ref.Created)}]
	switch {
	case !known:
		return None
	case found == several:
		return several
	case isCut(ref.Created) == isCut(r.Actors[found].Self.Created):
		return None
	}
	return found
}

// indexCuts makes the index of findCut. Most sources never need it.
func (r *Roster) indexCuts() {
	r.byCut = make(map[startKey]int32, len(r.byStart))
	for key, at := range r.byStart {
		r.indexCut(key, at)
	}
}

func (r *Roster) indexCut(key startKey, at int32) {
	key = cutKey(key)
	if there, known := r.byCut[key]; known && there != at {
		at = several
	}
	r.byCut[key] = at
}
