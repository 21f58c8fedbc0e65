// Package sink writes rows: as CSV, as JSON lines, and as pictures for people, which are
// all made of one view of findings and trees.
//
// A format has one place to be added: the table of formats here.
package sink

import (
	"bufio"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sink/screen"
	"github.com/schtaskhunt/schtaskhunt/app/sink/view"
)

// About is what is said about a run beside its rows.
type About = view.About

// Input is a file that was read.
type Input = view.Input

// Color is how many colours a terminal has.
type Color = screen.Color

// The kinds of terminals.
const (
	NoColor       = screen.NoColor
	SixteenColors = screen.SixteenColors
	TrueColor     = screen.TrueColor
)

// LeastWidth is the least number of columns that a table may have.
const LeastWidth = screen.LeastWidth

// Bytes is an amount of bytes in words.
func Bytes(n int64) string { return view.Bytes(n) }

// Options say how to write.
type Options struct {
	Format  string // one of Formats
	Times   string // one of Times, "" for epoch; of csv, json and jsonl
	Safe    bool   // of csv: nothing that a spreadsheet takes for a formula
	Finding string // only the finding or tree of this id; "" for all

	// Of table. ShowsEnd says that whoever reads it sees its end first.
	Width          int
	Color          Color
	Details, Order string // of Details and Orders, "" for the first of each
	ShowsEnd       bool
}

// Details and Orders are what the options of that name may be.
var (
	Details = []string{"best", "none", "all"}
	Orders  = []string{"auto", "first", "last"}
)

// job is one writing of rows.
type job struct {
	Options
	out     *bufio.Writer
	columns []string
	rows    []row.Row
	about   *About
}

// format is one way of writing.
type format struct {
	name    string
	endings []string // of files
	write   func(*job) error
}

var formats = []format{
	{"table", []string{".txt", ""}, writePicture},
	{"csv", []string{".csv"}, writeCSV},
	{"json", []string{".json"}, writeJSON},
	{"jsonl", []string{".jsonl", ".ndjson"}, writeLines},
	{"html", []string{".html", ".htm"}, writePage},
	{"mermaid", []string{".mmd", ".mermaid"}, writeGraph},
	{"dot", []string{".dot", ".gv"}, writeGraph},
	{"timesketch", nil, writeTimesketch},
}

// Formats lists what Options.Format may be.
var Formats = func() (names []string) {
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}()

// Endings lists the endings of files that name a format.
func Endings() (all []string) {
	for _, f := range formats {
		all = append(all, f.endings...)
	}
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}

// FormatOf returns the format that a file's ending names; of no file it is table.
func FormatOf(file string) (name string, known bool) {
	ending := strings.ToLower(filepath.Ext(file))
	for _, f := range formats {
		if slices.Contains(f.endings, ending) && (ending != "" || file == "") {
			return f.name, true
		}
	}
	return "", false
}

// Write writes the rows to w. CSV has a header and LF line ends; JSON is one object a line
// with every column, in order.
func Write(w io.Writer, o Options, columns []string, rows []row.Row, about About) error {
	at := slices.IndexFunc(formats, func(f format) bool { return f.name == o.Format })
	if at < 0 {
		return fmt.Errorf("format %q is not one of %s", o.Format, strings.Join(Formats, ", "))
	}
	rows, err := chosen(rows, o.Finding)
	if err != nil {
		return err
	}
	j := &job{Options: o, out: bufio.NewWriter(w), columns: columns, rows: rows, about: &about}
	if err := formats[at].write(j); err != nil {
		return fmt.Errorf("writing rows: %w", err)
	}
	if err := j.out.Flush(); err != nil {
		return fmt.Errorf("writing rows: %w", err)
	}
	return nil
}

// chosen are the rows of one finding or tree.
func chosen(rows []row.Row, id string) ([]row.Row, error) {
	if id == "" {
		return rows, nil
	}
	var some []row.Row
	for _, r := range rows {
		if strings.EqualFold(r.Get("finding_id"), id) || strings.EqualFold(r.Get("tree_id"), id) {
			some = append(some, r)
		}
	}
	if len(some) == 0 {
		return nil, fmt.Errorf("no finding and no tree among %d rows has the id %q: the list of findings shows theirs", len(rows), id)
	}
	return some, nil
}

// Brief writes what was read and the first three findings, for who has a file of the rest.
func Brief(w io.Writer, o Options, rows []row.Row, about About, file string) error {
	findings := view.Of(rows)
	if err := screen.Brief(w, findings, &about, 3, screen.Options{Width: o.Width, Color: o.Color}); err != nil {
		return fmt.Errorf("writing the summary: %w", err)
	}
	_, err := fmt.Fprintf(w, "\nwritten to %s\n", row.Printable(file))
	return err
}

// writePicture draws rows for people: findings, or what the original query returns.
func writePicture(j *job) error {
	if slices.Contains(j.columns, "N_InitiatingProcessId") {
		return writeQuery(j.out, j.rows)
	}
	o := screen.Options{Width: j.Width, Color: j.Color, Last: j.Order == "last" || j.Order != "first" && j.ShowsEnd}
	o.Open = j.Details == "all" || j.Finding != ""
	switch j.Details {
	case "none":
		o.Details = screen.None
	case "all":
		o.Details = screen.All
	}
	return screen.Write(j.out, view.Of(j.rows), j.about, o)
}
