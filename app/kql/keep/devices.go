package keep

// Devices are the devices that a lane has read of, by their names. The zero value has
// none.
type Devices struct {
	lately [recentDevices]TextRef // most events are of a device that came lately
	all    map[TextRef]struct{}
}

const recentDevices = 1 << 8

// Add adds a device, by its name as [Texts.Intern] keeps it. One without a name is none.
func (d *Devices) Add(ref TextRef) {
	lately := &d.lately[ref%recentDevices]
	if *lately == ref {
		return
	}
	*lately = ref
	if d.all == nil {
		d.all = make(map[TextRef]struct{})
	}
	d.all[ref] = struct{}{}
}

// CountDevices returns how many devices the lanes have read of. Each has its own refs of
// the same names.
func CountDevices(texts TextList, lanes []*Rows) int {
	names := make(map[string]struct{})
	for _, l := range lanes {
		for ref := range l.Devices.all {
			names[string(texts.Bytes(ref))] = struct{}{}
		}
	}
	return len(names)
}
