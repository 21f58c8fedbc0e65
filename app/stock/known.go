package stock

import (
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/principal"
)

// judge is one run that is compared with one table.
type judge struct {
	*Table
	*Run
	system  volume
	parent  bool // what is told of the parent fits
	account string
	names   map[string][]string // by address
	named   []*Row              // rows of the task's name
}

// Known says whether a run is as it is known. It is where
//
//   - its file is the genuine one, by its full path, and the command line names the same:
//     case, quotes and the variables of the system's folders do not matter, anything else does;
//   - its arguments are those of the table, where $(Arg0) stands for one plain word or none;
//   - the scheduler is proven to have started it, from the volume that Windows is on;
//   - its account is the task's;
//   - all beneath it is known to be started by that task, or beneath anything;
//   - it speaks to nobody outside whom that task is not known to speak to, by name;
//   - its task's name and actions, where a log tells them, are the table's.
//
// taskhostw.exe says nothing of the handler that it is the host of. It is known where the
// task's name or class is told, whatever its arguments, which are the handler's; else it is a
// Handler.
func (t *Table) Known(r Run) Verdict {
	j := judge{Table: t, Run: &r, account: principal.Of(r.Account, r.Device), names: r.names(make(map[string][]string)), named: t.named(r.Task)}
	j.system, j.parent = r.system()
	path := lower(r.Image)
	if isHost(baseName(path)) {
		return j.handler(path)
	}
	return j.program(path)
}

// isHost reports whether a file is the host of COM handlers: its name on Windows 8.1 and
// later, on 8, and on 7.
func isHost(name string) bool {
	return name == "taskhostw.exe" || name == "taskhostex.exe" || name == "taskhost.exe"
}

// handler judges the host of COM handlers.
func (j *judge) handler(path string) Verdict {
	program, _, ok := cut(j.Command)
	genuine := j.system.place(path)
	folded := j.system.fold(program)
	switch {
	case genuine != system32+baseName(path):
		return j.elsewhere(path)
	case !ok || folded != genuine && folded != baseName(path):
		v := Verdict{}
		v.depart(OddSpelling, j.Command)
		return v
	case j.Task == "" && len(j.Actions) == 0:
		return j.compare(Handler, nil)
	}
	return j.choose(j.told(), (*Row).isHandler)
}

func (r *Row) isHandler() bool { return r.Class != "" }
func (r *Row) isProgram() bool { return r.Class == "" }
func (r *Row) isWindows() bool { return r.By == ByWindows }

// told returns the rows that the log's name of the task or its actions point to.
func (j *judge) told() (rows []*Row) {
	if len(j.named) > 0 {
		return j.named
	}
	for _, action := range j.Actions {
		class, _, _ := strings.Cut(lower(action), " ")
		rows = append(rows, j.byClass[class]...)
	}
	return rows
}

// program judges any other program.
func (j *judge) program(path string) Verdict {
	folded := j.system.place(path)
	var rows []*Row
	there := false
	for _, r := range j.byProgram[baseName(path)] {
		if matchPath(r.command.program, folded) {
			there = true
			if r.command.started(j.Command, j.system) {
				rows = append(rows, r)
			}
		}
	}
	switch {
	case len(rows) > 0:
		return j.choose(rows, (*Row).isProgram)
	case len(j.named) > 0:
		return j.hijacked()
	case !there:
		return j.elsewhere(path)
	}
	return j.otherArguments(baseName(path))
}

// hijacked is the verdict on a stock name that does something else.
func (j *judge) hijacked() Verdict {
	v := Verdict{Row: j.named[0]}
	v.depart(OtherAction, j.Command)
	return v
}

// elsewhere judges a program whose folder is none that the table has it in.
func (j *judge) elsewhere(path string) Verdict {
	if len(j.named) > 0 {
		return j.hijacked()
	}
	v := Verdict{}
	base := baseName(path)
	if isHost(base) || slices.ContainsFunc(j.byProgram[base], (*Row).isWindows) {
		if said := odd(path); said != "" {
			v.depart(OddSpelling, said)
		} else if bits32 := drive + `\windows\syswow64\`; j.system.place(path) == bits32+base {
			v.depart(OtherArguments, "its 32-bit copy")
		} else {
			v.depart(OtherFolder, j.Image)
		}
	}
	j.stranger(&v)
	return v
}

// deciders are programs that run what their arguments say: with others they are something
// else altogether.
var deciders = []string{"rundll32.exe", "sc.exe", "cmd.exe", "cscript.exe", "wscript.exe", "schtasks.exe"}

func (j *judge) otherArguments(base string) Verdict {
	v := Verdict{}
	if !slices.Contains(deciders, base) {
		v.Kind, v.Row = Program, j.byProgram[base][0]
		v.depart(OtherArguments, j.Command)
	}
	j.stranger(&v)
	return v
}

// stranger notes a name that pretends to be one of Windows'.
func (j *judge) stranger(v *Verdict) {
	name := lower(j.Task)
	if len(j.named) == 0 && strings.HasPrefix(name, `\microsoft\windows\`) && !slices.ContainsFunc(j.others, func(folder string) bool { return strings.HasPrefix(name, folder) }) {
		v.depart(Stranger, j.Task)
	}
}

// choose compares a run with the rows that may be its own, and takes the nearest.
func (j *judge) choose(rows []*Row, kind func(*Row) bool) Verdict {
	fit := j.byName(rows, kind)
	if len(fit) == 0 {
		return j.noRow(rows)
	}
	best := j.compare(Known, fit[0])
	for _, r := range fit[1:] {
		if v := j.compare(Known, r); len(v.Departs) < len(best.Departs) {
			best = v
		}
	}
	return best
}

// byName returns the rows that are of a kind and, where the log has the task's name, of
// that name. Rows without a name fit any that Windows does not use otherwise.
func (j *judge) byName(rows []*Row, kind func(*Row) bool) (fit []*Row) {
	for _, r := range rows {
		if kind(r) && (j.Task == "" || slices.Contains(j.named, r) || r.Task == "" && len(j.named) == 0) {
			fit = append(fit, r)
		}
	}
	return fit
}

// noRow is the verdict where the log's name of the task, or its class, is not that of what
// runs.
func (j *judge) noRow(rows []*Row) Verdict {
	if len(j.named) > 0 {
		return j.hijacked()
	}
	v := Verdict{}
	if len(rows) > 0 {
		v.Row = rows[0]
		v.depart(OtherName, j.Task)
	} else if len(j.Actions) > 0 && j.Task == "" {
		v.depart(OtherArguments, strings.Join(j.Actions, "; "))
	}
	j.stranger(&v)
	return v
}
