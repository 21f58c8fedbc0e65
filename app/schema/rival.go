package schema

import (
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// TwoWays returns how many events were read of which the text can be read in two ways: see
// record.Record.TwoWays.
func (r *Reader) TwoWays() int { return r.twoWays }

// addRival adds the second way to read the text of a process start, for whoever knows all
// processes to choose: the id of the process is not in doubt, as it stands before anything
// that a process has a say in.
func (r *Reader) addRival(kind event.Kind, full *record.Record) {
	if !full.TwoWays() || !inUse(kind) {
		return
	}
	r.twoWays++
	if kind != event.ProcessStart || r.draft.self.ID.IsZero() || r.aside != nil {
		return
	}
	if r.second == nil {
		r.second = record.New(r.full.Names())
	}
	remarks := r.remarks // of the first way: they were of one event
	r.remarks = nil
	r.second.Reset()
	record.DecodeMessageLate(full.Get(r.message), r.second)
	for _, s := range full.Filled() {
		r.second.Set(s, full.Get(s))
	}
	if r.recognise(r.second) == event.ProcessStart && r.draft.finish(kind) == kind {
		r.draft.self.Rival, r.draft.source.Record = true, 0
		r.add(kind)
	}
	r.remarks = remarks
}
