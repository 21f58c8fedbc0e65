package cli

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/engine"
	"github.com/schtaskhunt/schtaskhunt/app/sink"
	"github.com/schtaskhunt/schtaskhunt/app/source"
	"github.com/schtaskhunt/schtaskhunt/app/task/inventory"
)

var taskFlags = []command.Flag{
	{Name: "format", Value: "csv|json|jsonl", Check: command.OneOf("csv", "json", "jsonl"), Help: "how to print rows; the ending of -o decides, else csv"},
	{Name: "out-file", Short: "o", Value: "<file>", Check: checkOutFile, Help: "write to a file: .csv, .json or .jsonl"},
	outputFlag("times"), outputFlag("safe"),
	{Name: "dates", Value: "dmy|mdy", Check: command.OneOf("dmy", "mdy"), Help: "whether 06/11/2026 has the day or the month first, where nothing in the events tells"},
	{Name: "verbose", Short: "v", Help: "also each file that was left out, or is damaged"},
	outputFlag("quiet"),
}

var tasksPage = command.Page{
	Name: "tasks", Line: "lists the tasks that events, task files as XML, Autoruns and Velociraptor tell of",
	Usage: []string{"tasks [flags] FILE..."},
	About: `One row a task: its name, action, author, trigger, since when it is there, where it ran, what it
connected to and the finding that it is of.
FILE is an event log, a task as Windows keeps it in C:\Windows\System32\Tasks, what
schtasks /query /xml prints, a CSV of Autoruns, what Velociraptor's Windows.System.TaskScheduler
found; plain, .gz, .zst, in a folder or in a .zip or .tar of these.
`,
	Flags:    taskFlags,
	Examples: []string{"schtaskhunt tasks events.jsonl", `schtaskhunt tasks --format json Tasks/`},
}

// listTasks lists the tasks that events and exports tell of.
func listTasks(args []string, s Streams) error {
	rest, err := command.ParseDeclared(args, taskFlags...)
	if err != nil {
		return err
	}
	if rest.Help {
		return s.help(tasksPage)
	}
	if len(rest.Files) == 0 {
		return command.Usage("tasks needs event logs, task files as XML, an Autoruns CSV or Velociraptor's results: schtaskhunt tasks events.jsonl Tasks/")
	}
	options, err := taskOptions(rest)
	if err != nil {
		return err
	}
	out, err := newOutput(options, rest, s)
	if err != nil {
		return err
	}
	if err := checkApart(out.file, rest.Files, s); err != nil {
		return err
	}
	l := &taskLister{inventory: inventory.New(), streams: s, verbose: rest.Switch("verbose"), out: out}
	var result account.Result
	err = untilInterrupted(func(ctx context.Context) error {
		result, err = l.list(ctx, options, rest)
		return err
	})
	if err != nil {
		return err
	}
	result.Columns = inventory.Header.Names // also where there was no hunt
	if err := out.write(result, sink.About{}); err != nil {
		return err
	}
	if out.file != "" {
		tell(out.notes().rest, account.Info, "written to "+out.file)
	}
	return nil
}

// taskOptions are those of a hunt in all the time that the files tell of.
func taskOptions(rest command.Rest) (command.Options, error) {
	wanted := []string{"--output", "tasks", "--recent", "all", "--lookback", "all"}
	if dates := rest.Value("dates"); dates != "" {
		wanted = append(wanted, "--dates", dates)
	}
	options, _, err := command.ParseFlags(wanted)
	return options, err
}

// taskLister reads files into an inventory: exports of tasks at once, and logs of events by a
// hunt, which knows what the runs of tasks did.
type taskLister struct {
	inventory *inventory.Inventory
	streams   Streams
	verbose   bool
	out       *output
	exports   int // files of tasks
}

// exported takes the files that are exports of tasks. Larger files are logs of events.
func (l *taskLister) exported() *source.Other {
	return &source.Other{Begins: inventory.MayBeExport, Most: inventory.MostFile, Take: func(path, within string, text []byte) bool {
		if whole, err := filepath.Abs(path); err == nil { // what was given may lie in the folder of tasks
			path = whole
		}
		isExport := l.inventory.AddFile(inventory.FileTask(path, within), text)
		if isExport {
			l.exports++
		}
		return isExport
	}}
}

// list hunts in the files, and returns the tasks of all.
func (l *taskLister) list(ctx context.Context, options command.Options, rest command.Rest) (account.Result, error) {
	again := &source.Files{}
	h, err := engine.Start(engine.Config{
		Options: options, Again: func() engine.RowsAgain { return again.Again() }, Door: account.Files, Inventory: l.inventory,
	})
	if err != nil {
		return account.Result{}, err
	}
	defer h.Close()
	f := &fileHunt{
		options: options, rest: rest, out: &output{streams: l.streams, quiet: true}, other: l.exported(),
		read: &inputs{bar: newProgress(rest.Files, l.out.quiet, l.streams)},
	}
	read, err := f.readInto(ctx, h, again)
	if err != nil {
		return account.Result{}, err
	}
	result, err := h.Finish()
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return account.Result{}, err
	}
	if result.Ledger.Events > 0 { // what is exported needs no events
		f.out.tell(result.Messages)
	}
	read.tell(l.streams.Err, l.verbose)
	l.tell(result)
	return result, nil
}

// tell says what was read of tasks.
func (l *taskLister) tell(result account.Result) {
	if n := l.inventory.Unread; n > 0 {
		tell(l.streams.Err, account.Warn, fmt.Sprintf("definitions of tasks that could not be read: %d", n))
	}
	if n := l.inventory.Cut; n > 0 {
		tell(l.streams.Err, account.Warn, fmt.Sprintf("definitions of tasks of which only the beginning could be read: %d", n))
	}
	fmt.Fprintf(l.out.notes().rest, "schtaskhunt tasks: events=%d exports=%d tasks=%d\n", result.Ledger.Events, l.exports, len(result.Rows))
}
