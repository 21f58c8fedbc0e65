package hunt

import (
	"bytes"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/hold"
	"github.com/schtaskhunt/schtaskhunt/app/hold/sieve"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
	"github.com/schtaskhunt/schtaskhunt/app/tree"
	"github.com/schtaskhunt/schtaskhunt/app/tree/kin"
)

// kinWitness tells a lane's witness what its events say of service hosts. It is nil where
// trees of the scheduler are not asked for.
type kinWitness struct {
	*kin.Witness
	hasher  sieve.Hasher
	words   words
	devices map[string]uint64 // by folded name
	mappers []string          // by their numbers in events, from 1 on
}

// mostKinDevices is how many names of devices are remembered by their hashes.
const mostKinDevices = 1 << 14

// kinWitness returns a new one.
func (h *Hunt) kinWitness() *kinWitness {
	if !tree.Scheduled(h.start) {
		return nil
	}
	w := &kinWitness{
		Witness: kin.NewWitness(), hasher: h.set.Hasher(), words: newWords(tree.Schedule{}),
		devices: make(map[string]uint64), mappers: h.plugins.Schemas().Mappers(),
	}
	h.witnesses = append(h.witnesses, w.Witness)
	return w
}

// said is what the words of a process start and of its parent say, where either is a service
// host.
func (w *kinWitness) said(k *event.Keys) (s said) {
	if isHost(k.Name) {
		s.self = w.words.verdict(k.Name, k.Command)
	}
	if isHost(k.ParentName) {
		s.parent = w.words.verdict(k.ParentName, k.ParentCommand)
	}
	return s
}

// classOf is what a process's name and command line say of it: they are those of the
// scheduler, or not.
func classOf(name, command []byte, scheduler tree.Answer) kin.Class {
	switch {
	case len(name) == 0:
		return kin.Unknown
	case !isHost(name):
		return kin.Other
	case scheduler == tree.Yes:
		return kin.Scheduler
	case scheduler == tree.No:
		return kin.Service
	case len(command) == 0:
		return kin.Open
	}
	return kin.Unknown // a host of several services
}

// isHost reports whether a name is that of a service host, or of the task engine of old.
func isHost(name []byte) bool {
	switch len(name) {
	case len("svchost"), len("svchost.exe"):
		return bytes.EqualFold(name[:len("svchost")], []byte("svchost")) || bytes.EqualFold(name, []byte("taskeng.exe")) || bytes.EqualFold(name, []byte("taskeng"))
	}
	return false
}

// look notes what the keys of a process start say, whose ids are of the given symbols.
func (w *kinWitness) look(y *event.Symbols, device uint64, k *event.Keys, words said) {
	if isHost(k.Name) {
		w.Host(hostHash(w.hasher, y, device, k.ID), classOf(k.Name, k.Command, words.self))
	}
	if class := classOf(k.ParentName, k.ParentCommand, words.parent); class != kin.Unknown {
		w.Child(&kin.Child{Device: device, Host: w.hostID(y, device, k.ParentID, class), PID: k.ParentPID, Class: class, What: kin.Hash(k.Command)})
	}
}

func (w *kinWitness) hostID(y *event.Symbols, device uint64, id event.ID, class kin.Class) uint64 {
	if class == kin.Other {
		return 0
	}
	return hostHash(w.hasher, y, device, id)
}

// hostHash is the hash of a host's id, the same in all symbols: an id that is a text is only
// a number of theirs.
func hostHash(hasher sieve.Hasher, y *event.Symbols, device uint64, id event.ID) uint64 {
	if text, is := id.Text(); is {
		id.Lo = kin.Hash(y.Bytes(text))
	}
	return hasher.ID(device, id)
}

// device returns the hash of a device by its folded name.
func (w *kinWitness) device(folded []byte) uint64 {
	hash, known := w.devices[string(folded)]
	if !known {
		hash = w.hasher.Device(folded)
		if len(w.devices) < mostKinDevices {
			w.devices[string(folded)] = hash
		}
	}
	return hash
}

// deviceOf returns the hash of an event's device: what mappers tell bears witness in a name
// space of its own.
func (w *kinWitness) deviceOf(y *event.Symbols, s *event.Source) uint64 {
	if s.Mapper != 0 {
		return w.device(identity.SpaceOf(y.Bytes(s.Device), w.mappers[s.Mapper-1]))
	}
	return w.device(y.Bytes(s.Device))
}

// kinSink is a writer that lets a witness see what it is given.
type kinSink struct {
	*hold.Writer
	witness *kinWitness
}

// sinkOf returns the writer, with the witness before it if there is one.
func sinkOf(writer *hold.Writer, witness *kinWitness) event.Sink {
	if witness == nil {
		return writer
	}
	return kinSink{writer, witness}
}

// AddProcess implements event.Sink.
func (s kinSink) AddProcess(p *event.Process) {
	y := s.Interner()
	name := func(r *event.Ref) []byte { return y.Bytes(r.Name) }
	k := event.Keys{
		Kind: event.ProcessStart, ID: p.Self.ID, Name: name(&p.Self), Command: y.Bytes(p.Self.Command),
		ParentID: p.Parent.ID, ParentPID: p.Parent.PID, ParentName: name(&p.Parent), ParentCommand: y.Bytes(p.Parent.Command),
	}
	var device uint64
	if isHost(k.Name) || isHost(k.ParentName) { // of what other programs start, only the command counts
		device = s.witness.deviceOf(y, &p.Source)
	}
	s.witness.look(y, device, &k, s.witness.said(&k))
	s.Writer.AddProcess(p)
}

// AddTask implements event.Sink.
func (s kinSink) AddTask(t *event.Task) {
	if t.Writer != 0 && !t.Audit {
		s.witness.Writer(s.witness.device(s.Interner().Bytes(t.Device)), t.Writer)
	}
	s.Writer.AddTask(t)
}

// judgeKin puts together what all lanes saw.
func (h *Hunt) judgeKin() {
	h.kin, h.witnesses = kin.Judge(h.witnesses), nil
}

// isKin says of a host on one device whether it is the scheduler's by kin.
func (g *part) isKin(device event.Sym, id event.ID) bool {
	hasher, y := g.set.Hasher(), g.roster.Symbols()
	has := func(device []byte) bool { return g.kin.Has(hostHash(hasher, y, hasher.Device(device), id)) }
	return has(y.Bytes(device)) || slices.ContainsFunc(g.sharing(), func(mapper string) bool { return has(identity.SpaceOf(y.Bytes(device), mapper)) })
}

// sayKin tells of service hosts of which no command line is known.
func sayKin(m *account.Messages, k *kin.Kin) {
	if k == nil {
		return
	}
	r := k.Report
	if r.Kin > 0 {
		m.Say(account.Info, "%s taken for the Task Scheduler's by kin: without a command line, and running at least %d things that on other devices only the scheduler starts",
			account.Plural(r.Kin, "service host"), kin.Fewest)
	}
	if r.Open > 0 {
		m.Say(account.Info, "%s without a command line, and nothing tells whether the Task Scheduler's: collect Microsoft-Windows-TaskScheduler/Operational there, or the starts of services",
			account.Plural(r.Open, "service host"))
	}
	if r.Lost > 0 {
		m.Say(account.Warn, "%s of service hosts not looked at, as there are too many: roots known by kin may be missing; hunt fewer devices at a time, with shard=",
			account.Plural(r.Lost, "sign"))
	}
}
