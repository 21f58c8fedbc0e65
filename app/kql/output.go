package kql

import (
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/kql/keep"
	"github.com/schtaskhunt/schtaskhunt/app/kql/write"
)

// Finish runs the query over the events that came, by whatever lane. Rows are sorted by
// the bytes of their columns, from left to right; a cell is a text as Kusto's tostring
// writes it, empty for null. When events of Defender and of Sysmon came, the query is run over
// each sensor's events alone, and the rows of both are returned: one machine with
// both sensors is two devices, and no process is counted for the other's.
func (q *Query) Finish() (columns []string, rows [][]string, report Report) {
	w := q.settle()
	report = Report{Now: w.End()}
	for _, l := range q.lanes {
		report.Unreadable += l.Unreadable()
	}
	rows = q.run(false, &w, &report.Defender, &report.Counts)
	rows = append(rows, q.run(true, &w, &report.Sysmon, &report.Counts)...)
	slices.SortFunc(rows, slices.Compare)
	return Columns(q.options.AllColumns), rows, report
}

// settle returns the window of all lanes.
func (q *Query) settle() keep.Window {
	w := keep.NewWindow(q.options.Now, q.options.Lookback, q.options.Recent)
	lanes := make([]*keep.Window, 0, len(q.lanes))
	for _, l := range q.lanes {
		lanes = append(lanes, l.Seen())
	}
	w.Settle(lanes...)
	return w
}

// run runs the query over one sensor's events.
func (q *Query) run(sysmon bool, w *keep.Window, stages *Stages, counts *Counts) [][]string {
	lanes := make([]*keep.Rows, 0, len(q.lanes))
	for _, l := range q.lanes {
		lanes = append(lanes, l.Rows(sysmon))
	}
	t := keep.Join(sysmon, q.chunks.All(), q.seed, lanes)
	r := run{Tables: t, options: &q.options, window: w}
	r.counts.Devices = keep.CountDevices(t.Texts, lanes)
	results := r.results()
	*stages = r.stages
	account.Add(counts, r.counts)
	columns := write.Columns(q.options.AllColumns)
	rows := make([][]string, len(results))
	n := sides()
	sideBySide(n, func(side int) {
		from, to := share(len(results), side, n)
		var scratch []byte
		for i := from; i < to; i++ {
			rows[i], scratch = write.Cells(t, columns, &results[i], scratch)
		}
	})
	return rows
}
