package cli

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sink"
)

// outputFlags are the flags of every subcommand that prints rows.
var outputFlags = []command.Flag{
	{Name: "format", Value: strings.Join(sink.Formats, "|"), Check: command.OneOf(sink.Formats...),
		Help: "how to print; the ending of -o decides, else table"},
	{Name: "out-file", Short: "o", Value: "<file>", Check: checkOutFile, Help: "write to a file: .txt, .csv, .json, .jsonl, .html, .mmd or .dot"},
	{Name: "details", Value: "none|best|all", Default: "best", Check: command.OneOf(sink.Details...),
		Help: "of a table: no trees, each finding's best tree, or the trees of all runs"},
	{Name: "order", Value: "auto|first|last", Default: "auto", Check: command.OneOf(sink.Orders...),
		Help: "of a table: where the highest score stands; auto: last where a terminal shows the end without a pager"},
	{Name: "width", Value: "<n>", Check: command.Whole(sink.LeastWidth), Help: "of a table: columns; the terminal's, else COLUMNS, else 120"},
	{Name: "color", Value: "auto|always|never", Default: "auto", Check: command.OneOf("auto", "always", "never"),
		Help: "of a table; auto: on a terminal without NO_COLOR"},
	{Name: "times", Value: strings.Join(sink.Times, "|"), Default: "epoch", Check: command.OneOf(sink.Times...),
		Help: "of csv, json and jsonl: epoch seconds, ISO 8601 in UTC, or in local time"},
	{Name: "safe", Help: "of csv: no cell that a spreadsheet takes for a formula"},
	{Name: "finding", Value: "<id>", Help: "only the finding, or tree, of this id; what mermaid and dot draw"},
	{Name: "no-pager", Help: "print a long table at once"},
	{Name: "quiet", Short: "q", Help: "no progress and no messages but warnings and errors"},
}

// outputFlag returns one of them, for a subcommand that has no use for all.
func outputFlag(name string) command.Flag {
	return outputFlags[slices.IndexFunc(outputFlags, func(f command.Flag) bool { return f.Name == name })]
}

// output is where rows go, and how they are written.
type output struct {
	options sink.Options
	file    string // "" for Out
	quiet   bool
	pager   bool // may be used
	told    bool // all but the warnings, before the rows
	list    list // what the rows are when they are no findings
	streams Streams
}

// newOutput reads the flags. Where none says otherwise, a list is written as CSV, which is what
// other programs, --allow and --baseline read.
func newOutput(options command.Options, rest command.Rest, s Streams) (*output, error) {
	o := &output{file: rest.Value("out-file"), quiet: rest.Switch("quiet"), pager: !rest.Switch("no-pager"), streams: s}
	o.options = sink.Options{
		Format: rest.Value("format"), Times: rest.Value("times"), Safe: rest.Switch("safe"), Finding: rest.Value("finding"),
		Details: rest.Value("details"), Order: rest.Value("order"),
	}
	list, isList := lists[options.Output]
	o.list = list
	if options.Output == command.OutputProposals {
		o.options.Finding = "" // each that is proposed for, not the one that a picture would be of
	}
	if o.options.Format == "" {
		format, known := sink.FormatOf(o.file)
		if !known {
			return nil, command.Usage("the ending of %q names no format: it is one of %s, or --format says it%s",
				o.file, strings.Join(sink.Endings(), ", "), command.Suggestion(filepath.Ext(o.file), sink.Endings()...))
		}
		if isList && o.file == "" {
			format = "csv"
		}
		o.options.Format = format
	}
	if err := o.checkFlags(rest); err != nil {
		return nil, err
	}
	if isList && !slices.Contains(listFormats, o.options.Format) {
		return nil, command.Usage("%s, which --format %s cannot draw: choose one of %s", list.what, o.options.Format, strings.Join(listFormats, ", "))
	}
	o.options.Width = widthFor(rest, o.target())
	o.options.Color = colorFor(rest.Value("color"), o.target())
	return o, nil
}

// checkFlags refuses what the format has no use for: who gives a flag expects it to do
// something.
func (o *output) checkFlags(rest command.Rest) error {
	csvLike := []string{"csv", "json", "jsonl", "timesketch"}
	for name, formats := range map[string][]string{"safe": {"csv", "timesketch"}, "times": csvLike[:3]} {
		if given := rest.Value(name); given != "" && given != "epoch" && !slices.Contains(formats, o.options.Format) {
			return command.Usage("--%s is for --format %s, and the format is %s", name, strings.Join(formats, ", "), o.options.Format)
		}
	}
	return nil
}

// target is what is written to, when that may be a terminal.
func (o *output) target() io.Writer {
	if o.file != "" {
		return nil
	}
	return o.streams.Out
}

// write writes the rows.
func (o *output) write(result account.Result, about sink.About) error {
	if result.Unanswered() { // an allow-list that was there stays
		return nil
	}
	if o.file == "" {
		return o.print(result, about)
	}
	rows := func(w io.Writer) error { return sink.Write(w, o.options, result.Columns, result.Rows, about) }
	if isStream(o.file, o.streams.Out) {
		return rows(o.streams.Out)
	}
	inPlace, err := replace(o.file, rows)
	if err != nil {
		return fmt.Errorf("writing %s: %w", o.file, err)
	}
	if inPlace {
		tell(o.streams.Err, account.Warn, o.file+" was written over in place, as its folder takes no new file: a run that fails would leave half of it")
	}
	return nil
}

// brief ends a run whose rows went to a file: the first findings, or how long a list is, and
// where the file is.
func (o *output) brief(result account.Result, about sink.About) error {
	if o.file == "" || o.quiet || result.Unanswered() || isStream(o.file, o.streams.Out) {
		return nil
	}
	if o.list.sums != nil {
		_, err := fmt.Fprintf(o.streams.Out, "%s\n\nwritten to %s\n", o.list.sums(result.Rows), row.Printable(o.file))
		return err
	}
	return sink.Brief(o.streams.Out, sink.Options{Width: widthFor(command.Rest{}, o.streams.Out), Color: colorFor("auto", o.streams.Out)},
		result.Rows, about, o.file)
}

// print writes to Out, through a pager where that helps.
func (o *output) print(result account.Result, about sink.About) error {
	if o.options.Format != "table" || !isTerminal(o.streams.Out) {
		return sink.Write(o.streams.Out, o.options, result.Columns, result.Rows, about)
	}
	return page(o.streams.Out, o.pager, func(w io.Writer, paged bool) error {
		options := o.options
		options.ShowsEnd = !paged
		if options.ShowsEnd && !o.quiet && isTerminal(o.streams.Err) { // the end of the screen is for the findings
			o.tellNotes(result.Messages)
		}
		return sink.Write(w, options, result.Columns, result.Rows, about)
	})
}

// notes is where what is said goes: warnings, and the rest, which may not be wanted.
type notes struct{ warnings, rest io.Writer }

func (o *output) notes() notes {
	if o.quiet {
		return notes{o.streams.Err, io.Discard}
	}
	return notes{o.streams.Err, o.streams.Err}
}

// tellNotes says what is no warning before the rows are written; tell then leaves it out.
func (o *output) tellNotes(messages account.Messages) {
	o.told = true
	for _, m := range messages {
		if m.Level != account.Warn {
			tell(o.streams.Err, m.Level, m.Text)
		}
	}
}

// tell says what a run has to say, at the end.
func (o *output) tell(messages account.Messages) {
	for _, m := range messages {
		if m.Level == account.Warn || !o.quiet && !o.told {
			tell(o.streams.Err, m.Level, m.Text)
		}
	}
}
