package command

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxLookupBytes is far more than maxEntries of the longest patterns that people
// write take, and little enough to be read at once.
const maxLookupBytes = 16 << 20

// badRowsShown is how many rows of a file are named that are no entries.
const badRowsShown = 3

// lookupTable is what was read of a lookup file.
type lookupTable struct {
	name    string
	entries []string
	bad     []string // what is wrong with the first rows that are no entries
	badRows int
	unnamed string // the first column's name, where no name told the column of entries
}

// readLookup reads a lookup file: CSV whose first row names its columns, as Splunk
// has it. The entries stand in the column named after the list (command, path, dest)
// or "pattern", else in the first. Rows that begin with # and empty entries are left
// out; other columns are for people.
func readLookup(name string, open OpenLookup, list allowList) (table lookupTable, err error) {
	if open == nil {
		return table, fmt.Errorf("lookup file %s cannot be read here", show(name))
	}
	file, err := open(name)
	if err != nil {
		return table, err
	}
	defer func() { _ = file.Close() }() // it was only read
	limited := &io.LimitedReader{R: file, N: maxLookupBytes + 1}
	table = lookupTable{name: name}
	if err := table.read(csvOf(limited), list); err != nil {
		return table, fmt.Errorf("reading lookup file %s: %w", show(name), err)
	}
	if limited.N == 0 {
		return table, fmt.Errorf("lookup file %s is larger than %d MB", show(name), maxLookupBytes>>20)
	}
	return table, nil
}

// byteOrderMark is what Windows' editors put before UTF-8.
const byteOrderMark = "\ufeff"

func csvOf(r io.Reader) *csv.Reader {
	buffered := bufio.NewReader(r)
	if mark, _ := buffered.Peek(len(byteOrderMark)); string(mark) == byteOrderMark {
		_, _ = buffered.Discard(len(byteOrderMark))
	}
	rows := csv.NewReader(buffered)
	rows.FieldsPerRecord, rows.ReuseRecord = -1, true
	return rows
}

func (t *lookupTable) read(rows *csv.Reader, list allowList) error {
	at := -1 // the column of entries, once the header has been seen
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if broken := (*csv.ParseError)(nil); errors.As(err, &broken) {
			t.reject(broken.StartLine, broken.Err)
			continue
		}
		if err != nil {
			return err
		}
		if strings.HasPrefix(bare(row[0]), "#") {
			continue
		}
		if at < 0 {
			at = t.column(row, list.column)
			continue
		}
		line, _ := rows.FieldPos(0)
		if err := t.add(row, at, list.check); err != nil {
			t.reject(line, err)
		}
		if len(t.entries) > maxEntries {
			return fmt.Errorf("it has more than %d entries", maxEntries)
		}
	}
}

// bare returns a cell without the white space around it. Files put together of several
// have byte order marks in their midst: an entry with one would match nothing, unseen.
func bare(cell string) string {
	return strings.TrimFunc(cell, func(r rune) bool { return unicode.IsSpace(r) || string(r) == byteOrderMark })
}

// column returns which column holds the entries.
func (t *lookupTable) column(header []string, own string) int {
	for i, name := range header {
		if name = fold(bare(name)); name == own || name == "pattern" {
			return i
		}
	}
	t.unnamed = header[0]
	return 0
}

func (t *lookupTable) add(row []string, at int, check func(string) error) error {
	if at >= len(row) {
		return nil
	}
	entry := bare(row[at])
	if entry == "" || strings.HasPrefix(entry, "#") {
		return nil
	}
	if !utf8.ValidString(entry) {
		return fmt.Errorf("%s is not valid UTF-8", show(entry))
	}
	if err := check(entry); err != nil {
		return err
	}
	t.entries = append(t.entries, entry)
	return nil
}

func (t *lookupTable) reject(line int, err error) {
	if t.badRows++; t.badRows <= badRowsShown {
		t.bad = append(t.bad, fmt.Sprintf("line %d: %v", line, err))
	}
}

// warnings tells what a reader of the results has to know about the file.
func (t *lookupTable) warnings() (list []string) {
	if t.badRows > 0 {
		list = append(list, fmt.Sprintf("lookup file %s: %d of its rows are no entries and hide nothing: %s",
			show(t.name), t.badRows, strings.Join(t.bad, "; ")))
	}
	if t.unnamed != "" {
		list = append(list, fmt.Sprintf("lookup file %s: no column is called pattern, so the first one, %s, is taken for it; the first row names the columns and is no entry",
			show(t.name), show(t.unnamed)))
	}
	return list
}
