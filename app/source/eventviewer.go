package source

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"io"
	"strings"
)

// Event Viewer saves a log as the table that it shows, with commas or tabs between the columns,
// whose names are those of the language of who looks; behind the last one stands, without a
// name, what Windows says of the event. Its columns get the names that Get-WinEvent has for
// the same values.

// viewerColumns are the names of its columns, in lower case. Source: Event Viewer's own
// "Add/Remove Columns", in English and in German.
var viewerColumns = map[string]string{
	"level": "LevelDisplayName", "ebene": "LevelDisplayName",
	"date and time": "TimeCreated", "datum und uhrzeit": "TimeCreated",
	"source": "ProviderName", "quelle": "ProviderName",
	"event id": "Id", "ereignis-id": "Id",
	"task category": "TaskDisplayName", "aufgabenkategorie": "TaskDisplayName",
	"computer": "MachineName", "log": "LogName", "protokoll": "LogName",
	"user": "UserId", "benutzer": "UserId", "process id": "ProcessId", "prozess-id": "ProcessId",
}

// viewerHeader returns the header that stands for the first line of a text of Event Viewer's,
// and how long that line is; ok is false for any other text.
func viewerHeader(head []byte) (header string, sign byte, length int, ok bool) {
	line, _, whole := bytes.Cut(head, newline)
	if !whole {
		return "", 0, 0, false
	}
	sign = ','
	if bytes.IndexByte(line, '\t') >= 0 {
		sign = '\t'
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimRight(line, "\r")))
	r.Comma = rune(sign)
	columns, err := r.Read()
	if err != nil {
		return "", 0, 0, false
	}
	has := map[string]bool{}
	for i, c := range columns {
		name, known := viewerColumns[strings.ToLower(strings.TrimSpace(c))]
		if !known {
			name = "Viewer " + c // a column that somebody chose to see
		}
		columns[i], has[name] = strings.ReplaceAll(name, ",", " "), true
	}
	ok = has["TimeCreated"] && has["ProviderName"] && has["Id"]
	return strings.Join(append(columns, "Message"), string(sign)) + "\n", sign, len(line) + len(newline), ok
}

func isViewer(head []byte) bool {
	_, _, _, is := viewerHeader(head)
	return is
}

// cutViewer cuts what Event Viewer saved. Its rows are not read again where they lie, as
// their header is another one there.
func (c *cutting) cutViewer(text *bufio.Reader, head []byte) error {
	header, sign, length, _ := viewerHeader(head)
	_, _ = text.Discard(length) // they were peeked at
	c.files = nil
	c.text = io.MultiReader(strings.NewReader(header), &padded{r: text})
	if sign != ',' {
		c.text = withCommas(bufio.NewReaderSize(c.text, headSize), dialect{sign: sign})
	}
	return c.rows()
}
