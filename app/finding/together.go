package finding

import "github.com/schtaskhunt/schtaskhunt/app/rarity"

// odd is, by kind and device, on how few devices of a task the rarest is that the device
// has of the kind. What is on too many devices to be remembered is not odd.
type odd [rarity.Kinds]map[rarity.Device]int

func oddOf(task *rarity.Task, options Options) (o odd) {
	for fact, seen := range task.Facts {
		if options.isAnyone(fact) {
			continue
		}
		if o[fact.Kind] == nil {
			o[fact.Kind] = make(map[rarity.Device]int)
		}
		for i := range seen.On {
			d := seen.On[i].Device
			if least, some := o[fact.Kind][d]; !some || seen.Devices() < least {
				o[fact.Kind][d] = seen.Devices()
			}
		}
	}
	return o
}

// together counts the devices that have, of every kind by which runs depart, something at
// least as rare. A new digest where a new destination is says more than either: a program
// that was exchanged calls elsewhere, an update calls where the old one did.
func (o *odd) together(departs []Departure) (devices int) {
	var least [rarity.Kinds]int // devices of the rarest departure of the kind
	kinds := 0
	for _, d := range departs {
		if d.Common() || d.Kind == rarity.Trait {
			continue
		}
		if least[d.Kind] == 0 {
			kinds++
		}
		if n := d.Devices(); least[d.Kind] == 0 || n < least[d.Kind] {
			least[d.Kind] = n
		}
	}
	if kinds < 2 {
		return 0
	}
	return o.upTo(least)
}

// upTo counts the devices that have something on at most so many devices of each kind for
// which there is a number.
func (o *odd) upTo(least [rarity.Kinds]int) (devices int) {
	var some map[rarity.Device]int
	for kind, n := range least {
		if n > 0 {
			some = o[kind]
		}
	}
next:
	for d := range some {
		for kind, n := range least {
			if has, any := o[kind][d]; n > 0 && (!any || has > n) {
				continue next
			}
		}
		devices++
	}
	return devices
}
