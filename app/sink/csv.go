package sink

import (
	"slices"
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/chunked"
	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// Body returns the rows as the body of a chunk: the same CSV that Splunk gets.
// No rows are no bytes.
func Body(columns []string, rows []row.Row) ([]byte, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	encoder := chunked.NewEncoder(columns)
	for _, r := range rows {
		if err := encoder.Row(r.Values...); err != nil {
			return nil, err
		}
	}
	return encoder.Bytes(), nil
}

// writeCSV writes the header also when there are no rows, so that a reader of the
// file knows the columns.
func writeCSV(j *job) error {
	if len(j.rows) == 0 {
		_, err := j.out.WriteString(strings.Join(j.columns, ",") + "\n")
		return err
	}
	body, err := Body(j.columns, j.written())
	if err != nil {
		return err
	}
	_, err = j.out.Write(body)
	return err
}

// written are the rows with times as asked for, and safe where that is asked for. Where
// nothing changes they are the rows themselves.
func (j *job) written() []row.Row {
	if !j.Safe && (j.Times == "" || j.Times == "epoch") {
		return j.rows
	}
	clock := j.clock()
	header := row.NewHeader(j.columns)
	rows := make([]row.Row, len(j.rows))
	for i, r := range j.rows {
		values := slices.Clone(r.Values)
		for at := range min(len(values), len(j.columns)) {
			if timeColumns[j.columns[at]] {
				values[at] = clock(values[at])
			}
			if j.Safe {
				values[at] = safe(values[at])
			}
		}
		rows[i] = header.Row(values)
	}
	return rows
}

// safe returns a cell so that no spreadsheet takes it for a formula: with an apostrophe
// before it, as spreadsheets mark text. A number stays one.
func safe(cell string) string {
	if cell == "" || !strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(cell)[0]) {
		return cell
	}
	if _, err := strconv.ParseFloat(cell, 64); err == nil {
		return cell
	}
	return "'" + cell
}

// SplunkBody returns the rows as Body does, and for every column that has several values
// in some row one more, by which Splunk tells them apart (chunked.MVPrefix).
func SplunkBody(columns []string, rows []row.Row) ([]byte, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	several := withSeveral(rows)
	names := slices.Clone(columns)
	for _, column := range several {
		names = append(names, chunked.MVPrefix+column)
	}
	encoder := chunked.NewEncoder(names)
	var values []string
	for _, r := range rows {
		values = append(values[:0], r.Values...)
		for _, column := range several {
			values = append(values, multivalue(r.Get(column)))
		}
		if err := encoder.Row(values...); err != nil {
			return nil, err
		}
	}
	return encoder.Bytes(), nil
}

// withSeveral returns the columns that have several values in some row.
func withSeveral(rows []row.Row) (columns []string) {
	for _, column := range row.Several(rows[0].Kind) {
		if slices.ContainsFunc(rows, func(r row.Row) bool { return strings.Contains(r.Get(column), "\n") }) {
			columns = append(columns, column)
		}
	}
	return columns
}

// multivalue is the encoding of a value with several lines, nothing for one of a line.
func multivalue(text string) string {
	if !strings.Contains(text, "\n") {
		return ""
	}
	return string(chunked.AppendMV(nil, strings.Split(text, "\n")...))
}
