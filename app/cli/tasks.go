package cli

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
	"github.com/schtaskhunt/schtaskhunt/app/sink"
	"github.com/schtaskhunt/schtaskhunt/app/source"
	"github.com/schtaskhunt/schtaskhunt/app/task/inventory"
)

var taskFlags = []command.Flag{
	{Name: "format", Value: "csv|json", Default: "csv", Check: command.OneOf("csv", "json"), Help: "how to print rows"},
}

var tasksPage = command.Page{
	Name: "tasks", Line: "lists the tasks that events, task files as XML and Autoruns' CSV tell of",
	Usage: []string{"tasks [--format csv|json] FILE..."},
	About: `One row a task: its name, action, author, trigger, since when it is there, and where it ran.
FILE is an event log, a task as Windows keeps it in C:\Windows\System32\Tasks, what
schtasks /query /xml prints, a CSV of Autoruns, or a folder of these.
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
		fmt.Fprint(s.Out, tasksPage.Help())
		return nil
	}
	if len(rest.Files) == 0 {
		return command.Usage("tasks needs event logs, task files as XML, or an Autoruns CSV: schtaskhunt tasks events.jsonl Tasks/")
	}
	l := taskLister{inventory: inventory.New(), rec: record.New(schema.Names())}
	if l.reader, err = schema.NewReader(l.inventory.Sink()); err != nil {
		return err
	}
	for _, file := range rest.Files {
		if err := l.add(file, s.In); err != nil {
			return err
		}
	}
	rows := l.inventory.Rows()
	l.tell(s.Err, len(rows))
	return sink.Write(s.Out, sink.Options{Format: rest.Value("format")}, inventory.Header.Names, rows, sink.About{})
}

// taskLister reads files into an inventory.
type taskLister struct {
	inventory *inventory.Inventory
	reader    *schema.Reader
	rec       *record.Record
	events    int
	exports   int // files of tasks
	skipped   []source.Skipped
}

// add reads a file, or all files below a folder.
func (l *taskLister) add(path string, in io.Reader) error {
	if info, err := os.Stat(path); path == "-" || err != nil || !info.IsDir() {
		return l.addFile(path, filepath.Base(path), in)
	}
	return filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		name, relErr := filepath.Rel(path, file)
		if relErr == nil {
			relErr = l.addFile(file, filepath.ToSlash(name), in)
		}
		if relErr != nil { // within a folder, what cannot be read is left out and said
			l.skipped = append(l.skipped, source.Skipped{File: file, Reason: relErr})
		}
		return nil
	})
}

// addFile reads one file: an export of tasks, or a log of events.
func (l *taskLister) addFile(path, name string, in io.Reader) error {
	if path != "-" {
		isExport, err := l.addExport(path, name)
		if isExport || err != nil {
			return err
		}
	}
	see := func(e source.Event) error {
		l.events++
		_ = e.Fill(l.rec) // what is broken tells of no task
		l.reader.Read(l.rec)
		return nil
	}
	var stats source.Stats
	var err error
	if path == "-" {
		stats, err = source.EachIn("standard input", in, see)
	} else {
		stats, err = source.Each(path, see)
	}
	l.skipped = append(l.skipped, stats.Skipped...)
	l.reader.Flush()
	return err
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
