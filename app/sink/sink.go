// Package sink writes rows: as CSV, as JSON lines, and as trees for people.
package sink

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/json"
	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// Formats lists what Write accepts.
var Formats = []string{"table", "csv", "json"}

// Write writes the rows to w in the named format. CSV has a header and LF line ends;
// JSON is one object a line with every column, in order.
func Write(w io.Writer, format string, columns []string, rows []row.Row) error {
	out := bufio.NewWriter(w)
	var err error
	switch format {
	case "csv":
		err = writeCSV(out, columns, rows)
	case "json":
		err = writeJSON(out, columns, rows)
	case "table":
		err = writePicture(out, columns, rows)
	default:
		return fmt.Errorf("format %q is not one of %s", format, strings.Join(Formats, ", "))
	}
	if err != nil {
		return fmt.Errorf("writing rows: %w", err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing rows: %w", err)
	}
	return nil
}

// writePicture draws rows for people: trees, or what the original query returns.
func writePicture(w *bufio.Writer, columns []string, rows []row.Row) error {
	if slices.Contains(columns, "N_InitiatingProcessId") {
		return writeQuery(w, rows)
	}
	return writeTable(w, rows)
}

func writeJSON(w *bufio.Writer, columns []string, rows []row.Row) error {
	for _, r := range rows {
		if len(r.Values) != len(columns) {
			return fmt.Errorf("row of %d values for %d columns", len(r.Values), len(columns))
		}
		separator := byte('{')
		for i, column := range columns {
			value, err := json.Marshal(r.Values[i])
			if err != nil {
				return err
			}
			_ = w.WriteByte(separator) // a failed write shows when the buffer is flushed
			_, _ = w.WriteString(strconv.Quote(column) + ":")
			_, _ = w.Write(value)
			separator = ','
		}
		if _, err := w.WriteString("}\n"); err != nil {
			return err
		}
	}
	return nil
}
