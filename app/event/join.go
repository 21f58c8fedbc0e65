package event

import (
	"bytes"
	"slices"
)

// Names are the names of one short name, and what became of them.
type Names struct {
	All []string // as the events spell them, sorted
	// One says that all are of one device; else nothing tells whose the short name is.
	One bool
	// Proven says that there are several full names, and that the id of a process is under
	// two names. Otherwise the short name is of one full name only.
	Proven bool
}

// naming finds out which names of devices are of one device.
type naming struct {
	*Store
	among   *bool       // only events that mappers read, or only others; nil for all
	names   [][]Sym     // by short name: the devices, sorted by name
	of      map[Sym]Sym // by device: another of the same, itself at last
	spelled map[Sym]Sym // by device: its name as spelled, the one that sorts first
	proven  map[Sym]bool
}

// JoinNames makes one device of those that are one machine under its short and its full
// name. A short name is that of the one full name which begins with it; where there are
// several (two domains may have a machine of the same name), only the id of a process that
// is under both joins two names. It returns what was joined, and what could not be told.
// All names of a machine must be in the store; call it before Settle or EachDevice.
//
// What mappers read has no say in the names of other events. Its own names are joined among
// each other, and a machine that others know by one name only is theirs.
func (s *Store) JoinNames() (told []Names) {
	if !s.mapped {
		return s.joinNames(nil)
	}
	for _, mapped := range [...]bool{false, true} {
		told = append(told, s.joinNames(&mapped)...)
	}
	s.adoptNames()
	return told
}

// joinNames joins the names that some events have.
func (s *Store) joinNames(among *bool) (told []Names) {
	n := naming{Store: s, among: among}
	if n.gather(); len(n.names) == 0 {
		return nil
	}
	n.prove()
	for _, devices := range n.names {
		if names, say := n.judge(devices); say {
			told = append(told, names)
		}
	}
	n.rename()
	return told
}

// each calls see for the source of every event that the names are of, with the process it is
// about.
func (n *naming) each(see func(*Source, *Ref)) {
	if n.among == nil {
		n.Store.each(see)
		return
	}
	n.Store.each(func(s *Source, ref *Ref) {
		if (s.Mapper != 0) == *n.among {
			see(s, ref)
		}
	})
}

// each calls see for the source of every event, with the process it is about.
func (s *Store) each(see func(*Source, *Ref)) {
	for i := range s.Processes {
		see(&s.Processes[i].Source, &s.Processes[i].Self)
	}
	for i := range s.Connections {
		see(&s.Connections[i].Source, &s.Connections[i].Self)
	}
	for i := range s.Ends {
		see(&s.Ends[i].Source, &s.Ends[i].Self)
	}
	var none Ref
	for i := range s.Tasks {
		see(&s.Tasks[i].Source, &none)
	}
	for i := range s.Installations {
		see(&s.Installations[i].Source, &none)
	}
	for i := range s.Logons {
		see(&s.Logons[i].Source, &none)
	}
	for i := range s.Injections {
		see(&s.Injections[i].Source, &none)
	}
}

// gather lists the devices that share a short name.
func (n *naming) gather() {
	seen := make([]bool, n.Symbols.Len())
	byShort := make(map[string][]Sym)
	last := NoSym
	n.each(func(s *Source, _ *Ref) {
		if s.Device == last || seen[s.Device] {
			return
		}
		last, seen[s.Device] = s.Device, true
		short := string(ShortName(n.Symbols.Bytes(s.Device)))
		byShort[short] = append(byShort[short], s.Device)
	})
	for _, devices := range byShort {
		if len(devices) > 1 {
			slices.SortFunc(devices, n.Symbols.Compare)
			n.names = append(n.names, devices)
		}
	}
	slices.SortFunc(n.names, func(a, b []Sym) int { return n.Symbols.Compare(a[0], b[0]) })
}

// prove joins the devices that share a process: its id, and its process id.
func (n *naming) prove() {
	n.of, n.spelled, n.proven = make(map[Sym]Sym), make(map[Sym]Sym), make(map[Sym]bool)
	for _, devices := range n.names {
		for _, d := range devices {
			n.of[d] = d
		}
	}
	type process struct {
		short string
		id    ID
		pid   uint32
	}
	holder := make(map[process]Sym)
	n.each(func(s *Source, ref *Ref) {
		if _, asked := n.of[s.Device]; !asked {
			return
		}
		if is, known := n.spelled[s.Device]; !known || n.Symbols.Compare(s.DeviceName, is) < 0 {
			n.spelled[s.Device] = s.DeviceName
		}
		if _, isText := ref.ID.Text(); ref.ID.IsZero() || isText || ref.Unique || ref.PID == 0 {
			return
		}
		p := process{string(ShortName(n.Symbols.Bytes(s.Device))), ref.ID, ref.PID}
		if other, known := holder[p]; known && n.root(other) != n.root(s.Device) {
			n.unite(other, s.Device)
			n.proven[n.root(other)] = true
		} else if !known {
			holder[p] = s.Device
		}
	})
}

func (n *naming) root(d Sym) Sym {
	for n.of[d] != d {
		d = n.of[d]
	}
	return d
}

// unite makes one device of two, under the longer of the names, and of two the one that
// sorts first: which events came first has no part in it.
func (n *naming) unite(a, b Sym) {
	a, b = n.root(a), n.root(b)
	if n.isShort(a) || !n.isShort(b) && n.Symbols.Compare(b, a) < 0 {
		a, b = b, a
	}
	n.of[b] = a
	n.proven[a] = n.proven[a] || n.proven[b]
}

func (s *Store) isShort(d Sym) bool { return bytes.IndexByte(s.Symbols.Bytes(d), '.') < 0 }

// judge decides on the short name, and says what there is to say of all names.
func (n *naming) judge(devices []Sym) (names Names, say bool) {
	short, full, fullNames := NoSym, make(map[Sym]bool), 0
	for _, d := range devices {
		names.All = append(names.All, n.Symbols.String(n.spelled[d]))
		if !n.isShort(d) {
			fullNames++
		}
		if root := n.root(d); n.isShort(root) {
			short = root
		} else {
			full[root] = true
		}
	}
	if short != NoSym && len(full) == 1 {
		for root := range full {
			n.unite(root, short)
		}
		short = NoSym
	}
	slices.Sort(names.All)
	names.One = short == NoSym && len(full) == 1
	names.Proven = fullNames > 1 && slices.ContainsFunc(devices, func(d Sym) bool { return n.proven[n.root(d)] })
	return names, names.One || short != NoSym || names.Proven
}

// rename gives all events of a device one name.
func (n *naming) rename() {
	n.each(func(s *Source, _ *Ref) {
		if _, asked := n.of[s.Device]; !asked {
			return
		}
		if root := n.root(s.Device); root != s.Device {
			s.Device, s.DeviceName = root, n.spelled[root]
		}
	})
}
