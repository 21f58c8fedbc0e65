package hold

import (
	"slices"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/hold/sieve"
)

// Rows of the scheduler's log tell what their events would in full, and stand apart from those of
// processes; they have no say in what is the newest event. Where an event of a run has no row, nothing
// but all of them tells whether some is there twice.
func TestRowsOfTheLog(t *testing.T) {
	for name, c := range map[string]struct {
		add   func(w *Writer, row, full func(writer, pid uint32, flags sieve.Flags))
		rows  int
		whole bool
	}{
		"rows": {func(_ *Writer, row, _ func(uint32, uint32, sieve.Flags)) { row(4, 8, 0); row(0, 12, 0); row(4, 8, 0) }, 3, false},
		"one read in full": {func(_ *Writer, row, full func(uint32, uint32, sieve.Flags)) {
			row(4, 8, sieve.Read)
			full(4, 8, 0)
			row(0, 12, 0)
		}, 2, false},
		"one without a row": {func(_ *Writer, row, full func(uint32, uint32, sieve.Flags)) { row(4, 8, 0); full(0, 12, 0) }, 1, true},
		"one that is lost":  {func(_ *Writer, row, _ func(uint32, uint32, sieve.Flags)) { row(4, 8, sieve.Read); row(0, 12, 0) }, 2, true},
		"a process too": {func(w *Writer, row, _ func(uint32, uint32, sieve.Flags)) {
			row(4, 8, 0)
			row(0, 12, 0)
			w.AddProcess(&event.Process{Source: event.Source{Device: w.Interner().Intern([]byte("pc")), DeviceName: w.Interner().Intern([]byte("PC"))}})
		}, 2, true},
	} {
		set := NewSet(Limit{})
		w := set.Writer()
		device, isNew := w.DeviceOfLog([]byte("PC"))
		if again, isNewAgain := w.DeviceOfLog([]byte("PC")); !isNew || isNewAgain || again != device {
			t.Errorf("%s: the spelling is new: %t, then %t", name, isNew, isNewAgain)
		}
		if _, isNew := w.Device([]byte("PC")); !isNew {
			t.Errorf("%s: no process had the spelling, and it is not new", name)
		}
		record := uint64(0)
		row := func(writer, pid uint32, flags sieve.Flags) {
			record++
			k := event.Keys{Record: record, PID: pid, Writer: writer, Act: event.TaskProcess}
			r := RowKeys{Entry: sieve.EntryOfTask(&k), Origin: Origin{File: 1}}
			r.Flags |= flags
			w.AddRow(device, &r, 9*event.Day)
		}
		full := func(writer, pid uint32, _ sieve.Flags) {
			source := event.Source{Device: w.Interner().Intern([]byte("pc")), DeviceName: w.Interner().Intern([]byte("PC")), Time: 9 * event.Day, Record: 7}
			w.AddTask(&event.Task{Source: source, Act: event.TaskProcess, Writer: writer, PID: pid})
		}
		c.add(w, row, full)
		if newest := set.Clock().Newest; newest != event.NoTime {
			t.Errorf("%s: the newest event is of %d", name, newest)
		}
		r, devices := set.Reader(), 0
		for i := range Count {
			part, err := r.Read(i)
			if err != nil {
				t.Fatal(err)
			}
			part.EachTasks(func(rows TaskRows) {
				devices++
				told := part.devices[part.device(rows.Device)].told
				_, claimed := told.Claimed[12]
				if rows.Whole != c.whole || len(rows.Entries) != c.rows || !slices.Equal(told.Writers, []uint32{4}) || !claimed || len(told.Claimed) != 1 {
					t.Errorf("%s: %+v, want %d rows, all needed: %t; told %+v", name, rows, c.rows, c.whole, told)
				}
				for _, e := range rows.Entries {
					if at := part.Tasks[e.Row].Time; at != 9*event.Day {
						t.Errorf("%s: a row of %d", name, at)
					}
				}
			})
		}
		if devices != 1 {
			t.Errorf("%s: %d devices", name, devices)
		}
	}
}
