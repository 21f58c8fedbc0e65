//go:build bench

package bench

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/chunked"
)

// The forms in which splunkd sends events.
const (
	rawOnly   = "raw"       // _raw and what every event has: nothing was extracted
	extracted = "extracted" // every field that the command asks for, and _raw
	lean      = "lean"      // the event's own fields, as after `| fields …`
)

// indexed are the fields that Splunk itself gives every event.
var indexed = []string{"_time", "_raw", "host", "source", "sourcetype"}

// header are the fields of an event's head that a lean search keeps.
var header = []string{"_time", "EventCode", "Computer", "EventRecordID"}

// inEvents are all fields that Splunk has of Sysmon's events 1, 3, 5 and 22, besides
// those of their head.
var inEvents = []string{
	"UtcTime", "ProcessGuid", "ProcessId", "Image", "CommandLine", "User", "Hashes", "ParentProcessGuid", "ParentProcessId",
	"ParentImage", "ParentCommandLine", "Protocol", "Initiated", "SourceIp", "SourceHostname", "SourcePort", "DestinationIp",
	"DestinationHostname", "DestinationPort", "QueryName", "QueryStatus", "QueryResults",
}

// columnsOf returns the columns of a form: of the fields that the events have, those
// that the command asks for. splunkd sends no others.
func columnsOf(form string, asked []string) (columns []string) {
	var have []string
	switch form {
	case rawOnly:
		have = indexed
	case lean:
		have = slices.Concat(header, inEvents)
	default:
		have = slices.Concat(indexed, header[1:], []string{"EventID", "Channel", "SystemTime", "RecordNumber"}, inEvents)
	}
	for _, name := range have {
		if slices.Contains(asked, name) {
			columns = append(columns, name)
		}
	}
	return columns
}

// output takes events one after another.
type output interface {
	add(event map[string]string)
	close() error
}

// chunkFile holds the execute requests of a search, byte by byte as splunkd sends
// them: each with a header row, and behind all fields the __mv_ column of each.
type chunkFile struct {
	file    *os.File
	chunks  *chunked.Writer
	columns []string
	left    int // events still to come
	rows    int // of the open chunk
	body    []byte
	err     error
}

func newChunkFile(path string, columns []string, events int) *chunkFile {
	c := &chunkFile{columns: columns, left: events}
	c.file, c.err = os.Create(path)
	c.chunks = chunked.NewWriter(c.file)
	return c
}

func (c *chunkFile) add(event map[string]string) {
	if c.rows == 0 {
		c.body = c.appendHeader(c.body[:0])
	}
	for _, name := range c.columns {
		c.body = append(appendCell(c.body, event[name]), ',')
	}
	for range c.columns {
		c.body = append(c.body, ',') // no field has several values
	}
	c.body[len(c.body)-1] = '\n'
	c.rows++
	if c.left--; c.rows == chunked.DefaultMaxResultRows || c.left == 0 {
		c.err = errors.Join(c.err, c.chunks.WriteRaw(chunked.ExecuteMetadata(c.left == 0), c.body))
		c.rows = 0
	}
}

func (c *chunkFile) appendHeader(dst []byte) []byte {
	for _, prefix := range []string{"", chunked.MVPrefix} {
		for _, name := range c.columns {
			dst = append(appendCell(dst, prefix+name), ',')
		}
	}
	dst[len(dst)-1] = '\n'
	return dst
}

// appendCell quotes as splunkd does: whatever is not letters and digits only.
func appendCell(dst []byte, value string) []byte {
	for _, c := range []byte(value) {
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return chunked.AppendQuoted(dst, value)
		}
	}
	return append(dst, value...)
}

func (c *chunkFile) close() error {
	if c.left > 0 {
		c.err = errors.Join(c.err, fmt.Errorf("%s lacks %d events", c.file.Name(), c.left))
	}
	return errors.Join(c.err, c.file.Close())
}

// csvFile holds the events as one CSV file, as `| outputcsv` exports them.
type csvFile struct {
	file    *os.File
	buffer  *bufio.Writer
	rows    *csv.Writer
	columns []string
	cells   []string
	err     error
}

func newCSVFile(path string, columns []string) *csvFile {
	c := &csvFile{columns: columns, cells: make([]string, len(columns))}
	c.file, c.err = os.Create(path)
	c.buffer = bufio.NewWriterSize(c.file, 1<<20)
	c.rows = csv.NewWriter(c.buffer)
	c.err = errors.Join(c.err, c.rows.Write(columns))
	return c
}

func (c *csvFile) add(event map[string]string) {
	for i, name := range c.columns {
		c.cells[i] = event[name]
	}
	c.err = errors.Join(c.err, c.rows.Write(c.cells))
}

func (c *csvFile) close() error {
	c.rows.Flush()
	return errors.Join(c.err, c.rows.Error(), c.buffer.Flush(), c.file.Close())
}
