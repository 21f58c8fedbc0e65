package inventory

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/task/definition"
)

// collected is a row of Velociraptor's artefact Windows.System.TaskScheduler, as its results
// are exported: the file of a task and what it runs.
type collected struct {
	OSPath, FullPath   string // the latter until 2022
	Command, Arguments any    // a list where a task has several actions
	ComHandler         any
}

// Columns of that artefact, in CSV.
const (
	collectedPath, collectedPathOld = "OSPath", "FullPath"
	collectedHandler                = "ComHandler"
)

func beginsVelociraptor(text []byte) bool {
	head := text[:min(len(text), 1<<16)]
	return bytes.Contains(head, []byte(collectedHandler)) && (bytes.Contains(head, []byte(collectedPath)) || bytes.Contains(head, []byte(collectedPathOld)))
}

// velociraptor returns the rows of an export of that artefact, as JSON lines, as a list or as
// CSV; nil when the text is none. What follows a broken row is left out.
func velociraptor(text []byte) (rows []collected) {
	if !beginsVelociraptor(text) {
		return nil
	}
	head := bytes.TrimLeft(text, "\ufeff \t\r\n")
	switch {
	case bytes.HasPrefix(head, []byte("{")), bytes.HasPrefix(head, []byte("[")):
		rows = collectedJSON(head)
	default:
		rows = collectedCSV(text)
	}
	return slices.DeleteFunc(rows, func(c collected) bool { return c.path() == "" })
}

func collectedJSON(text []byte) (rows []collected) {
	d := json.NewDecoder(bytes.NewReader(text))
	if text[0] == '[' {
		_, _ = d.Token() // the bracket
	}
	for d.More() {
		var c collected
		var wrong *json.UnmarshalTypeError
		if err := d.Decode(&c); err != nil && !errors.As(err, &wrong) {
			break
		}
		rows = append(rows, c)
	}
	return rows
}

func collectedCSV(text []byte) (rows []collected) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	header, err := r.Read()
	if err != nil {
		return nil
	}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) || row == nil {
			return rows
		}
		of := func(column string) string {
			if at := slices.Index(header, column); at >= 0 && at < len(row) {
				return row[at]
			}
			return ""
		}
		rows = append(rows, collected{of(collectedPath), of(collectedPathOld), of("Command"), of("Arguments"), of(collectedHandler)})
	}
}

// path returns the task's name out of the path of its file, "" where it is no task's.
func (c *collected) path() string { return definition.InTasks(cmp.Or(c.OSPath, c.FullPath)) }

// action is what the task runs, several actions one after the other.
func (c *collected) action() string {
	commands, arguments := texts(c.Command), texts(c.Arguments)
	for i := range commands {
		if i < len(arguments) {
			commands[i] = strings.TrimSpace(commands[i] + " " + arguments[i])
		}
	}
	return strings.Join(append(commands, texts(c.ComHandler)...), "; ")
}

// texts returns the texts of a value that is one or a list of some.
func texts(v any) (all []string) {
	switch v := v.(type) {
	case string:
		if v != "" && v != "<nil>" {
			all = append(all, v)
		}
	case []any:
		for _, one := range v {
			all = append(all, texts(one)...)
		}
	}
	return all
}
