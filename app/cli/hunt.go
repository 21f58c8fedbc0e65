package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/census"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/engine"
	"github.com/schtaskhunt/schtaskhunt/app/plugins"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sink"
	"github.com/schtaskhunt/schtaskhunt/app/source"
	"github.com/schtaskhunt/schtaskhunt/app/stock"
)

// huntFlags are the flags of hunt beside the options.
var huntFlags = append([]command.Flag{
	stockFlag,
	{Name: "verbose", Short: "v", Help: "also each file with its size and SHA-256, and the options"},
}, outputFlags...)

var huntPage = command.Page{
	Name: "hunt", Line: "hunts in files, folders or - (standard input)", Usage: []string{"hunt [flags] FILE..."}, Options: true, Flags: huntFlags,
	About: `FILE is a file or a folder: Windows event logs (.evtx), or Sysmon or Defender events as XML, JSON or
CSV, plain, .gz, .zst or in a .zip or .tar.
Exit status: 0 done, 1 failed or nothing usable was read, 2 wrong usage.
`,
	Examples: []string{"schtaskhunt hunt -o report.html sysmon.json.gz", "schtaskhunt hunt --recent all --lookback all --min-score 5 logs/"},
}

// hunt hunts in files.
func hunt(args []string, s Streams) error {
	options, rest, err := command.ParseFlags(args, huntFlags...)
	if err != nil {
		return err
	}
	if rest.Help {
		return s.help(huntPage)
	}
	if len(rest.Files) == 0 {
		return command.Usage("hunt needs a file, a folder, or - for standard input: schtaskhunt hunt events.jsonl")
	}
	return huntFiles(options, rest, args, s)
}

// huntFiles hunts in the files of a command line, and writes what the options ask for.
func huntFiles(options command.Options, rest command.Rest, args []string, s Streams) error {
	if err := checkFiles(rest.Files); err != nil {
		return err
	}
	out, err := newOutput(options, rest, s)
	if err != nil {
		return err
	}
	if err := checkApart(out.file, append([]string{rest.Value("marked"), rest.Value(stockFlag.Name)}, rest.Files...), s); err != nil {
		return err
	}
	if options, err = options.LoadLookups(openLookupFile); err != nil {
		return err
	}
	baseline, err := engine.ReadBaseline(options, openLookupFile)
	if err != nil {
		return err
	}
	table, err := stockTable(rest.Value(stockFlag.Name), out.notes())
	if err != nil {
		return err
	}
	opened, err := engine.OpenPlugins(options, findPlugins)
	if err != nil {
		return err
	}
	defer opened.Close()
	f := &fileHunt{
		options: options, rest: rest, out: out, args: args, baseline: baseline, stock: table,
		read: &inputs{hashed: out.options.Format == "html" || rest.Switch("verbose"), bar: newProgress(rest.Files, out.quiet, s)},
	}
	err = untilInterrupted(func(ctx context.Context) error { return f.run(ctx, opened) })
	f.read.bar.clear()
	if errors.Is(err, errInterrupted) {
		return fmt.Errorf("%w: %s read, nothing written", errInterrupted, f.read)
	}
	return err
}

// fileHunt is one hunt in files.
type fileHunt struct {
	options  command.Options
	rest     command.Rest
	out      *output
	args     []string
	read     *inputs
	baseline *census.Census
	stock    *stock.Table
	other    *source.Other // what takes files that are no logs; nil
}

func (f *fileHunt) run(ctx context.Context, opened *plugins.Opened) error {
	again := &source.Files{}
	h, err := engine.Start(engine.Config{
		Options: f.options, Plugins: opened, Again: func() engine.RowsAgain { return again.Again() }, Door: account.Files,
		Baseline: f.baseline, Stock: f.stock,
	})
	if err != nil {
		return err
	}
	defer h.Close()
	read, err := f.readInto(ctx, h, again)
	if err != nil {
		return err
	}
	result, err := h.Finish()
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return err
	}
	if isUseless(result.Ledger) {
		if verbose := f.rest.Switch("verbose"); result.Ledger.Events == 0 {
			read.tellNotes(f.out.streams.Err, verbose) // the error tells of what was left out
		} else {
			read.tellFiles(f.out.streams.Err, verbose)
		}
		fmt.Fprintln(f.out.streams.Err, result.Ledger)
		return read.seen.nothing(result.Ledger, read.skipped, f.rest.Files)
	}
	read.tell(f.out.streams.Err, f.rest.Switch("verbose"))
	for _, text := range read.seen.losses(f.options.Mode) {
		tell(f.out.streams.Err, account.Warn, text)
	}
	return f.finish(result, f.read.list(read.skipped))
}

// finish writes the rows and says what there is to say.
func (f *fileHunt) finish(result account.Result, read []sink.Input) error {
	about := sink.About{Version: Version, Inputs: read, Arguments: f.args, Ledger: result.Ledger, Messages: result.Messages}
	if err := f.out.write(result, about); err != nil {
		return err
	}
	f.detail(about)
	f.out.tell(result.Messages)
	if f.options.Output == command.OutputProposals { // the messages say what there is to say
		return unfound(result)
	}
	return f.out.brief(result, about)
}

// detail says more than most want to know.
func (f *fileHunt) detail(about sink.About) {
	if !f.rest.Switch("verbose") {
		return
	}
	for _, in := range about.Inputs {
		tell(f.out.streams.Err, account.Info, fmt.Sprintf("read %s: %s sha256=%s", in.Name, sink.Bytes(in.Bytes), cmp.Or(in.SHA256, "unknown")))
	}
	tell(f.out.streams.Err, account.Info, "arguments: "+strings.Join(f.args, " "))
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
