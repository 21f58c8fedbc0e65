package view

import (
	"cmp"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// lookup is what a name lookup in one of a finding's trees said of an address.
type lookup struct {
	address, name string
	at            float64
}

// lookedUp keeps what the row of a lookup tells, for the connections that have no name of
// their own: Sysmon's event 3 often has none.
func (f *Finding) lookedUp(r row.Row) {
	if r.Get("action") != "dns" || r.Get("remote_host") == "" {
		return
	}
	at, _ := number(r.Get("first_seen"))
	for address := range strings.FieldsSeq(r.Get("dns_answers")) {
		f.lookups = append(f.lookups, lookup{address, r.Get("remote_host"), at})
	}
}

// nameRemotes calls destinations that are addresses by the name that was looked up for
// them: last before the first contact, else first after it. Their texts stay addresses.
func (f *Finding) nameRemotes() {
	slices.SortFunc(f.lookups, func(a, b lookup) int { return cmp.Or(cmp.Compare(a.at, b.at), strings.Compare(a.name, b.name)) })
	for i := range f.Remotes {
		to, named := &f.Remotes[i], false
		for _, l := range f.lookups {
			if to.address != l.address || named && l.at > to.First {
				continue
			}
			to.Name, named = l.name, true
		}
	}
	f.lookups = nil
}
