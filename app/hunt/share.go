package hunt

import (
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/hold"
	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
)

// share lets through the events of the devices of one share. It is for one lane.
type share struct {
	*hold.Writer
	to   event.Sink // where they go on to
	of   command.Shard
	left int // events of others
}

// has reports whether an event goes on. What was to be said of one that does not is void.
func (s *share) has(of *event.Source) bool {
	if s.of.Has(s.Interner().Bytes(of.Device)) {
		return true
	}
	s.left++
	s.Unsure(0)
	return false
}

// AddProcess implements event.Sink.
func (s *share) AddProcess(p *event.Process) {
	if s.has(&p.Source) {
		s.to.AddProcess(p)
	}
}

// AddEnd implements event.Sink.
func (s *share) AddEnd(e *event.End) {
	if s.has(&e.Source) {
		s.to.AddEnd(e)
	}
}

// AddConnection implements event.Sink.
func (s *share) AddConnection(c *event.Connection) {
	if s.has(&c.Source) {
		s.to.AddConnection(c)
	}
}

// AddTask implements event.Sink.
func (s *share) AddTask(t *event.Task) {
	if s.has(&t.Source) {
		s.to.AddTask(t)
	}
}

// AddInstallation implements event.Sink.
func (s *share) AddInstallation(i *event.Installation) {
	if s.has(&i.Source) {
		s.to.AddInstallation(i)
	}
}

// look is a first look that passes over rows of other shares' devices.
func (s *share) look(first schema.FirstLook) schema.FirstLook {
	if first == nil {
		return nil
	}
	return shareLook{first, s}
}

type shareLook struct {
	schema.FirstLook
	share *share
}

// Look implements schema.FirstLook.
func (l shareLook) Look(k *event.Keys, p *schema.Plan, rec *record.Record) bool {
	if !l.share.of.Has(k.Device) {
		l.share.left++
		return true
	}
	return l.FirstLook.Look(k, p, rec)
}
