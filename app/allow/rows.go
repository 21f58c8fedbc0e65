package allow

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Columns are those of entries in a file, in order. The first ones are the conditions; a cell
// with several values has a line for each. What is behind `expires` is for people.
var Columns = []string{"entry", "finding_id", "root_kind", "task_name", "chain", "process", "process_slots", "user", "remote", "departs", "added", "expires"}

const date = "2006-01-02"

// Values are the cells of an entry, in the order of Columns.
func (e *Entry) Values(added event.Time) []string {
	return []string{
		e.ID, e.Finding, e.Kind, cell(e.Tasks), cell(e.Chains), cell(e.Exact), cell(e.InSlots), cell(e.Users), cell(e.Remotes), cell(e.Departs),
		added.Std().Format(date), e.Expires.Std().Format(date),
	}
}

func cell(set []string) string {
	if len(set) == 0 {
		return None
	}
	return strings.Join(set, "\n")
}

// Bounds of a file: as many entries as an allow-list may have, and more than they take.
const (
	mostEntries = 10_000
	mostBytes   = 64 << 20
	badShown    = 3
)

// Read reads the entries of a file: CSV whose first row names its columns. A row that is no
// entry hides nothing and is told in warnings; one that says why nothing was proposed is left
// out. The error is of the file as a whole. Of an entry that is there twice, the one that
// expires last counts.
func Read(r io.Reader) (entries []Entry, warnings []string, err error) {
	limited := &io.LimitedReader{R: r, N: mostBytes + 1}
	buffered := bufio.NewReader(limited)
	if mark, _ := buffered.Peek(3); string(mark) == "\ufeff" {
		_, _ = buffered.Discard(3)
	}
	rows := csv.NewReader(buffered)
	rows.FieldsPerRecord = -1
	t := &table{}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if broken := (*csv.ParseError)(nil); errors.As(err, &broken) {
			t.reject(broken.StartLine, broken.Err)
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		line, _ := rows.FieldPos(0)
		if err := t.take(row, line); err != nil {
			return nil, nil, err
		}
	}
	switch {
	case limited.N == 0:
		return nil, nil, fmt.Errorf("it is larger than %d MB", mostBytes>>20)
	case len(t.entries) > mostEntries:
		return nil, nil, fmt.Errorf("it has %d entries, more than %d: leave out those that have expired", len(t.entries), mostEntries)
	}
	return t.entries, t.warnings(), nil
}

// table is a file being read.
type table struct {
	at      map[string]int // by column
	entries []Entry
	bad     []string
	badRows int
}

func (t *table) reject(line int, err error) {
	if t.badRows++; t.badRows <= badShown {
		t.bad = append(t.bad, fmt.Sprintf("line %d: %v", line, err))
	}
}

func (t *table) warnings() []string {
	if t.badRows == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%d of its rows are no entries and hide nothing: %s", t.badRows, strings.Join(t.bad, "; "))}
}

// take takes the first row, which names the columns, or an entry.
func (t *table) take(row []string, line int) error {
	if strings.HasPrefix(strings.TrimSpace(row[0]), "#") {
		return nil
	}
	if t.at == nil {
		t.at = make(map[string]int)
		for i, name := range row {
			t.at[strings.ToLower(strings.TrimSpace(name))] = i
		}
		for _, name := range Columns {
			if _, there := t.at[name]; !there {
				return fmt.Errorf("it has no column %s: its entries are those that propose writes", name)
			}
		}
		return nil
	}
	if slices.Contains(row, Columns[0]) && slices.Contains(row, "expires") {
		return nil // the first row of another file that was put behind this one
	}
	if t.cell(row, "refused") != "" || !slices.ContainsFunc(row, func(c string) bool { return strings.TrimSpace(c) != "" }) {
		return nil
	}
	e, err := t.entry(row)
	if err != nil {
		t.reject(line, err)
		return nil
	}
	if i := slices.IndexFunc(t.entries, func(o Entry) bool { return o.ID == e.ID }); i >= 0 {
		t.entries[i].Expires = max(t.entries[i].Expires, e.Expires)
		return nil
	}
	t.entries = append(t.entries, e)
	return nil
}

func (t *table) cell(row []string, column string) string {
	if i, there := t.at[column]; there && i < len(row) {
		return row[i]
	}
	return ""
}

// entry reads a row. A condition that is missing would make the entry hide more, so none may
// be; and what was changed by hand or by a spreadsheet is not what was shown.
func (t *table) entry(row []string) (e Entry, err error) {
	for i, column := range Columns {
		text := t.cell(row, column)
		switch {
		case !utf8.ValidString(text):
			return e, fmt.Errorf("%s is not valid UTF-8", column)
		case strings.TrimSpace(text) == "" && column != "finding_id" && column != "added":
			return e, fmt.Errorf("%s is empty: an entry without it would hide more than was proposed", Columns[i])
		}
	}
	e = Entry{
		Finding: t.cell(row, "finding_id"), Kind: t.cell(row, "root_kind"), Tasks: strings.Split(clean(t.cell(row, "task_name")), "\n"),
		Chains: t.set(row, "chain"), Exact: t.set(row, "process"), InSlots: t.set(row, "process_slots"),
		Users: strings.Split(clean(t.cell(row, "user")), "\n"), Remotes: t.set(row, "remote"), Departs: t.set(row, "departs"),
	}
	day, err := time.Parse(date, strings.TrimSpace(t.cell(row, "expires")))
	if err != nil {
		return e, fmt.Errorf("expires is %q, and not a date such as 2026-11-29", t.cell(row, "expires"))
	}
	e.Expires = event.Time(day.Unix()) * event.Second
	e.seal()
	if id := strings.TrimSpace(t.cell(row, "entry")); id != e.ID {
		return e, fmt.Errorf("entry %q was changed since it was proposed: what it hides nobody has looked at; propose it anew, or take the row as it was", id)
	}
	return e, nil
}

func (t *table) set(row []string, column string) []string {
	text := clean(t.cell(row, column))
	if text == None {
		return nil
	}
	return strings.Split(text, "\n")
}

// clean undoes what programs do to line breaks within a cell.
func clean(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }
