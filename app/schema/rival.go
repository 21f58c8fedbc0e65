package schema

import (
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// SeveralWays returns how many events were read of which the text can be read in several
// ways: see record.Record.Ways.
func (r *Reader) SeveralWays() int { return r.severalWays }

// addRivals adds the other ways to read the text of a process start, for whoever knows all
// processes to choose: the id of the process is not in doubt, as it stands before anything
// that a process has a say in.
func (r *Reader) addRivals(kind event.Kind, full *record.Record) {
	if full.Ways() < 2 || !inUse(kind) {
		return
	}
	r.severalWays++
	if kind != event.ProcessStart || r.draft.self.ID.IsZero() || r.aside != nil {
		return
	}
	remarks := r.remarks // of the first way: they were of one event
	r.remarks = nil
	for way := 1; way < full.Ways(); way++ {
		r.addRival(full, way)
	}
	r.remarks = remarks
}

func (r *Reader) addRival(full *record.Record, way int) {
	if r.second == nil {
		r.second = record.New(r.full.Names())
	}
	r.second.Reset()
	record.DecodeMessageWay(full.Get(r.message), r.second, way)
	for _, s := range full.Filled() {
		r.second.Set(s, full.Get(s))
	}
	if r.recognise(r.second) == event.ProcessStart {
		r.draft.self.Rival, r.draft.source.Record = true, 0
		r.add(event.ProcessStart)
	}
}
