package inventory

import (
	"cmp"

	"github.com/schtaskhunt/schtaskhunt/app/principal"
	"github.com/schtaskhunt/schtaskhunt/app/task/definition"
)

// manner is how a task runs what it runs: by whose rights, and whether people see it. With one
// of these another, a task is another even where its action was kept.
type manner struct {
	hidden  bool
	highest bool   // a user's task asks for all the rights of its account; the system's have them
	account string // which of the system's own it is, or a user's: principal.Of
}

func mannerOf(d *definition.Task) manner {
	m := manner{hidden: d.Hidden, account: principal.Of(d.User, "")}
	m.highest = d.Highest && m.account == principal.User
	return m
}

func (m *manner) compare(o *manner) int {
	return cmp.Or(boolean(m.hidden)-boolean(o.hidden), boolean(m.highest)-boolean(o.highest), cmp.Compare(m.account, o.account))
}

// account is whom a definition has its task run as: one of the system's own by its name in
// English, which definitions write as a SID, another as it stands there.
func account(d *definition.Task) string {
	switch name := principal.Of(d.User, ""); name {
	case principal.User, principal.Machine, principal.Unknown:
		return d.User
	default:
		return name
	}
}
