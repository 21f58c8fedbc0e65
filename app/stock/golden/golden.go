// Package golden reads what a clean machine schedules, to extend the table of what is known
// for a run: exported definitions of tasks (a folder of them, as Windows keeps them in
// System32\Tasks, or single files), the answer of `schtasks /query /xml`, and Autoruns' CSV.
package golden

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/stock"
	"github.com/schtaskhunt/schtaskhunt/app/task/definition"
)

// The most that is read. A Windows machine has some 200 tasks of 4 kB.
const (
	mostBytes = 64 << 20
	mostFiles = 20_000
)

// Read reads a file or a folder. Rows go to stock.Table.Extend, which decides what may be
// known. Whatever cannot be read is one error each, and costs itself alone.
func Read(name string) (rows []stock.Row, wrong []error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, []error{fmt.Errorf("reading the tasks of a clean machine: %w", err)}
	case !info.IsDir():
		return readFile(name, "")
	}
	files := 0
	err = filepath.WalkDir(name, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			wrong = append(wrong, err)
			return nil
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		if files++; files > mostFiles {
			return fmt.Errorf("reading %s: it has more than %d files, the rest was not read", name, mostFiles)
		}
		relative, _ := filepath.Rel(name, file)
		more, bad := readFile(file, definition.FileName(filepath.ToSlash(relative)))
		rows, wrong = append(rows, more...), append(wrong, bad...)
		return nil
	})
	if err != nil {
		wrong = append(wrong, err)
	}
	return rows, wrong
}

func readFile(name, task string) ([]stock.Row, []error) {
	text, err := read(name)
	if err != nil {
		return nil, []error{err}
	}
	rows, wrong := parse(text, task)
	for i := range wrong {
		wrong[i] = fmt.Errorf("reading %s: %w", name, wrong[i])
	}
	for i := range rows {
		rows[i].Seen = filepath.Base(name)
	}
	return rows, wrong
}

func read(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("reading the tasks of a clean machine: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, mostBytes+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading %s: %w", name, err)
	case len(text) > mostBytes:
		return nil, fmt.Errorf("reading %s: it is larger than %d MB, which no list of tasks is", name, mostBytes>>20)
	}
	return text, nil
}

// Errors of a file as a whole.
var errNothing = errors.New("it has neither definitions of tasks (XML) nor Autoruns' columns (CSV with Entry, Category and Launch String)")

// parse reads a text of any of the kinds. task is the name that its file says, which holds
// where the text has none.
func parse(text []byte, task string) (rows []stock.Row, wrong []error) {
	text = plain(text)
	if all := definition.Split(text); len(all) > 0 {
		return definitions(all, task)
	}
	if i := bytes.IndexByte(text, '\n'); i > 0 && isAutoruns(text[:i]) {
		return autoruns(text)
	}
	return nil, []error{errNothing}
}

func definitions(all []definition.Named, file string) (rows []stock.Row, wrong []error) {
	for _, one := range all {
		t, err := definition.Parse(one.Text)
		name := one.Name
		if name == "" {
			name = t.URI
		}
		if name == "" && len(all) == 1 {
			name = file
		}
		switch {
		case err != nil:
			wrong = append(wrong, fmt.Errorf("task %q: %w", name, err))
		case t.Cut:
			wrong = append(wrong, fmt.Errorf("task %q: its definition is broken off, or longer than is read", name))
		default:
			rows = append(rows, rowsOf(name, &t)...)
		}
	}
	return rows, wrong
}

// rowsOf returns a row for each action of a definition.
func rowsOf(name string, t *definition.Task) (rows []stock.Row) {
	period := ""
	if p, _ := t.Period(); p > 0 {
		period = isoDuration(p)
	}
	for i := range t.Actions {
		r := stock.Row{Task: name, Account: t.User, Hidden: t.Hidden, Triggers: t.Trigger(), Period: period}
		switch a := &t.Actions[i]; {
		case a.Class != "":
			r.Class = a.Class
		default:
			r.Action = actionLine(a)
		}
		rows = append(rows, r)
	}
	return rows
}

// actionLine is an action as a command line: a program with blanks in its path is quoted.
func actionLine(a *definition.Action) string {
	program := a.Command
	if strings.ContainsAny(program, " \t") && !strings.HasPrefix(program, `"`) {
		program = `"` + program + `"`
	}
	return strings.TrimSpace(program + " " + a.Arguments)
}
