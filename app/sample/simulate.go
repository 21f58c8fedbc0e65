package sample

// simulation is the life of one device from its last start before the window to
// the window's end.
type simulation struct {
	cfg      Config
	d        dice
	dev      *Device
	plants   []*plant // the planted tasks that this device has
	from, to Time

	// The rest is of the present session, from one start of Windows to the next.
	boot     int
	down     Time // when the session ends
	pids     pidPool
	queue    startQueue
	asked    int
	services map[string]*Process

	processes []*Process
	events    []Event
}

// warmUp is how long before the window ordinary activity begins, so that some
// processes are older than the first event.
const warmUp = 2 * hour

// simulate makes the history of the device of the given number.
func simulate(cfg Config, index int, plants []*plant) *History {
	d := newDice(cfg.Seed, uint64(index)+1)
	s := &simulation{cfg: cfg, d: d, dev: newDevice(index, d), plants: plants}
	s.from, s.to = cfg.window()
	start := s.from - d.between(day, 6*day)
	for _, stop := range append(s.restarts(), untilShutdown) {
		s.session(start, stop)
		start = stop + d.between(40*second, 4*minute)
	}
	h := &History{Device: s.dev, Processes: s.processes, Events: s.log()}
	if cfg.Format == FormatFalcon {
		h.addRunning(s.from)
	}
	return h
}

// restarts returns when the machine went down within the window: one in five
// machines did so once, in the middle of it.
func (s *simulation) restarts() []Time {
	if s.to-s.from < day || !s.d.chance(0.2) {
		return nil
	}
	quarter := (s.to - s.from) / 4
	return []Time{s.from + s.d.between(quarter, 2*quarter)}
}

// session runs the machine from one start of Windows to when it goes down.
func (s *simulation) session(start, down Time) {
	s.boot++
	s.down = down
	s.pids = pidPool{}
	s.services = make(map[string]*Process, len(services))
	firstEvent := len(s.events)
	s.startWindows(start)
	for len(s.queue) > 0 {
		s.spawn(s.next())
	}
	s.setResolver(s.events[firstEvent:])
}

// setResolver names the DNS client service in the session's lookups, some of
// which were decided on before it ran.
func (s *simulation) setResolver(events []Event) {
	for i := range events {
		if events[i].Kind == Lookup {
			events[i].Resolver = s.services["dnscache"]
		}
	}
}

// spawn starts a process, unless the window or its parent has ended before.
func (s *simulation) spawn(p pending) {
	if p.at >= min(s.to, s.down) || p.parent != nil && p.at >= p.parent.End {
		return
	}
	proc := s.newProcess(p)
	s.processes = append(s.processes, proc)
	s.logProcess(proc)
	s.talk(proc, p.what.wants, p.plant)
	for _, child := range p.what.children {
		s.ask(pending{at: p.at + child.after, parent: proc, what: child, plant: p.plant})
	}
	if p.key != "" {
		s.services[p.key] = proc
		s.serviceStarted(p.key, proc)
	}
}

func (s *simulation) newProcess(p pending) *Process {
	end := min(p.at+p.what.life, s.down)
	proc := &Process{
		Device: s.dev, Parent: p.parent, Serial: len(s.processes) + 1,
		PID: s.pid(p, end), Start: p.at, End: end,
		Image: p.what.image, Original: p.what.original, Command: p.what.command,
		User: s.account(p.what.account, p.parent),
		Boot: s.boot, scheduler: p.key == "schedule",
	}
	if proc.Original == "" {
		proc.Original = proc.Name()
	}
	if p.plant != nil {
		proc.Plant = p.plant.name
	}
	proc.joinTree()
	return proc
}

const kernelPID = 4

func (s *simulation) pid(p pending, end Time) uint32 {
	if p.parent == nil {
		return kernelPID
	}
	return s.pids.take(s.d, p.at, end)
}

// joinTree makes the process a member of its parent's tree, or the top of one
// where the scheduler started it.
func (p *Process) joinTree() {
	switch {
	case p.Parent == nil:
	case p.Parent.scheduler:
		p.Depth, p.Root = 1, p
	case p.Parent.Depth > 0:
		p.Depth, p.Root = p.Parent.Depth+1, p.Parent.Root
	}
}

func (s *simulation) account(kind accountKind, parent *Process) Account {
	switch kind {
	case asLocalService:
		return localService
	case asNetworkService:
		return networkService
	case asUser:
		return s.dev.user()
	case inherit:
		if parent != nil {
			return parent.User
		}
	}
	return systemAccount
}
