package cli

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/schtaskhunt/schtaskhunt/app"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sink"
	"github.com/schtaskhunt/schtaskhunt/app/source"
)

// huntFlags are the flags of hunt beside the options.
var huntFlags = []command.Flag{
	{Name: "format", Value: "table|csv|json", Check: command.OneOf(sink.Formats...),
		Help: "how to print rows; table on a terminal, else csv"},
}

// badShown is how many broken events are named; the ledger counts all.
const badShown = 3

// hunt hunts in files.
func hunt(args []string, s Streams) error {
	options, rest, err := command.ParseFlags(args, huntFlags...)
	if err != nil {
		return err
	}
	if rest.Help {
		fmt.Fprint(s.Out, command.Help(huntFlags...))
		return nil
	}
	if len(rest.Files) == 0 {
		return command.Usage("hunt needs a file, a folder, or - for standard input: schtaskhunt hunt events.jsonl")
	}
	if err := checkFiles(rest.Files); err != nil {
		return err
	}
	if options, err = options.LoadLookups(openLookupFile); err != nil {
		return err
	}
	h, err := app.Start(options)
	if err != nil {
		return err
	}
	defer h.Close()
	if err := readInto(h, rest.Files, s); err != nil {
		return err
	}
	result, err := h.Finish()
	if err != nil {
		return err
	}
	if err := sink.Write(s.Out, formatFor(rest, s.Out), result.Columns, result.Rows); err != nil {
		return err
	}
	for _, m := range result.Messages {
		tell(s.Err, m.Level, m.Text)
	}
	return nil
}

// checkFiles finds a name that is an option as the search bar has it, rather than a
// file.
func checkFiles(files []string) error {
	for _, file := range files {
		flag, isOption := command.LooksLikeOption(file)
		if _, err := os.Stat(file); isOption && err != nil {
			return command.Usage("%q is written for Splunk's search bar; on the command line it is %s", file, flag)
		}
	}
	return nil
}

// readInto adds the events of the files to the hunt, and names the first broken ones.
func readInto(h app.Engine, files []string, s Streams) error {
	rec := record.New(h.Names())
	lane, err := h.Lane()
	if err != nil {
		return err
	}
	bar := newProgress(files, s)
	defer bar.clear()
	bad := 0
	add := func(e source.Event) error {
		kind, err := addEvent(lane, e, rec)
		if err != nil {
			if bad++; bad <= badShown {
				bar.clear()
				tell(s.Err, "WARN", fmt.Sprintf("%s:%d: %s: %v%s", e.File, e.Line, fate(kind), err, hint(err)))
			}
		}
		return nil
	}
	for _, file := range files {
		stats, err := eachEvent(source.Source{Read: bar.read}, file, s, add)
		if err != nil {
			return err
		}
		for _, skipped := range stats.Skipped {
			bar.clear()
			tell(s.Err, "WARN", fmt.Sprintf("left out: %v", skipped.Reason))
		}
	}
	return nil
}

// addEvent adds one event; the error says what is wrong with it.
func addEvent(h app.Lane, e source.Event, rec *record.Record) (event.Kind, error) {
	if e.Text != nil {
		return h.AddText(e.Text)
	}
	if err := e.Fill(rec); err != nil {
		h.AddMalformed()
		return event.Malformed, errors.Unwrap(err)
	}
	return h.Add(rec)
}

func eachEvent(from source.Source, file string, s Streams, fn func(source.Event) error) (source.Stats, error) {
	if file == "-" {
		return from.EachIn("standard input", s.In, fn)
	}
	return from.Each(file, fn)
}

func formatFor(rest command.Rest, out io.Writer) string {
	if f := rest.Value("format"); f != "" {
		return f
	}
	if isTerminal(out) {
		return "table"
	}
	return "csv"
}

// tell prints a message for people. The ledger's line bears the program's name
// already and stands alone, for programs to read.
func tell(w io.Writer, level, text string) {
	if level == "WARN" {
		text = "warning: " + text
	}
	fmt.Fprintln(w, row.Printable(text))
}

// printableError escapes an error's text, in which file names and values stand.
func printableError(err error) string { return row.Printable(err.Error()) }
