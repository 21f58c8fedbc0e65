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
	event.Only
	writer *hold.Writer
	of     command.Shard
	left   int // events of others
}

// newShare returns the share of what goes on to a sink before the writer.
func newShare(of command.Shard, to event.Sink, writer *hold.Writer) *share {
	s := &share{writer: writer, of: of}
	s.Only = event.Only{To: to, Has: s.has}
	return s
}

// Unsure implements event.UnsureSink.
func (s *share) Unsure(u event.Unsure) { s.writer.Unsure(u) }

// has reports whether an event goes on. What was to be said of one that does not is void.
func (s *share) has(of *event.Source) bool {
	if s.of.Has(s.Interner().Bytes(of.Device)) {
		return true
	}
	s.left++
	s.Unsure(0)
	return false
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
