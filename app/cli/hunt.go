package cli

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/engine"
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
	{Name: "verbose", Help: "name every file that was left out, and why"},
}

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
	opened, err := engine.OpenPlugins(options, findPlugins)
	if err != nil {
		return err
	}
	defer opened.Close()
	again := &source.Files{}
	h, err := engine.Start(engine.Config{
		Options: options, Plugins: opened, Again: func() engine.RowsAgain { return again.Again() }, Door: account.Files,
	})
	if err != nil {
		return err
	}
	defer h.Close()
	read, err := readInto(h, again, rest.Files, s)
	if err != nil {
		return err
	}
	result, err := h.Finish()
	if err != nil {
		return err
	}
	if isUseless(result.Ledger) {
		read.tellNotes(s.Err)
		fmt.Fprintln(s.Err, result.Ledger)
		return read.seen.nothing(result.Ledger, read.skipped, rest.Files)
	}
	read.tell(s.Err, rest.Switch("verbose"))
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

// reading is what there is to say about the files that were read.
type reading struct {
	broken  *brokenEvents
	seen    *seen
	notes   *source.Notes
	skipped []source.Skipped
}

// tell says it, in the order in which the files were named.
func (r *reading) tell(w io.Writer, all bool) {
	for _, event := range r.broken.first {
		tell(w, "WARN", event.text)
	}
	r.tellNotes(w)
	for _, text := range leftOut(r.skipped, all) {
		tell(w, "WARN", text)
	}
}

// tellNotes says what is wrong with the files themselves.
func (r *reading) tellNotes(w io.Writer) {
	for _, line := range r.notes.Lines() {
		tell(w, "WARN", line)
	}
}

// readInto adds the events of the files to the hunt, on all of its lanes. again gets to
// know the files whose rows can be read again.
func readInto(h engine.Engine, again *source.Files, files []string, s Streams) (*reading, error) {
	r := &reading{broken: &brokenEvents{}, seen: newSeen(), notes: &source.Notes{}}
	feed, err := engine.NewFeed(h, func(lane engine.Lane) func(fileBatch) { return r.batchReader(lane, h.Names()) })
	if err != nil {
		return r, err
	}
	bar := newProgress(files, s)
	stats, err := sendAll(feed, source.Source{Read: bar.read, Files: again, Notes: r.notes}, files, s)
	err = errors.Join(err, feed.Close())
	bar.clear()
	if r.skipped = stats.Skipped; err != nil {
		r.tell(s.Err, false)
	}
	return r, err
}

// fileBatch is a batch of the events of one of the files that were named.
type fileBatch struct {
	file int
	*source.Batch
}

// sendAll cuts the files into parts.
func sendAll(feed *engine.Feed[fileBatch], from source.Source, files []string, s Streams) (all source.Stats, err error) {
	for i, file := range files {
		send := func(b *source.Batch) error {
			feed.Send(fileBatch{i, b})
			return nil
		}
		stats, err := eachBatch(from, file, s, send)
		all.Skipped = append(all.Skipped, stats.Skipped...)
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

func eachBatch(from source.Source, file string, s Streams, fn func(*source.Batch) error) (source.Stats, error) {
	if file == "-" {
		return from.BatchesIn("standard input", s.In, fn)
	}
	return from.Batches(file, fn)
}

// batchReader returns what reads batches with a lane.
func (r *reading) batchReader(lane engine.Lane, names *record.Names) func(fileBatch) {
	rec := record.New(names)
	return func(p fileBatch) {
		_ = p.Each(func(e source.Event) error {
			kind, err := addEvent(lane, e, rec)
			if err != nil {
				r.broken.add(p, e, kind, err)
			}
			r.seen.look(e, kind, err)
			return nil
		})
		p.Free()
	}
}

// addEvent adds one event; the error says what is wrong with it.
func addEvent(lane engine.Lane, e source.Event, rec *record.Record) (event.Kind, error) {
	if e.Text != nil {
		return lane.AddText(e.Text)
	}
	if err := e.Fill(rec); err != nil {
		lane.AddMalformed()
		return event.Malformed, errors.Unwrap(err)
	}
	return lane.Add(rec)
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
