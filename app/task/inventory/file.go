package inventory

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/task/definition"
)

// MostFile is how much of a file of definitions is read, in bytes: a machine has some
// hundred tasks of a few kB.
const MostFile = 64 << 20

// AddFile adds the tasks of a file's text, if it is an export of tasks: task files, one or
// many, as the folder Tasks has them and `schtasks /query /xml` writes them, the CSV of
// Autoruns, or the results of Velociraptor's artefact Windows.System.TaskScheduler. It reports false for any other text, of which nothing is added. name stands for
// a task that has no name within.
func (v *Inventory) AddFile(name string, text []byte) bool {
	v.exports++
	text = definition.UTF8(text)
	if rows := autoruns(text); rows != nil {
		v.addAutoruns(rows)
		return true
	}
	if rows := velociraptor(text); len(rows) > 0 {
		for i := range rows {
			v.AddCommand(rows[i].path(), rows[i].action(), "velociraptor")
		}
		return true
	}
	if !beginsDefinitions(text) {
		return false
	}
	all := definition.Split(text)
	for _, one := range all {
		if one.Name == "" {
			one.Name = definition.FileName(name)
		}
		v.AddDefinition(one.Name, one.Text, "file")
	}
	return len(all) > 0
}

// FileTask returns what a task that has no name within is called after its file: the path where
// that leads into Windows' folder of tasks, which may stand above what was given to be read,
// and else the file's name within what was given.
func FileTask(path, within string) string {
	if name := definition.InTasks(path); name != "" {
		return name
	}
	return within
}

// MayBeExport reports whether a text that begins so may be an export of tasks: AddFile tells by
// the whole of it.
func MayBeExport(head []byte) bool {
	head = definition.UTF8(head)
	return beginsAutoruns(head) || beginsVelociraptor(head) || beginsDefinitions(head)
}

// beginsDefinitions reports whether a text begins as task files do. An event may hold a task,
// so a log is told by the event that comes first.
func beginsDefinitions(text []byte) bool {
	head := bytes.TrimLeft(text, "\ufeff \t\r\n")
	if !beginsXML(head) {
		return false
	}
	head = head[:min(len(head), 4096)]
	log := min(indexElement(head, "Event"), indexElement(head, "Events"))
	return log == len(head) || log > min(indexElement(head, "Task"), indexElement(head, "Tasks"))
}

// indexElement returns where the first element of a name begins, the text's length without
// one: <EventTrigger> is no <Event>.
func indexElement(text []byte, name string) int {
	mark := []byte("<" + name)
	for from := 0; ; {
		i := bytes.Index(text[from:], mark)
		if i < 0 {
			return len(text)
		}
		from += i + len(mark)
		if from == len(text) || bytes.IndexByte([]byte(" \t\r\n>/"), text[from]) >= 0 {
			return from - len(mark)
		}
	}
}

// beginsXML reports whether a text begins with a tag: a system log's line begins with its
// priority, <13>.
func beginsXML(text []byte) bool {
	if len(text) < 2 || text[0] != '<' {
		return false
	}
	c := text[1]
	return c == '?' || c == '!' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// Columns of Autoruns' CSV (autorunsc -c), as Sysinternals writes them.
const (
	autorunsPlace, autorunsEntry, autorunsLaunch = "Entry Location", "Entry", "Launch String"
	autorunsTasks                                = "Task Scheduler"
)

func beginsAutoruns(text []byte) bool {
	header, _, _ := bytes.Cut(text, []byte("\n"))
	return bytes.Contains(header, []byte(autorunsPlace)) && bytes.Contains(header, []byte(autorunsLaunch))
}

// autoruns returns the rows of an Autoruns CSV with its header, nil when it is none.
func autoruns(text []byte) [][]string {
	if !beginsAutoruns(text) {
		return nil
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	rows, err := r.ReadAll()
	if err != nil {
		return nil
	}
	return rows
}

func (v *Inventory) addAutoruns(rows [][]string) {
	place, entry, launch := slices.Index(rows[0], autorunsPlace), slices.Index(rows[0], autorunsEntry), slices.Index(rows[0], autorunsLaunch)
	for _, r := range rows[1:] {
		if len(r) > max(place, entry, launch) && strings.EqualFold(r[place], autorunsTasks) && entry >= 0 {
			v.AddCommand(r[entry], r[launch], "autoruns")
		}
	}
}
