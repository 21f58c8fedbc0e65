package hold

import (
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Events of tasks leave the rows of their device to be read by their keys, and the newest
// event to be one of a process.
func TestTasksLeaveTheFastPathOn(t *testing.T) {
	for _, withProcess := range []bool{false, true} {
		set := NewSet(Limit{})
		w := set.Writer()
		device, _ := w.Device([]byte("PC"))
		w.AddRow(device, &RowKeys{Origin: Origin{File: 1}}, 5*event.Second)
		source := event.Source{Device: w.Interner().Intern([]byte("pc")), DeviceName: w.Interner().Intern([]byte("PC")), Time: 9 * event.Day}
		w.AddTask(&event.Task{Source: source, Act: event.TaskProcess, Writer: 4})
		if withProcess {
			source = event.Source{Device: w.Interner().Intern([]byte("pc")), DeviceName: w.Interner().Intern([]byte("PC")), Time: 6 * event.Second}
			w.AddProcess(&event.Process{Source: source})
		}
		want := 5 * event.Second
		if withProcess {
			want = 6 * event.Second
		}
		if newest := set.Clock().Newest; newest != want {
			t.Errorf("the newest event is of %d, want %d", newest, want)
		}
		r, devices, tasks := set.Reader(), 0, 0
		for i := range Count {
			part, err := r.Read(i)
			if err != nil {
				t.Fatal(err)
			}
			tasks += len(part.Store.Tasks)
			part.EachDevice(func(rows Rows) {
				devices++
				if rows.Whole != withProcess || len(rows.Entries) != 1 || len(rows.Told.Writers) != 1 {
					t.Errorf("%d rows, and other events: %t, want 1 and %t; told %+v", len(rows.Entries), rows.Whole, withProcess, rows.Told)
				}
			})
		}
		if devices != 1 || tasks != 1 {
			t.Errorf("%d devices, %d events of tasks", devices, tasks)
		}
	}
}
