package hunt

import (
	"cmp"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/allow"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/finding"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
	"github.com/schtaskhunt/schtaskhunt/app/rarity/template"
)

// Entries of allow= hide trees and nothing more: what is hidden is counted, judged and scored
// with all others, so that no other finding changes because of them.

// list finds out which trees the entries of allow= cover. It stands before anything is renamed
// or other shares' runs come in: what a tree is to an entry depends on its device alone.
func (h *Hunt) list(f *findings, s spans) {
	proposes := h.options.Output == command.OutputProposals
	if h.options.Allow.Len() == 0 && !proposes {
		return
	}
	for i := range f.runs {
		c := &f.runs[i]
		if c.allowed != nil || c.foreign != nil {
			continue
		}
		if proposes {
			c.facts = slices.Clone(c.run.Facts)
		}
		if entry, match := h.options.Allow.Match(f.subject(c), s.now); match {
			c.listed = &h.hits.allow[entry]
		}
	}
}

// subject is a tree as entries see it.
func (f *findings) subject(c *candidate) *allow.Subject {
	names := template.NewNames(c.tree.Device)
	s := &allow.Subject{Kind: c.tree.Root.Kind, Task: c.taskName()}
	for i := range c.tree.Nodes {
		n := &c.tree.Nodes[i]
		s.Chains, s.Users = append(s.Chains, n.Path), append(s.Users, listedUser(n.User, c.tree.Device))
		s.Programs = append(s.Programs, allow.Program{
			Name: n.Process.Name, Path: template.Of(n.Process.Path, names), Hash: n.Hash,
			Command: n.Process.Command, Template: template.Of(n.Process.Command, names),
		})
	}
	facts := c.run.Facts
	if c.facts != nil {
		facts = c.facts
	}
	for _, fact := range facts {
		text := f.survey.Text(fact.Text)
		s.Facts = append(s.Facts, factText(fact.Kind, text))
		if fact.Kind == rarity.Destination {
			s.Remotes = append(s.Remotes, text)
		}
	}
	return s
}

// listedUser is an account as entries have it: what it is called on all devices, the
// machine's as the system, which it is most often.
func listedUser(user, device string) string {
	if user == "" || strings.HasSuffix(user, `\`) {
		return allow.None
	}
	return cmp.Or(everywhere(user, device), "system")
}

// factText is a fact as entries have it.
func factText(kind rarity.Kind, text string) string { return finding.KindName(kind) + "|" + text }

// visible returns a finding with the runs of it that no entry hides, nil for one that is not
// to be shown at all: each of its trees is covered. Where only the trees beside it are not, all
// of it is shown, as they are nothing without it. hidden are the runs that are left out.
func (f *findings) visible(one *ranked, listed func(*candidate) bool) (seen *ranked, hidden []int) {
	var runs []finding.Run
	for _, run := range one.Runs {
		if listed(&f.runs[run.Index]) {
			hidden = append(hidden, run.Index)
		} else {
			runs = append(runs, run)
		}
	}
	switch {
	case len(hidden) == 0:
		return one, nil
	case len(runs) == 0 && slices.ContainsFunc(one.beside, func(i int) bool { return !listed(&f.runs[i]) }):
		return one, nil
	case len(runs) == 0:
		return nil, append(hidden, one.beside...)
	}
	copied := *one
	of := *one.Finding
	of.Runs, copied.Finding = runs, &of
	return &copied, hidden
}

// isListed reports whether an entry of allow= covers a tree, of this share or another.
func isListed(c *candidate) bool {
	return c.listed != nil || c.foreign != nil && c.foreign.Listed
}

// hide books trees that entries hide.
func (f *findings) hide(runs []int) {
	for _, i := range runs {
		c := &f.runs[i]
		if c.listed == nil {
			continue // another share's
		}
		*c.listed++
		if !c.beside {
			f.dropped.Allowed++
		}
	}
}

// sayExpired tells of the entries that have had their time.
func (h *Hunt) sayExpired(m *account.Messages, now event.Time) {
	expired := h.options.Allow.Expired(now)
	if len(expired) == 0 {
		return
	}
	var words []string
	for i := range expired {
		words = append(words, expired[i].Label()+" on "+expired[i].Expires.Std().Format("2006-01-02"))
	}
	m.Say(account.Warn, "%d of %d entries of allow= expired and hide nothing any more: %s; propose these findings again if they are still fine",
		len(expired), h.options.Allow.Len(), listed(words))
}
