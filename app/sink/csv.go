package sink

import (
	"bufio"
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
func writeCSV(w *bufio.Writer, columns []string, rows []row.Row) error {
	if len(rows) == 0 {
		_, err := w.WriteString(strings.Join(columns, ",") + "\n")
		return err
	}
	body, err := Body(columns, rows)
	if err != nil {
		return err
	}
	_, err = w.Write(body)
	return err
}
