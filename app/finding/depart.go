package finding

import (
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
	"github.com/schtaskhunt/schtaskhunt/app/score"
)

// leastBits is how little expected a fact has to be, on a device that has its task, to
// set runs apart: one device in eight has something as odd.
const leastBits = 3

// departures are the facts by which runs of a task depart from its others.
func departures(task *rarity.Task, o Options) map[rarity.Fact]Departure {
	departs := make(map[rarity.Fact]Departure)
	odd, fresh := tally(task, o)
	for fact, seen := range task.Facts {
		if o.isAnyone(fact) {
			continue
		}
		d := Departure{Fact: fact, Seen: seen}
		if !seen.Common() {
			d.Within = min(max(odd[fact.Kind].upTo(seen.Devices()), seen.Devices()), task.Devices())
			d.Bits = score.Rare(d.Within-1, task.Devices()-1)
		}
		if o.IsNew(seen.First, watchedSince(task, seen)) {
			// What is new every day is not new.
			if b := score.Rare(fresh[fact.Kind]-1, task.DeviceDaysKnown()-1); b >= leastBits {
				d.New = true
				if b = min(b, score.Rare(0, task.Devices()-1)); b > d.Bits {
					d.Bits, d.Fresh = b, fresh[fact.Kind]
				}
			}
		}
		if d.Bits >= leastBits || d.New {
			departs[fact] = d
		}
	}
	return departs
}

// watchedSince is since when a task was seen on the devices that have the fact: the
// earliest.
func watchedSince(task *rarity.Task, seen *rarity.Seen) (first event.Time) {
	if task.Common() || seen.Common() {
		return task.First
	}
	for i := range seen.On {
		if on := task.At(seen.On[i].Device); on != nil && on.First != event.NoTime && (first == event.NoTime || on.First < first) {
			first = on.First
		}
	}
	return first
}

// counts are how many pairs of a fact and a device there are, by how many devices the fact
// is on.
type counts [rarity.MostKnown + 1]int

// upTo is how many pairs there are of facts on at most n devices.
func (c *counts) upTo(n int) (sum int) {
	for i := 0; i <= n && i < len(c); i++ {
		sum += c[i]
	}
	return sum
}

// tally counts what is odd in a task: where every device has something of its own, one
// more is no surprise.
func tally(task *rarity.Task, o Options) (odd [rarity.Kinds]counts, fresh [rarity.Kinds]int) {
	for fact, seen := range task.Facts {
		if o.isAnyone(fact) {
			continue
		}
		if !seen.Common() {
			odd[fact.Kind][seen.Devices()] += seen.Devices()
		}
		if seen.First > task.First+event.Day {
			fresh[fact.Kind]++
		}
	}
	return odd, fresh
}
