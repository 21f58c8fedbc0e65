package hunt

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/allow"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// proposalHeader is the columns of what propose= returns: an entry as allow= reads it, and what
// it is to be judged by: the root's command with slots, the trees and devices of the finding
// that it hides, what it hides of others, and why there is none.
var proposalHeader = row.NewHeader(slices.Concat([]string{"row"}, allow.Columns,
	[]string{"root_template", "trees", "devices", "other_trees", "other_devices", "other_findings", "refused"}))

// proposal is an entry for a finding, or why there is none.
type proposal struct {
	finding, template string
	entry             allow.Entry
	refused           string
	own, other        extent
	others            []string // findings beside the own one, in words
}

// extent is how much is hidden.
type extent struct {
	trees   int
	devices map[string]bool
}

func (e *extent) add(device string) {
	if e.devices == nil {
		e.devices = make(map[string]bool)
	}
	e.trees++
	e.devices[strings.ToLower(device)] = true
}

// propose makes entries for the findings that propose= names. all are those that are found and
// kept.
func (h *Hunt) propose(f *findings, all []*ranked, r *ranker, now event.Time) {
	expires := (now + event.Time(h.options.Expires)) / event.Day * event.Day
	var answers []*answer
	for _, id := range h.options.Propose {
		at := slices.IndexFunc(all, func(one *ranked) bool { return one.ID == id })
		if at < 0 {
			f.unfound = append(f.unfound, id)
			continue
		}
		some := f.entriesFor(all[at], r.renamed, expires)
		answers = append(answers, newAnswer(id, some))
		f.proposals = append(f.proposals, some...)
	}
	f.match(answers)
	for _, a := range answers {
		f.apply(a, all, r)
	}
}

// answer is the entries for one finding, and which of them cover which trees.
type answer struct {
	id      string
	list    allow.List
	of      []*proposal // by the place in list
	matched map[*candidate]*proposal
}

func newAnswer(id string, some []*proposal) *answer {
	a := &answer{id: id, matched: make(map[*candidate]*proposal)}
	var entries []allow.Entry
	for _, p := range some {
		if p.refused == "" {
			entries, a.of = append(entries, p.entry), append(a.of, p)
		}
	}
	a.list = allow.NewList(entries)
	return a
}

// entriesFor proposes an entry for each kind of root that a finding's trees have.
func (f *findings) entriesFor(one *ranked, renamed *rarity.Renamed, expires event.Time) (some []*proposal) {
	type group struct {
		trees   []*allow.Subject
		departs []string
		whole   bool // some tree departs in nothing
	}
	groups := make(map[string]*group)
	var order []string
	add := func(index int) {
		c := &f.runs[index]
		if c.foreign != nil || len(c.tree.Nodes) == 0 {
			return
		}
		s := f.subject(c)
		key := s.Kind + "|" + s.Programs[0].Template
		g := groups[key]
		if g == nil {
			g = &group{}
			groups[key], order = g, append(order, key)
		}
		departs := f.departing(one, c, renamed)
		g.trees, g.departs, g.whole = append(g.trees, s), append(g.departs, departs...), g.whole || len(departs) == 0
	}
	for _, run := range one.Runs {
		add(run.Index)
	}
	for _, index := range one.beside {
		add(index)
	}
	slices.Sort(order)
	for _, key := range order {
		g := groups[key]
		if g.whole {
			g.departs = nil
		}
		p := &proposal{finding: one.ID, template: g.trees[0].Programs[0].Template}
		entry, err := allow.Propose(one.ID, g.trees, g.departs, expires)
		if p.entry = entry; err != nil {
			p.refused = err.Error()
		}
		some = append(some, p)
	}
	return some
}

// departing are the facts of a tree by which a finding departs from its task's other runs.
func (f *findings) departing(one *ranked, c *candidate, renamed *rarity.Renamed) (texts []string) {
	for _, fact := range c.facts {
		now := renamed.Of(one.Task.Template, fact)
		for i := range one.Departs {
			if d := &one.Departs[i]; d.Fact == now && d.Leads() {
				texts = append(texts, factText(fact.Kind, f.survey.Text(fact.Text)))
			}
		}
	}
	return texts
}

// match looks at each tree once, for all findings that are answered: what a tree is to entries
// takes templates of all its command lines.
func (f *findings) match(answers []*answer) {
	for i := range f.runs {
		c := &f.runs[i]
		if c.allowed != nil || c.foreign != nil || len(c.tree.Nodes) == 0 {
			continue
		}
		s := f.subject(c)
		for _, a := range answers {
			if entry, match := a.list.Match(s, event.NoTime); match {
				a.matched[c] = a.of[entry]
			}
		}
	}
}

// apply finds out what the entries for a finding hide, by hiding it.
func (f *findings) apply(a *answer, all []*ranked, r *ranker) {
	for _, one := range all {
		_, hidden := f.visible(one, func(c *candidate) bool { return a.matched[c] != nil })
		named := make(map[*proposal]bool)
		for _, index := range hidden {
			c := &f.runs[index]
			p := a.matched[c]
			if one.ID == a.id {
				p.own.add(c.tree.Device)
				continue
			}
			if p.other.add(c.tree.Device); !named[p] {
				named[p] = true
				p.others = append(p.others, fmt.Sprintf("%s %.1f bits %s", one.ID, one.score, r.template(one.Task)))
			}
		}
	}
}

// proposalRows are the rows of propose=.
func (f *findings) proposalRows(now event.Time) (rows []row.Row) {
	for _, p := range f.proposals {
		values := []string{"proposal"}
		if p.refused != "" {
			cells := make([]string, len(allow.Columns))
			cells[slices.Index(allow.Columns, "finding_id")] = p.finding
			values = append(values, cells...)
		} else {
			values = append(values, p.entry.Values(now)...)
		}
		rows = append(rows, proposalHeader.Row(append(values, p.template, strconv.Itoa(p.own.trees), strconv.Itoa(len(p.own.devices)),
			strconv.Itoa(p.other.trees), strconv.Itoa(len(p.other.devices)), strings.Join(p.others[:min(len(p.others), mostNamed)], "\n"), p.refused)))
	}
	return rows
}

// sayProposals tells what each entry would hide.
func (h *Hunt) sayProposals(m *account.Messages, f *findings) {
	for _, id := range f.unfound {
		m.Say(account.Warn, "no finding of these events has the id %s: give propose the same events, time range and options with which it was found", id)
	}
	for _, p := range f.proposals {
		if p.refused != "" {
			m.Say(account.Warn, "finding %s: no entry for %s: %s", p.finding, shortened(p.template), p.refused)
			continue
		}
		besides := "nothing else"
		if p.other.trees > 0 {
			besides = fmt.Sprintf("and besides %s of %s on %s", account.Plural(p.other.trees, "tree"), account.Plural(len(p.others), "other finding"),
				account.Plural(len(p.other.devices), "device"))
		}
		m.Say(account.Info, "finding %s: entry %s hides %s on %s, %s, until %s", p.finding, p.entry.ID, account.Plural(p.own.trees, "tree"),
			account.Plural(len(p.own.devices), "device"), besides, p.entry.Expires.Std().Format("2006-01-02"))
	}
}
