package executable_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/standin"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/executable"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// The program itself, as splunkd starts it, with and without its map half on two
// indexers, gives the rows of a hunt in this process.
func TestProgramInSplunkGivesTheSameRows(t *testing.T) {
	binary := executable.Built(t)
	for _, w := range worlds.All(t) {
		for i, fields := range []string{doors.RawFields, doors.ExtractedFields, doors.BothFields} {
			t.Run(w.Name+"/"+fields, func(t *testing.T) {
				events := doors.Indexed(t, fields, w.Events)
				standin.SortNewestFirst(events.Header, events.Rows)
				setting := w.Args(doors.Settings[i%len(doors.Settings)])
				args, want := strings.Fields(setting), doors.Hunted(t, setting, w.Events)
				for _, indexers := range []int{0, 2} {
					o := executable.Played(t, standin.Config{Binary: binary, Command: "schtaskhunt", Args: args,
						Header: events.Header, Rows: events.Rows, ChunkRows: 200, Indexers: indexers})
					doors.SameRows(t, fmt.Sprint(indexers, " indexers"), o.Text, want.Text)
				}
			})
		}
	}
}

// On the command line too: whole files, split ones, a folder, standard input, in any
// time zone.
func TestProgramOnFilesGivesTheSameRows(t *testing.T) {
	binary := executable.Built(t)
	for _, w := range worlds.All(t) {
		t.Run(w.Name, func(t *testing.T) {
			dir := t.TempDir()
			half := len(w.Events) / 2
			whole, first, second := filepath.Join(dir, "whole"), filepath.Join(dir, "parts", "a"), filepath.Join(dir, "parts", "b")
			worlds.WriteLines(t, whole, w.Events)
			worlds.WriteLines(t, first, w.Events[half:])
			worlds.WriteLines(t, second, w.Events[:half])
			args := w.Args(doors.Everything)
			want := doors.Hunted(t, args, w.Events).Text
			doors.SameRows(t, "one file", executable.OnFiles(t, binary, args, "TZ=UTC", nil, whole), want)
			doors.SameRows(t, "two files", executable.OnFiles(t, binary, args, "TZ=UTC", nil, second, first), want)
			doors.SameRows(t, "a folder", executable.OnFiles(t, binary, args, "TZ=UTC", nil, filepath.Dir(first)), want)
			doors.SameRows(t, "another time zone", executable.OnFiles(t, binary, args, "TZ=Asia/Kathmandu", nil, whole), want)
			doors.SameRows(t, "standard input", executable.OnFiles(t, binary, args, "TZ=UTC", bytes.Join(w.Events, []byte("\n")), "-"), want)
		})
	}
}
