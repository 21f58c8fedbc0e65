package census

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// mostBytes is how much a file of a census may hold, unpacked: twelve times what 10^4
// devices and 90 days take.
const mostBytes = 512 << 20

// Open opens a census by its name.
type Open func(name string) (io.ReadCloser, error)

// Load reads censuses and returns their union, counted under the options given. What one
// of them lacks is an error: nothing is used of a file that is not whole.
func Load(names []string, options string, open Open) (*Census, error) {
	all := New(options)
	for _, name := range names {
		if err := all.load(name, open); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (c *Census) load(name string, open Open) error {
	file, err := open(name)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // it was only read
	runs, err := c.read(file)
	if err != nil {
		return fmt.Errorf("reading census %q: %w", name, err)
	}
	if runs == 0 {
		c.Empty = append(c.Empty, name)
	}
	return nil
}

// record is a row of a file.
type record struct {
	cells []string // in the order of Header
	line  int
}

// run is what a file has of one run.
type run struct {
	id    string
	head  *record
	rows  []record
	sums  []uint64
	first int // line
}

// Read adds the runs of a file as CSV, in any order of rows and columns, repeated or not.
// After an error the census is not to be used.
func (c *Census) Read(file io.Reader) error {
	_, err := c.read(file)
	return err
}

// read is Read, and counts the runs of the file.
func (c *Census) read(file io.Reader) (int, error) {
	limited := &io.LimitedReader{R: file, N: mostBytes + 1}
	runs, err := readRuns(limited)
	switch {
	case limited.N == 0:
		return 0, fmt.Errorf("it is larger than %d MB: write it anew with output=census, which leaves out what is old", mostBytes>>20)
	case err != nil:
		return 0, err
	}
	for _, r := range runs {
		if err := r.check(c.Options); err != nil {
			return 0, err
		}
		one := New(c.Options)
		if err := one.decode(r); err != nil {
			return 0, err
		}
		one.Runs[r.id] = struct{}{}
		c.Unite(one)
	}
	return len(runs), nil
}

// readRuns sorts the rows of a file by their runs, in the order of ids.
func readRuns(file io.Reader) (all []*run, err error) {
	rows := csv.NewReader(file)
	rows.FieldsPerRecord = -1 // a header further down may name more columns
	head, err := readHeader(rows)
	if err != nil {
		return nil, err
	}
	runs := make(map[string]*run)
	for {
		cells, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, broken(err)
		}
		line, _ := rows.FieldPos(0)
		if another, lacks := headerOf(cells); lacks == "" { // of a file that was put behind this one
			head = another
			continue
		}
		rec, err := head.record(cells, line)
		if err != nil {
			return nil, err
		}
		id := rec.cells[atRun]
		if runs[id] == nil {
			runs[id] = &run{id: id, first: line}
			all = append(all, runs[id])
		}
		runs[id].add(rec)
	}
	slices.SortFunc(all, func(a, b *run) int { return strings.Compare(a.id, b.id) })
	return all, nil
}

// record is a row with its cells in the order of Header.
func (h header) record(cells []string, line int) (record, error) {
	if len(cells) != h.columns {
		return record{}, broken(&csv.ParseError{Line: line, Err: csv.ErrFieldCount})
	}
	rec := record{make([]string, columns), line}
	for i, from := range h.at {
		rec.cells[i] = cells[from]
	}
	if rec.cells[1] != "census" {
		return record{}, fmt.Errorf("line %d: the row is of kind %q, not census: keep other rows in another file", line, short(rec.cells[1]))
	}
	return rec, nil
}

func broken(err error) error {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return fmt.Errorf("line %d: %w: the file was cut or changed; write it anew with output=census", parse.Line, parse.Err)
	}
	return err
}

// header is a row that names columns.
type header struct {
	at      []int // where those of Header stand
	columns int   // how many there are
}

func readHeader(rows *csv.Reader) (header, error) {
	cells, err := rows.Read()
	if errors.Is(err, io.EOF) {
		return header{}, errors.New("it is empty: write a census with output=census first")
	}
	if err != nil {
		return header{}, broken(err)
	}
	h, lacks := headerOf(cells)
	if lacks != "" {
		return header{}, fmt.Errorf("line 1: there is no column %s, so this is no census: write one with output=census", lacks)
	}
	return h, nil
}

// headerOf reads a row as a header; lacks is a column that it does not name, and then it is none.
func headerOf(cells []string) (h header, lacks string) {
	h.columns = len(cells)
	for _, name := range Header.Names {
		i := slices.IndexFunc(cells, func(cell string) bool { return strings.TrimPrefix(strings.TrimSpace(cell), "\ufeff") == name })
		if i < 0 {
			return header{}, name
		}
		h.at = append(h.at, i)
	}
	return h, ""
}

// add adds a row, once if it is there several times.
func (r *run) add(rec record) {
	if rec.cells[atKind] == "run" {
		if r.head == nil || slices.Compare(r.head.cells, rec.cells) == 0 {
			r.head = &rec
			return
		}
	}
	r.rows = append(r.rows, rec)
	r.sums = append(r.sums, sumOf(rec.cells))
}

// check reports what is wrong with a run as a whole.
func (r *run) check(options string) error {
	if r.head == nil {
		return fmt.Errorf("line %d: run %q has rows but no head: the file was cut; write it anew with output=census", r.first, short(r.id))
	}
	if version, err := strconv.Atoi(r.head.cells[atTask]); err != nil || version < oldest || version > Version {
		return fmt.Errorf("line %d: run %s is of version %q of the format, and this program reads %d to %d: write it anew with this program's output=census",
			r.head.line, short(r.id), short(r.head.cells[atTask]), oldest, Version)
	}
	r.once()
	rows, err := strconv.Atoi(r.head.cells[atDetail])
	if err != nil || rows != len(r.rows) || runID(r.head.cells, slices.Clone(r.sums)) != r.id {
		return fmt.Errorf("line %d: run %s should have %s rows, and %d are there, which do not add up to its id: the file was cut or changed; write it anew with output=census",
			r.head.line, short(r.id), short(r.head.cells[atDetail]), len(r.rows))
	}
	if counted, ok := unescape(r.head.cells[atKey]); !ok || counted != options {
		return fmt.Errorf("line %d: run %s was counted under %q, and this hunt is under %q: use the same options, or a census of its own for each",
			r.head.line, short(r.id), short(counted), options)
	}
	return nil
}

// once leaves out repeated rows.
func (r *run) once() {
	seen := make(map[uint64]bool, len(r.rows))
	rows, sums := r.rows[:0], r.sums[:0]
	for i, sum := range r.sums {
		if !seen[sum] {
			seen[sum] = true
			rows, sums = append(rows, r.rows[i]), append(sums, sum)
		}
	}
	r.rows, r.sums = rows, sums
}

// short is a value for a message.
func short(text string) string {
	const most = 80
	if len(text) > most {
		return strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}
