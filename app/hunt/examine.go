package hunt

import (
	"cmp"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/hold"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
	"github.com/schtaskhunt/schtaskhunt/app/netjoin"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
)

// mostWorkers bounds how many partitions are examined at a time, and how many lanes
// read: a search head has others to serve.
const mostWorkers = 4

// Workers returns how many goroutines a hunt may keep busy on this machine.
func Workers() int { return min(runtime.GOMAXPROCS(0), mostWorkers) }

// each calls do with every number below n, as many at a time as there are workers.
func each(n int, do func(i int)) {
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(n, Workers()) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	workers.Wait()
}

// examineAll examines the partitions, as many at a time as there are workers.
func (h *Hunt) examineAll(spans spans) (*findings, error) {
	found := newFindings(h)
	errs := make([]error, Workers())
	var next atomic.Int32
	var workers sync.WaitGroup
	for i := range errs {
		workers.Go(func() { errs[i] = h.examineSome(&next, spans, found) })
	}
	workers.Wait()
	return found, cmp.Or(errs...) // what stops one worker stops the others too, and is told once
}

// examineSome takes one partition after the other, as long as there are any.
func (h *Hunt) examineSome(next *atomic.Int32, spans spans, found *findings) (err error) {
	reader := h.set.Reader()
	second, err := h.newSecondLook(reader.Sink())
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, second.close())
		found.addLedger(second.ledger)
	}()
	roster, visitor, texts := new(identity.Roster), new(rarity.Visitor), new(texts)
	for {
		i := int(next.Add(1)) - 1
		if i >= hold.Count {
			return nil
		}
		read, err := reader.Read(i)
		if err != nil {
			return err
		}
		if err := second.at(read); err != nil {
			return err
		}
		found.addNames(read.Store.JoinNames())
		found.addDuplicates(read.Store.EachDevice(func(one *event.Store) {
			h.examine(part{Hunt: h, store: one, roster: roster, visitor: visitor, texts: texts, logs: &second.logs, briefs: &second.tasks}, spans, found)
		}))
	}
}

// examine finds the trees of one device and what is known of them: everything but how
// common they are elsewhere. The roster and the visitor are those of a device before, for their
// memory: nothing of them or of the store is kept. What texts say is.
func (h *Hunt) examine(p part, spans spans, found *findings) {
	store := p.store
	p.setApart()
	p.useAudit()
	p.logged = p.logs.device(store, p.isApart)
	if p.forest == nil { // useAudit may have grown them
		p.roster.Of(store)
		p.build()
	}
	p.findCauses()
	p.findOrigins()
	p.ties = netjoin.Tie(store, p.roster)
	trees := rarity.Trees{
		Roster: p.roster, Parent: p.forest.Parent, Root: p.forest.Root, Order: p.forest.Order, Kind: p.forest.Kind,
		Connections: store.Connections, Owner: p.ties.Owner,
	}
	p.counts = found.census.Add(trees, spans.recent, spans.lookback)
	p.ledger.Devices = min(1, p.roster.Devices()) // a mapper's name space is none
	p.noteClock(spans)
	p.ledger.Orphans, p.ledger.Ambiguous = p.ties.Orphans, p.ties.Ambiguous+p.forest.Report.Ambiguous
	p.own()
	found.take(&p, trees, spans)
}

// noteClock notes the device if its clock is one of those that run ahead of all others, or
// behind them, or if it goes on alone.
func (g *part) noteClock(s spans) {
	if s.ahead == event.NoTime && s.behind == event.NoTime && s.alone == event.NoTime {
		return
	}
	newest := event.NoTime
	var of event.Sym
	for i := range g.store.Processes {
		if p := &g.store.Processes[i].Source; p.Time >= newest {
			newest, of = p.Time, p.Device
		}
	}
	for i := range g.store.Connections {
		if c := &g.store.Connections[i].Source; c.Time >= newest {
			newest, of = c.Time, c.Device
		}
	}
	if newest == event.NoTime {
		return
	}
	name := g.roster.Symbols().String(g.roster.DeviceName(of))
	switch {
	case s.ahead != event.NoTime && newest > max(s.now, s.alone):
		g.ahead = name
	case s.alone != event.NoTime && newest >= s.now+event.Day:
		g.alone = name
	case newest <= s.behind:
		g.behind = name
	}
}
