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
