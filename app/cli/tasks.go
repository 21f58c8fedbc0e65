package cli

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/engine"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sink"
	"github.com/schtaskhunt/schtaskhunt/app/source"
	"github.com/schtaskhunt/schtaskhunt/app/task/inventory"
)

var taskFlags = []command.Flag{
	{Name: "format", Value: "csv|json", Default: "csv", Check: command.OneOf("csv", "json"), Help: "how to print rows"},
}

var tasksPage = command.Page{
	Name: "tasks", Line: "lists the tasks that events, task files as XML, Autoruns and Velociraptor tell of",
	Usage: []string{"tasks [--format csv|json] FILE..."},
	About: `One row a task: its name, action, author, trigger, since when it is there, where it ran, what it
connected to and the finding that it is of.
FILE is an event log, a task as Windows keeps it in C:\Windows\System32\Tasks, what
schtasks /query /xml prints, a CSV of Autoruns, what Velociraptor's Windows.System.TaskScheduler
found, or a folder of these.
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
		s.help(tasksPage)
		return nil
	}
	if len(rest.Files) == 0 {
		return command.Usage("tasks needs event logs, task files as XML, an Autoruns CSV or Velociraptor's results: schtaskhunt tasks events.jsonl Tasks/")
	}
	l := &taskLister{inventory: inventory.New(), streams: s}
	for _, file := range rest.Files {
		if err := l.add(file); err != nil {
			return err
		}
	}
	rows, err := l.rows()
	if err != nil {
		return err
	}
	l.tell(s.Err, len(rows))
	return sink.Write(s.Out, sink.Options{Format: rest.Value("format")}, inventory.Header.Names, rows, sink.About{})
}

// taskLister reads files into an inventory: exports of tasks at once, and logs of events by a
// hunt, which knows what the runs of tasks did.
type taskLister struct {
	inventory *inventory.Inventory
	streams   Streams
	logs      []string
	events    int
	exports   int // files of tasks
	skipped   []source.Skipped
}

// add takes a file, or all files below a folder.
func (l *taskLister) add(path string) error {
	if info, err := os.Stat(path); path == "-" || err != nil || !info.IsDir() {
		return l.addFile(path, filepath.Base(path))
	}
	return filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		name, relErr := filepath.Rel(path, file)
		if relErr == nil {
			relErr = l.addFile(file, filepath.ToSlash(name))
		}
		if relErr != nil { // within a folder, what cannot be read is left out and said
			l.skipped = append(l.skipped, source.Skipped{File: file, Reason: relErr})
		}
		return nil
	})
}

// addFile takes one file: an export of tasks, or a log of events.
func (l *taskLister) addFile(path, name string) error {
	if path != "-" {
		isExport, err := l.addExport(path, name)
		if isExport || err != nil {
			return err
		}
	}
	l.logs = append(l.logs, path)
	return nil
}

// addExport adds a file if it is an export of tasks. Larger files are logs of events.
func (l *taskLister) addExport(path, name string) (bool, error) {
	info, err := os.Stat(path)
	if err != nil || info.Size() > inventory.MostFile {
		return false, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return false, err
	}
	isExport := l.inventory.AddFile(strings.ReplaceAll(name, "/", `\`), text)
	if isExport {
		l.exports++
	}
	return isExport, nil
}

// rows hunts in the logs, if there are any, and returns the tasks of all files.
func (l *taskLister) rows() (rows []row.Row, err error) {
	if len(l.logs) == 0 {
		return l.inventory.Rows(), nil
	}
	options, _, err := command.ParseFlags([]string{"--output", "tasks", "--recent", "all", "--lookback", "all"})
	if err != nil {
		return nil, err
	}
	f := &fileHunt{
		options: options, rest: command.Rest{Files: l.logs}, out: &output{streams: l.streams, quiet: true},
		read: &inputs{bar: newProgress(l.logs, false, l.streams)},
	}
	err = untilInterrupted(func(ctx context.Context) error {
		rows, err = l.hunt(ctx, f)
		return err
	})
	return rows, err
}

func (l *taskLister) hunt(ctx context.Context, f *fileHunt) ([]row.Row, error) {
	again := &source.Files{}
	h, err := engine.Start(engine.Config{
		Options: f.options, Again: func() engine.RowsAgain { return again.Again() }, Door: account.Files, Inventory: l.inventory,
	})
	if err != nil {
		return nil, err
	}
	defer h.Close()
	read, err := f.readInto(ctx, h, again)
	if err != nil {
		return nil, err
	}
	result, err := h.Finish()
	if err == nil {
		err = ctx.Err()
	}
	l.skipped, l.events = append(l.skipped, read.skipped...), result.Ledger.Events
	f.out.tell(result.Messages)
	return result.Rows, err
}

// tell says what was read, and what of it was left out.
func (l *taskLister) tell(w io.Writer, tasks int) {
	for _, text := range leftOut(l.skipped, false) {
		tell(w, "WARN", text)
	}
	if v := l.inventory; v.Unread+v.Cut > 0 {
		tell(w, "WARN", fmt.Sprintf("%d definitions of tasks could not be read, and of %d only the beginning", v.Unread, v.Cut))
	}
	fmt.Fprintf(w, "schtaskhunt tasks: events=%d exports=%d tasks=%d\n", l.events, l.exports, tasks)
}
