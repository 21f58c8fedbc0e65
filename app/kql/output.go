package kql

import "slices"

// Finish runs the query over the events that came. Rows are sorted by the bytes of
// their columns, from left to right; a cell is a text as Kusto's tostring writes it,
// empty for null. When events of Defender and of Sysmon came, the query is run over
// each sensor's events alone, and the rows of both are returned: one machine with
// both sensors is two devices, and no process is counted for the other's.
func (q *Query) Finish() (columns []string, rows [][]string, report Report) {
	q.window.settle()
	report = Report{Now: q.window.now, Unreadable: q.unreadable}
	rows = q.run(&q.defender, &report.Defender)
	rows = append(rows, q.run(&q.sysmon, &report.Sysmon)...)
	slices.SortFunc(rows, slices.Compare)
	return Columns(q.options.AllColumns), rows, report
}

func (q *Query) run(t *tables, stages *Stages) [][]string {
	r := run{tables: t, options: &q.options, window: &q.window}
	results := r.results()
	*stages = r.stages
	columns := columnsOf(q.options.AllColumns)
	rows := make([][]string, len(results))
	for i := range results {
		rows[i] = r.row(columns, &results[i])
	}
	return rows
}

// row writes a row into one text, of which its cells are parts.
func (r *run) row(columns []column, of *result) []string {
	ends := make([]int, len(columns))
	r.scratch = r.scratch[:0]
	for i, c := range columns {
		r.scratch = c.write(r.tables, r.scratch, of)
		ends[i] = len(r.scratch)
	}
	text := string(r.scratch)
	cells := make([]string, len(columns))
	start := 0
	for i, end := range ends {
		cells[i] = text[start:end]
		start = end
	}
	return cells
}
