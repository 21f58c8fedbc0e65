package stock

import (
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/principal"
)

// compare judges a run by one row, or by none where it is only known to be the host of
// COM handlers.
func (j *judge) compare(kind Kind, row *Row) Verdict {
	v := Verdict{Kind: kind, Row: row}
	if !j.Scheduled || !j.parent {
		v.depart(OtherParent, j.parentText())
	}
	if row != nil {
		v.By = row.By
		j.compareRow(&v, row)
	}
	if j.Cut > 0 {
		v.depart(Untold, "processes or connections that were left out")
	}
	j.beneathOf(&v, &j.Process, row)
	if kind == Known && len(v.Departs) > 0 {
		v.Kind, v.By = Left, ""
	}
	return v
}

func (j *judge) parentText() string {
	if j.ParentCommand != "" {
		return j.ParentCommand
	}
	return j.ParentImage
}

// compareRow compares the account and, where the log tells them, all of the task's actions.
func (j *judge) compareRow(v *Verdict, row *Row) {
	switch {
	case j.account == "" && strings.Trim(j.Account, "- ") == "":
		v.depart(Untold, "account")
	case !row.fits(j.account):
		v.depart(OtherAccount, j.Account)
	}
	for _, action := range j.Actions {
		if !j.isStock(action, row) {
			v.depart(OtherAction, action)
		}
	}
}

// isStock reports whether an action of a definition is one of the row's task, or of the row
// itself where it has no name.
func (j *judge) isStock(action string, row *Row) bool {
	rows := j.Table.named(row.Task)
	if len(rows) == 0 {
		rows = []*Row{row}
	}
	for _, r := range rows {
		class, _, _ := strings.Cut(action, " ")
		if r.Class != "" && strings.EqualFold(r.Class, class) || r.Class == "" && r.command.runs(action, j.system) {
			return true
		}
	}
	return false
}

// beneathOf judges what a process speaks to and starts.
func (j *judge) beneathOf(v *Verdict, p *Process, row *Row) {
	for i := range p.Contacts {
		if c := &p.Contacts[i]; c.outside() && !j.allows(c, row) {
			v.depart(UnknownContact, c.text())
		}
	}
	for i := range p.Children {
		j.child(v, &p.Children[i], row)
	}
}

func (c *Contact) text() string {
	if c.Host == "" || c.Address == "" {
		return c.Host + c.Address
	}
	return c.Host + " (" + c.Address + ")"
}

// allows reports whether a task is known to speak to a host. An address without a name is
// taken by the names that the same run looked up for it; all of them have to be known.
func (j *judge) allows(c *Contact, row *Row) bool {
	if row == nil {
		return false
	}
	names := j.names[c.Address]
	if c.Host != "" {
		names = []string{c.Host}
	}
	for _, name := range names {
		if !allowed(row.Hosts, name) {
			return false
		}
	}
	return len(names) > 0
}

// child judges one child. What is known beneath anything may start and speak to nothing.
func (j *judge) child(v *Verdict, p *Process, row *Row) {
	if account := principal.Of(p.Account, j.Device); p.Account != "" && account != j.account && j.account != "" {
		v.depart(OtherAccount, p.Account+" of "+p.Command)
	}
	switch {
	case row != nil && j.starts(row.children, p):
		j.beneathOf(v, p, row)
		return
	case j.starts(j.beneath, p):
		if base := baseName(lower(p.Image)); strings.HasPrefix(base, "werfault") {
			v.Said = append(v.Said, "it crashed: "+p.Command)
		}
		before := len(v.Departs)
		j.beneathOf(v, p, nil)
		for i := range v.Departs[before:] {
			v.Departs[before+i].anybodys = true
		}
		return
	}
	v.depart(UnknownChild, p.Command)
	j.beneathOf(v, p, nil)
}

// starts reports whether a process is one of those that are known. The system itself
// writes \??\ before a console's path.
func (j *judge) starts(known []command, p *Process) bool {
	image, line := j.system.place(p.Image), strings.TrimPrefix(p.Command, `\??\`)
	for i := range known {
		if matchPath(known[i].program, image) && known[i].started(line, j.system) {
			return true
		}
	}
	return false
}
