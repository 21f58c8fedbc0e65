package golden

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/schtaskhunt/schtaskhunt/app/stock"
)

// Autoruns' columns that are read. Source: Sysinternals Autoruns, autorunsc -c and the
// export of its window. It says nothing of accounts.
const (
	entryColumn    = "entry"
	categoryColumn = "category"
	launchColumn   = "launch string"
)

func isAutoruns(header []byte) bool {
	text := strings.ToLower(string(header))
	return strings.Contains(text, entryColumn) && strings.Contains(text, launchColumn) && strings.Contains(text, categoryColumn)
}

// autoruns reads the tasks among all that starts by itself.
func autoruns(text []byte) (rows []stock.Row, wrong []error) {
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	header, err := r.Read()
	if err != nil {
		return nil, []error{err}
	}
	at := make(map[string]int)
	for i, name := range header {
		at[strings.ToLower(strings.TrimSpace(name))] = i
	}
	for {
		record, err := r.Read()
		switch {
		case errors.Is(err, io.EOF):
			return rows, wrong
		case err != nil:
			wrong = append(wrong, err)
			continue
		}
		row, err := autorunsRow(record, at)
		if err != nil {
			line, _ := r.FieldPos(0)
			wrong = append(wrong, fmt.Errorf("line %d: %w", line, err))
		} else if row.Task != "" {
			rows = append(rows, row)
		}
	}
}

// autorunsRow returns the row of a task; one without a name for what is none.
func autorunsRow(record []string, at map[string]int) (stock.Row, error) {
	get := func(column string) string {
		if i, there := at[column]; there && i < len(record) {
			return strings.TrimSpace(record[i])
		}
		return ""
	}
	if !strings.EqualFold(get(categoryColumn), "Tasks") {
		return stock.Row{}, nil
	}
	name, launch := get(entryColumn), get(launchColumn)
	switch {
	case name == "":
		return stock.Row{}, nil // the line of the whole group
	case launch == "":
		return stock.Row{}, fmt.Errorf("task %q has no launch string", name)
	}
	if !strings.HasPrefix(name, `\`) {
		name = `\` + name
	}
	return stock.Row{Task: name, Action: launch}, nil
}

// plain returns a text as UTF-8: Windows' own tools write UTF-16.
func plain(text []byte) []byte {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(text, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case bytes.HasPrefix(text, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	default:
		return bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	}
	units := make([]uint16, 0, len(text)/2)
	for i := 2; i+1 < len(text); i += 2 {
		units = append(units, order.Uint16(text[i:]))
	}
	return []byte(string(utf16.Decode(units)))
}

// isoDuration writes a period as the table does.
func isoDuration(d time.Duration) string {
	text, clock := "P", ""
	if days := d / (24 * time.Hour); days > 0 {
		text += fmt.Sprintf("%dD", days)
		d -= days * 24 * time.Hour
	}
	for _, unit := range []struct {
		span time.Duration
		name string
	}{{time.Hour, "H"}, {time.Minute, "M"}, {time.Second, "S"}} {
		if n := d / unit.span; n > 0 {
			clock += fmt.Sprintf("%d%s", n, unit.name)
			d -= n * unit.span
		}
	}
	if clock != "" {
		text += "T" + clock
	}
	return text
}
