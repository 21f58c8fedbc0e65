package stock

import (
	"fmt"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/principal"
)

// Extension says what became of rows that a table was to be extended by.
type Extension struct {
	Added   int
	There   int     // as the table has them already
	Refused []error // one for each row that cannot be known, or must not be
}

// Extend returns a table that knows more: what a clean machine schedules. The rows' task,
// action or class, account, triggers and origin are taken; they are ByGolden, may start
// nothing but what is known beneath anything, and speak to nobody outside. A row is refused
// where it would make known what Known is there to find: a stock task with another action,
// a program without its full path or with a short name, arguments that cannot be compared.
// t stays as it is.
func (t *Table) Extend(rows []Row) (*Table, Extension) {
	all := append([]*Row(nil), t.rows...)
	more := newTable(all)
	more.beneath, more.others = t.beneath, t.others
	var x Extension
	for i := range rows {
		r := Row{
			Task: rows[i].Task, Seen: rows[i].Seen, Account: accountClass(rows[i].Account), Hidden: rows[i].Hidden,
			Action: strings.TrimSpace(rows[i].Action), Class: rows[i].Class, Triggers: rows[i].Triggers, Period: rows[i].Period, By: ByGolden,
		}
		switch err := r.parseGolden(t); {
		case err != nil:
			x.Refused = append(x.Refused, err)
		case more.has(&r):
			x.There++
		default:
			more.add(&r)
			x.Added++
		}
	}
	return more, x
}

// parseGolden reads a row and says why it must not be known.
func (r *Row) parseGolden(t *Table) error {
	if r.Task == "" || r.Task == anything || strings.ContainsAny(r.Task, "<>*") {
		return fmt.Errorf("%q is no task's name", r.Task)
	}
	if err := r.parse(); err != nil {
		return err
	}
	if strings.ContainsAny(r.command.program, "<>") && !strings.HasPrefix(r.Action, "%") && !strings.HasPrefix(r.Action, `"%`) {
		return fmt.Errorf("task %q: %q is no path", r.Task, r.Action)
	}
	for _, stock := range t.named(r.Task) {
		if stock.By == ByWindows {
			if t.hasAction(r) {
				return nil
			}
			return fmt.Errorf("task %q is Windows' own and does something else there: %s", r.Task, r.Does())
		}
	}
	return nil
}

// hasAction reports whether a task of the table does what the row says.
func (t *Table) hasAction(r *Row) bool {
	for _, s := range t.named(r.Task) {
		if s.same(r) {
			return true
		}
	}
	return false
}

// has reports whether the table has a row, account and all.
func (t *Table) has(r *Row) bool {
	for _, s := range t.named(r.Task) {
		if s.same(r) && (s.By == ByWindows || s.Account == r.Account) {
			return true
		}
	}
	return false
}

// same reports whether two rows do the same.
func (r *Row) same(o *Row) bool {
	return strings.EqualFold(r.Class, o.Class) && (r.Class != "" ||
		r.command.program == o.command.program && strings.Join(r.command.words, "\x00") == strings.Join(o.command.words, "\x00"))
}

// groups are the well-known SIDs of those whom tasks of anybody run as. Source: MS-DTYP
// 2.4.2.4.
var groups = map[string]string{
	"s-1-1-0": "Everyone", "s-1-5-4": "INTERACTIVE", "s-1-5-11": "Authenticated Users",
	"s-1-5-32-544": "Administrators", "s-1-5-32-545": "Users",
	"everyone": "Everyone", "interactive": "INTERACTIVE", "authenticated users": "Authenticated Users",
	"administrators": "Administrators", "users": "Users", "<sid>": "<sid>",
}

// accountClass returns an account of a definition as the table writes it: a golden
// machine's users are not those of another.
func accountClass(name string) string {
	bare := lower(name[strings.LastIndexByte(name, '\\')+1:])
	if group := groups[bare]; group != "" {
		return group
	}
	switch account := principal.Of(name, ""); account {
	case principal.User:
		return "<sid>"
	default:
		return account
	}
}

// About returns what the table has of a task's name or of a command line: the rows of the
// name, else those whose action the line is, else those of the same program.
func (t *Table) About(text string) (rows []*Row, how string) {
	text = strings.TrimSpace(text)
	if rows = t.named(text); len(rows) > 0 {
		return rows, "the task"
	}
	if rows = t.byClass[lower(text)]; len(rows) > 0 {
		return rows, "the class"
	}
	program, _, _ := cut(text)
	all := t.byProgram[baseName(lower(program))]
	if len(all) == 0 {
		all = t.byProgram[baseName(lower(program))+".exe"]
	}
	for _, r := range all {
		if r.command.runs(text, "c:") {
			rows = append(rows, r)
		}
	}
	if len(rows) > 0 {
		return rows, "the action"
	}
	return all, "the program, with other arguments or in another folder"
}
