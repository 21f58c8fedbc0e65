package identity

import (
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Apart is what became of what a mapper tells of one device.
type Apart struct {
	Mapper  uint8     // as event.Source has it
	Device  event.Sym // what its events there have for their device now, NoSym where they have what all have
	Against int       // how many of its events contradict what others tell of the same process
	Doubles int       // connections and ends that others tell of as well, left out
}

// SpaceOf returns the name space of a mapper's events on a device: a name that no device has.
func SpaceOf(device []byte, mapper string) []byte {
	return append(append(slices.Clone(device), 0), mapper...)
}

// SetApart keeps what mappers tell of the one device of a settled store away from what others
// tell of it. A mapper shares the processes of others where both tell of the same process and
// nothing that the mapper tells of the device contradicts the others. Otherwise its events go
// to a name space of their own, as those of another device that is shown by the same name:
// none of its processes is taken for one of theirs, whatever its ids.
//
// Mappers are asked in turn: others are the program's own readers and the mappers before that
// share with them. names are those of the mappers, in the order of event.Source.
func SetApart(s *event.Store, names []string) (all []Apart) {
	mappers := mappersOf(s)
	if len(mappers) == 0 {
		return nil
	}
	told := newTold(s.Symbols)
	told.add(s, 0)
	for _, mapper := range mappers {
		one := Apart{Mapper: mapper}
		if told.some {
			shared := told.compare(s, &one)
			if !shared {
				one.Device = moveApart(s, mapper, names[mapper-1])
				all = append(all, one)
				continue
			}
			one.Doubles = told.dropDoubles(s, mapper)
			all = append(all, one)
		}
		told.add(s, mapper)
	}
	return all
}

// mappersOf returns the mappers that read any of the events, in order.
func mappersOf(s *event.Store) (mappers []uint8) {
	var seen [256]bool
	each(s, func(source *event.Source) { seen[source.Mapper] = true })
	for mapper, is := range seen {
		if is && mapper != 0 {
			mappers = append(mappers, uint8(mapper))
		}
	}
	return mappers
}

func each(s *event.Store, see func(*event.Source)) {
	for i := range s.Processes {
		see(&s.Processes[i].Source)
	}
	for i := range s.Ends {
		see(&s.Ends[i].Source)
	}
	for i := range s.Connections {
		see(&s.Connections[i].Source)
	}
}

// moveApart puts a mapper's events into a name space of their own, which it returns.
func moveApart(s *event.Store, mapper uint8, name string) (space event.Sym) {
	each(s, func(source *event.Source) {
		if source.Mapper != mapper {
			return
		}
		if space == event.NoSym {
			space = s.Symbols.Intern(SpaceOf(s.Symbols.Bytes(source.Device), name))
		}
		if source.DeviceName == event.NoSym {
			source.DeviceName = source.Device
		}
		source.Device = space
	})
	return space
}
