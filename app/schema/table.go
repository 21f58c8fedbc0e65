// Package schema reads facts out of named fields. A schema is data: which events it
// recognises, and for every canonical field the source fields that may hold it,
// best first, with a named transform. A new vendor is a new table.
//
// Recognition is per event and from content, so streams may mix sensors and shapes.
package schema

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// Schema describes the events of one sensor in one shape.
type Schema struct {
	Name string
	// Unknown is what these events write for "no value" besides the notations that
	// hold everywhere; empty when there is no such word.
	Unknown string
	// Doubled says that these events write every backslash twice, as Wazuh's do.
	Doubled bool
	// Asked, if set, is the one kind of events that these are, which only readers see that ask
	// for it: to all others the schema is not there.
	Asked event.Kind
	// Gate recognises the shape: it opens when every condition of any one of its
	// lists holds.
	Gate [][]Condition
	// Tables are the kinds of events, of which the first that matches is taken. An
	// event that passes the gate and matches no table is left to later schemas.
	Tables []Table
}

// Table describes one kind of event.
type Table struct {
	Kind event.Kind
	// Strict says that the fields are Sysmon's, whose values can be checked against their
	// labels.
	Strict bool
	When   []Condition // all of which must hold
	Rules  []Rule
	// By has a mapper plugin read the events, because rules cannot express it. Rules then
	// only name, by From and Else, the fields that it needs.
	By RowsReader
}

// Condition looks at the first of Fields that the event has.
type Condition struct {
	Fields []string
	// Test is one of: present, absent, is (its value is one of Values), has (its value
	// contains one of Values). Values are in lower case and compared case-blind.
	Test   string
	Values []string
}

// Rule says where a canonical field comes from: the first of From, and then of Else,
// whose value passes the transform. Via names a transform; empty means the one that
// belongs to the canonical field.
type Rule struct {
	To   string
	From []string
	// Else are stand-ins, such as Splunk's host for the computer's own name. An event
	// that has one of them only is not yet told whole: its own text may know better.
	Else []string
	Via  string
	// Optional says that many events of this kind do not have the field, so that the
	// lack of it is no reason to read the event's own text.
	Optional bool
	// Unless names what makes the field needless, by the rules before this one: it is
	// not read then, and not asked for. Empty means that it always counts.
	Unless string
}

// compiled forms, with slots for names and functions for transforms

type program struct {
	unknown string
	mapper  string // name of the mapper whose schema it is, "" for the program's own
	number  uint8  // of the mapper, see Set.Mappers; 0 for the program's own
	doubled bool
	gate    [][]test
	tables  []compiledTable
}

type compiledTable struct {
	kind    event.Kind
	when    []test
	rules   []compiledRule
	aside   *batch        // of the events that a mapper plugin reads, nil where the rules do
	partial bool          // a field that every whole event has is in no record of the layout
	utc     []record.Slot // what holds Sysmon's UtcTime
	plan    *Plan         // of the first look at its events, nil when there is none
}

type compiledRule struct {
	from     []record.Slot // the stand-ins last
	own      int           // how many of from are no stand-ins
	optional bool
	unless   string            // see Rule.Unless
	needless func(*draft) bool // nil for a field that always counts
	to, via  string            // canonical field and transform
	set      setter
	isTime   bool
	list     bool  // it takes lists
	check    check // of whether the value is what its label says
}

type test struct {
	slots  []record.Slot
	absent bool // it holds where the field is not there
	holds  func(value []byte, values []string) bool
	values []string
}

// eachField calls visit with every field that a schema may look at, in the order of the tables;
// with most of them many times.
func (s *Schema) eachField(visit func(string)) {
	each := func(fields []string) {
		for _, field := range fields {
			visit(field)
		}
	}
	for _, conditions := range s.Gate {
		for i := range conditions {
			each(conditions[i].Fields)
		}
	}
	for i := range s.Tables {
		for j := range s.Tables[i].When {
			each(s.Tables[i].When[j].Fields)
		}
		for j := range s.Tables[i].Rules {
			each(s.Tables[i].Rules[j].From)
			each(s.Tables[i].Rules[j].Else)
		}
	}
}

// compile resolves names and transforms. It fails on a canonical field, transform
// or test that does not exist.
func (s *Schema) compile(names *record.Names) (program, error) {
	p := program{unknown: s.Unknown, doubled: s.Doubled}
	for _, conditions := range s.Gate {
		tests, err := compileTests(conditions, names)
		if err != nil {
			return program{}, fmt.Errorf("schema %s: %w", s.Name, err)
		}
		p.gate = append(p.gate, tests)
	}
	for _, t := range s.Tables {
		c, err := t.compile(names)
		if err != nil {
			return program{}, fmt.Errorf("schema %s: %w", s.Name, err)
		}
		p.tables = append(p.tables, c)
	}
	return p, nil
}

func (t *Table) compile(names *record.Names) (c compiledTable, err error) {
	c.kind = t.Kind
	if t.By != nil {
		c.aside = &batch{kind: t.Kind, by: t.By}
	}
	if c.when, err = compileTests(t.When, names); err != nil {
		return c, err
	}
	for i := range t.Rules {
		rule, err := t.Rules[i].compile(names, t.By == nil)
		if err != nil {
			return c, err
		}
		if t.Strict {
			rule.check = checks[rule.to]
		}
		c.rules = append(c.rules, rule)
		for _, field := range slices.Concat(t.Rules[i].From, t.Rules[i].Else) {
			if s := names.Slot(field); strings.HasSuffix(field, "UtcTime") && !slices.Contains(c.utc, s) {
				c.utc = append(c.utc, s)
			}
		}
	}
	return c, nil
}

// compile resolves a rule; one that is not applied only names fields.
func (r *Rule) compile(names *record.Names, applied bool) (compiledRule, error) {
	from := slots(slices.Concat(r.From, r.Else), names)
	c := compiledRule{from: from, own: len(r.From), optional: r.Optional, unless: r.Unless}
	if !applied {
		return c, nil
	}
	transforms, known := setters[r.To]
	if !known {
		return compiledRule{}, fmt.Errorf("there is no canonical field %q, want one of %s", r.To, strings.Join(sortedKeys(setters), ", "))
	}
	c.to, c.via = r.To, cmp.Or(r.Via, r.To)
	c.isTime, c.list = isTimeField[r.To], takesLists[c.via]
	if c.set, known = transforms[c.via]; !known {
		return compiledRule{}, fmt.Errorf("field %q has no transform %q, want one of %s", r.To, c.via, strings.Join(sortedKeys(transforms), ", "))
	}
	if c.needless, known = needlessWhen[r.Unless]; !known {
		return compiledRule{}, fmt.Errorf("field %q has no case %q in which it is needless, want one of %s", r.To, r.Unless, strings.Join(sortedKeys(needlessWhen), ", "))
	}
	return c, nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func compileTests(conditions []Condition, names *record.Names) ([]test, error) {
	var tests []test
	for _, c := range conditions {
		holds, known := predicates[c.Test]
		if !known {
			return nil, fmt.Errorf("condition on %q has no test %q, want one of %s", c.Fields, c.Test, strings.Join(sortedKeys(predicates), ", "))
		}
		tests = append(tests, test{slots(c.Fields, names), c.Test == "absent", holds, c.Values})
	}
	return tests, nil
}

func slots(fields []string, names *record.Names) []record.Slot {
	out := make([]record.Slot, len(fields))
	for i, f := range fields {
		out[i] = names.Slot(f)
	}
	return out
}
