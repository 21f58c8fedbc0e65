// Package judge holds what a hunt found against the key of a realistic sample: at which
// rank each planted channel stands, and how many benign findings stand before it.
//
// It reads rows as they leave the program (output=findings, output=trees) and the
// sample's planted.csv, and knows nothing of how either was made.
package judge

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Key says which runs belong to which planted channel.
type Key struct {
	Channels []string // in the order of their first run in the key
	byGUID   map[string]string
	byStart  map[string][]keyRun
}

type keyRun struct {
	start   float64
	channel string
}

// ReadKey reads planted.csv of a realistic sample: columns channel, device, root_process,
// root_guid and root_start are used, in any order.
func ReadKey(r io.Reader) (*Key, error) {
	k := &Key{byGUID: map[string]string{}, byStart: map[string][]keyRun{}}
	err := eachRow(r, []string{"channel", "device", "root_process", "root_guid", "root_start"}, func(row Row) error {
		start, err := strconv.ParseFloat(row["root_start"], 64)
		if err != nil {
			return fmt.Errorf("root_start %q is not a time in epoch seconds", row["root_start"])
		}
		k.add(row, start)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the key: %w", err)
	}
	return k, nil
}

func (k *Key) add(row Row, start float64) {
	channel := row["channel"]
	if !slices.Contains(k.Channels, channel) {
		k.Channels = append(k.Channels, channel)
	}
	if guid := fold(row["root_guid"]); guid != "" {
		k.byGUID[fold(row["device"])+" "+guid] = channel
	}
	at := fold(row["device"]) + " " + row["root_process"]
	k.byStart[at] = append(k.byStart[at], keyRun{start, channel})
}

// startTolerance is by how many seconds a root's start may differ from the key's where
// only device, command line and time say which run it is.
const startTolerance = 3

// channelOf returns the channel of a tree, "" for a benign one: by its root's device and
// GUID, else by device, command line and start.
func (k *Key) channelOf(tree Row) string {
	device := fold(tree["device"])
	if guid := fold(tree["process_guid"]); guid != "" {
		return k.byGUID[device+" "+guid]
	}
	at, err := strconv.ParseFloat(tree["_time"], 64)
	if err != nil {
		return ""
	}
	for _, run := range k.byStart[device+" "+tree["root_process"]] {
		if run.start-startTolerance <= at && at <= run.start+startTolerance {
			return run.channel
		}
	}
	return ""
}

// fold writes device names and GUIDs one way: they come in either case, GUIDs with and
// without braces.
func fold(text string) string { return strings.ToLower(strings.Trim(text, "{}")) }

// Row is one row of a table, by column.
type Row map[string]string

// ReadRows reads a table of rows with a header.
func ReadRows(r io.Reader) (rows []Row, err error) {
	err = eachRow(r, nil, func(row Row) error { rows = append(rows, row); return nil })
	return rows, err
}

func eachRow(r io.Reader, needed []string, do func(Row) error) error {
	table := csv.NewReader(r)
	table.FieldsPerRecord = -1
	header, err := table.Read()
	if err != nil {
		return fmt.Errorf("reading the header: %w", err)
	}
	header = slices.Clone(header)
	for _, name := range needed {
		if !slices.Contains(header, name) {
			return fmt.Errorf("there is no column %q among %s", name, strings.Join(header, ", "))
		}
	}
	for number := 2; ; number++ {
		record, err := table.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = do(rowOf(header, record))
		}
		if err != nil {
			return fmt.Errorf("row %d: %w", number, err)
		}
	}
}

func rowOf(header, record []string) Row {
	row := make(Row, len(header))
	for i, name := range header {
		if i < len(record) {
			row[name] = record[i]
		}
	}
	return row
}
